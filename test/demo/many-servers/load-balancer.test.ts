import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type BalancedServer, LoadBalancer } from '../../../demo/many-servers/load-balancer.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const openServers: Server[] = [];
const balancers: LoadBalancer[] = [];

afterEach(async () => {
  await Promise.all(balancers.splice(0).map((balancer) => balancer.close()));
  for (const server of openServers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(answer: Answer): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(answer);
  openServers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Says who it is, and what it was asked; ready unless told otherwise. */
async function echo(number: number, isReady = () => true): Promise<BalancedServer & { readonly server: Server }> {
  const opened = await serve(async (request, response) => {
    if (request.url === '/readyz') return void response.writeHead(isReady() ? 200 : 503).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify({ number, method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
  return { number, ...opened };
}

/** Takes the request and dies before it answers. */
async function dying(number: number): Promise<BalancedServer & { readonly asked: string[] }> {
  const asked: string[] = [];
  const { url } = await serve((request, response) => {
    if (request.url === '/readyz') return void response.end();
    asked.push(request.method ?? '');
    request.socket.destroy();
  });
  return { number, url, asked };
}

/** Nobody listens there any more. */
async function dead(number: number): Promise<BalancedServer> {
  const { url, server } = await serve(() => undefined);
  server.close();
  await once(server, 'close');
  return { number, url };
}

/** The address in front of the servers. */
async function balance(...servers: readonly BalancedServer[]): Promise<string> {
  const balancer = new LoadBalancer(() => servers);
  balancers.push(balancer);
  return (await serve((request, response) => void balancer.forward(request, response))).url;
}

async function askedBy(url: string, init: RequestInit = {}): Promise<string | null> {
  const response = await fetch(`${url}/v1/me`, init);
  await response.text();
  return response.headers.get('x-credit-phone-server');
}

describe('the load balancer of the demo', () => {
  test('asks one server after the other, and says which one answered', async () => {
    const url = await balance(await echo(1), await echo(2), await echo(3));
    const asked: (string | null)[] = [];
    for (let times = 0; times < 6; times += 1) asked.push(await askedBy(url));
    expect(asked).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  test('passes on method, address, headers and body as they came, and whose they are', async () => {
    const url = await balance(await echo(1));
    const response = await fetch(`${url}/v1/calls/x/authorize?b=%2F&a`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret', 'x-forwarded-for': '203.0.113.9' },
      body: '{"to":"600"}',
    });
    expect(await response.json()).toMatchObject({
      method: 'POST',
      url: '/v1/calls/x/authorize?b=%2F&a',
      body: '{"to":"600"}',
      headers: {
        authorization: 'Bearer secret',
        // The last one is what the servers believe (TRUSTED_PROXIES=1); whatever came before was said by somebody else.
        'x-forwarded-for': expect.stringMatching(/^203\.0\.113\.9, (::ffff:)?127\.0\.0\.1$/),
        host: new URL(url).host,
      },
    });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('server-timing')).toBe('credit-phone-server;desc="1"');
  });

  test('a dead server is passed over whatever is asked: nobody has read the request', async () => {
    for (const method of ['POST', 'GET']) {
      const url = await balance(await dead(1), await echo(2));
      expect([await askedBy(url, { method }), await askedBy(url, { method })]).toEqual(['2', '2']);
    }
  });

  test('one that dies before it answers: a GET or PUT is asked again elsewhere, a POST is not', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const one = await dying(1);
      expect(await askedBy(await balance(one, await echo(2)), { method })).toBe('2');
      expect(one.asked).toEqual([method]);
    }
    const one = await dying(1);
    const response = await fetch(`${await balance(one, await echo(2))}/v1/calls/x/hang-up`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
    expect(one.asked).toEqual(['POST']);
  });

  test('one that is not ready is left alone until it is', async () => {
    let isReady = false;
    const url = await balance(await echo(1, () => isReady), await echo(2));
    await expect.poll(async () => [await askedBy(url), await askedBy(url)], { timeout: 10_000 }).toEqual(['2', '2']);
    isReady = true;
    await expect
      .poll(async () => [await askedBy(url), await askedBy(url)].sort(), { timeout: 10_000 })
      .toEqual(['1', '2']);
  });

  test('with none ready one that lives is asked: it knows what it lacks', async () => {
    let looks = 0;
    const unready = await echo(2, () => {
      looks += 1;
      return false;
    });
    const url = await balance(await dead(1), unready);
    // Twice: what the first look said is known by then.
    await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    expect(await askedBy(url)).toBe('2');
  });

  test('with nobody alive it says so itself, as the servers would', async () => {
    for (const url of [await balance(), await balance(await dead(1), await dead(2))]) {
      const response = await fetch(`${url}/v1/me`);
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unavailable' });
    }
  });

  test('an event stream is passed on as it comes, and its end is the end for both sides', async () => {
    const streams: ServerResponse[] = [];
    const { url: own } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.push(response);
    });
    const url = await balance({ number: 1, url: own });
    const leaving = new AbortController();
    // Its headers are there before it has said anything.
    const response = await fetch(`${url}/v1/events`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    const [stream] = streams.splice(0);
    stream?.write('data: one\n\n');
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: one\n\n');
    const gone = once(stream ?? expect.fail('no stream'), 'close');
    leaving.abort();
    await gone;

    const second = await fetch(`${url}/v1/events`);
    streams[0]?.socket?.destroy();
    await expect(second.text()).rejects.toThrow();
  });

  test('a body without an end is refused, and a request line that is no address does no harm', async () => {
    const url = await balance(await echo(1));
    const tooLarge = await fetch(`${url}/v1/calls/x/authorize`, { method: 'POST', body: 'x'.repeat(1_000_001) });
    expect(tooLarge.status).toBe(413);
    const odd = await new Promise<IncomingMessage>((answered, failed) => {
      request(url, { path: '//[', method: 'GET' }, answered).once('error', failed).end();
    });
    expect(odd.statusCode).toBe(200);
    odd.resume();
  });

  test('whoever does not wait for the answer is not answered: the server is told', async () => {
    const asked: IncomingMessage[] = [];
    const { url: own } = await serve((asking, response) => {
      if (asking.url === '/readyz') response.end();
      else asked.push(asking);
    });
    const leaving = new AbortController();
    const answer = fetch(`${await balance({ number: 1, url: own })}/v1/me`, { signal: leaving.signal });
    await expect.poll(() => asked.length).toBe(1);
    const gone = once(asked[0]?.socket ?? expect.fail('nobody asked'), 'close');
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await gone;
    // Less than the patience that it has with a server: that must not be what ends it.
  }, 10_000);

  test('somebody who leaves in the middle of a request takes nobody along', async () => {
    const url = await balance(await echo(1));
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    socket.destroy();
    await once(socket, 'close');
    expect(await askedBy(url)).toBe('1');
  });
});
