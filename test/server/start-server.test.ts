import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { type Config, readConfig } from '../../server/config.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createOperatorProgram } from '../../server/operator/operator-program.ts';
import { StartError } from '../../server/start-error.ts';
import { type RunningServer, type StartOptions, startServer } from '../../server/start-server.ts';
import { serverEventSchema } from '../../src/protocol/events.ts';
import { homeToken, makeServerHome, type ServerHome } from '../support/server-home.ts';

const logger = createLogger('silent');
let home: ServerHome;
let running: RunningServer | null = null;

beforeEach(async () => {
  home = await makeServerHome({ offices: ['berlin', 'austin'], creditMicros: 10_000_000 });
});
afterEach(async () => {
  await running?.close();
  running = null;
  home.remove();
});

function config(more: Readonly<Record<string, string>> = {}): Config {
  return readConfig({ ...home.environment, ...more });
}

async function start(options: StartOptions = {}, more: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  running = await startServer(config(more), { logger, ...options });
  return running;
}

async function ask(server: RunningServer, path: string, init: RequestInit & { readonly role?: string } = {}) {
  const token = await homeToken({ personId: 'sam', officeId: 'berlin', role: init.role ?? 'agent' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${server.url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
}

const authorize = { method: 'POST', body: JSON.stringify({ to: '+4915123456789', callerNumber: null }) };

describe('a started server', () => {
  test('is ready, authorizes a call and holds its first block', async () => {
    const server = await start();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const response = await ask(server, '/v1/calls/call-0001/authorize', authorize);
    expect(response.status).toBe(200);
    const { quote, lease } = await response.json();
    expect(quote.number).toBe('+4915123456789');
    expect(await (await ask(server, '/v1/balance')).json()).toMatchObject({
      heldMicros: lease.heldMicros,
      balanceMicros: 10_000_000,
    });
  });

  test('keeps calls that were authorized before it was stopped', async () => {
    const first = await start();
    await ask(first, '/v1/calls/call-0001/authorize', authorize);
    await first.close();
    const second = await start();
    expect(await (await ask(second, '/v1/calls/call-0001')).json()).toMatchObject({ status: 'authorized' });
    expect((await (await ask(second, '/v1/balance')).json()).heldMicros).toBeGreaterThan(0);
  });

  test('lets the caller answer first, take upgrades and prepare the data on the same port', async () => {
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`heard ${message}`)));
    let preparedUrl = '';
    const server = await start({
      prepare: async ({ store, url }) => {
        await store.check();
        preparedUrl = url;
      },
      beforeRequest: (request) => (new URL(request.url).pathname === '/' ? new Response('the demo page') : null),
      onUpgrade: (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one)),
    });
    expect(preparedUrl).toBe(server.url);
    expect(await (await fetch(`${server.url}/`)).text()).toBe('the demo page');
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
    const socket = new WebSocket(server.url.replace('http', 'ws'));
    const answer = await new Promise((resolve) => {
      socket.on('open', () => socket.send('you'));
      socket.on('message', (message) => resolve(String(message)));
    });
    expect(answer).toBe('heard you');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await server.close();
    await closed;
  });

  test('refuses upgrades when nobody takes them', async () => {
    const server = await start();
    const failure = await new Promise<Error>((resolve) =>
      new WebSocket(server.url.replace('http', 'ws')).on('error', resolve),
    );
    expect(failure.message).toContain('404');
  });

  test('credit that the operator adds on the same file comes to an open widget by itself', async () => {
    const server = await start();
    const stream = await ask(server, '/v1/events');
    const chunks = (stream.body as ReadableStream<Uint8Array>).getReader();
    const nextBalance = async (): Promise<number> => {
      for (;;) {
        const { value, done } = await chunks.read();
        if (done) throw new Error('The stream ended');
        for (const [, data = ''] of new TextDecoder().decode(value).matchAll(/^data: (.*)$/gm)) {
          const event = serverEventSchema.parse(JSON.parse(data));
          if (event.type === 'balance' && event.balance.balanceMicros !== 10_000_000)
            return event.balance.balanceMicros;
        }
      }
    };
    const changed = nextBalance();
    await operator('credit', 'add', '--office', 'berlin', '--amount', '5', '--note', 'wire', '--id', 'wire-1');
    expect(await changed).toBe(15_000_000);
    await chunks.cancel();
  });

  test('takes a deck that the operator imports into force without a restart', async () => {
    const server = await start();
    const quote = () => ask(server, `/v1/quote?to=${encodeURIComponent('+4915123456789')}`);
    expect(await (await quote()).json()).toMatchObject({ perMinuteMicros: 600_000 });
    const deck = join(dirname(home.dataFile), 'deck.csv');
    writeFileSync(deck, 'prefix,destination,price\n49,Germany,0.90\n');
    await operator('rates', 'import', deck);
    await expect.poll(async () => (await (await quote()).json()).perMinuteMicros, { timeout: 15_000 }).toBe(900_000);
  });

  test('takes a changed policy into force, and keeps the old one when the new one is wrong', async () => {
    const file = join(dirname(home.dataFile), 'policy.json');
    writeFileSync(file, '{}');
    const server = await start({}, { POLICY_FILE: file });
    const status = async (callId: string) => (await ask(server, `/v1/calls/${callId}/authorize`, authorize)).status;
    expect(await status('call-0001')).toBe(200);
    writeFileSync(file, '{"blockedPrefixes":["49"]}');
    await expect.poll(() => status(`call-${Math.random()}`.replace('.', '-')), { timeout: 15_000 }).toBe(403);
    writeFileSync(file, '{"blockedPrefixes":"none"}');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await status('call-0009')).toBe(403);
  });

  test('/metrics has batches, running calls and sums', async () => {
    const server = await start();
    await ask(server, '/v1/calls/call-0001/authorize', authorize);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('credit_phone_balance_micros 20000000');
    expect(text).toContain('credit_phone_running_calls 1');
    expect(text).toMatch(/credit_phone_ledger_batch_operations_count [1-9]/);
  });
});

describe('a server that cannot start says why in one sentence', () => {
  test('port in use, before any data is touched', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    // A server that listens on TCP has an address with a port.
    const { port } = other.address() as AddressInfo;
    const prepare = () => Promise.reject(new Error('touched'));
    await expect(start({ prepare }, { PORT: String(port) })).rejects.toThrow(
      `Port ${port} is in use by another program.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  test('no permission to write', async () => {
    // Root may write everywhere but where the kernel itself says no.
    const isRoot = process.getuid?.() === 0;
    const folder = isRoot ? '/sys' : join(dirname(home.dataFile), 'locked');
    if (!isRoot) mkdirSync(folder, { mode: 0o500 });
    const dataFile = join(folder, 'data.sqlite');
    const failure = await start({}, { DATA_FILE: dataFile }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartError);
    expect(String(failure)).toContain(dataFile);
    if (!isRoot) chmodSync(folder, 0o700);
  });

  test.each([
    ['a data file that is none', { DATA_FILE: 'garbage.sqlite' }, /is not a database of this software/],
    ['a policy that is not there', { POLICY_FILE: '/nowhere/policy.json' }, /POLICY_FILE/],
    ['a policy that is wrong', { POLICY_FILE: 'garbage.sqlite' }, /The policy file .* cannot be used/],
    ['a key set that is not there', { JWKS_URL: '/nowhere/jwks.json' }, /keys for access tokens cannot be used/],
  ])('%s', async (_name, more: Record<string, string>, sentence) => {
    const garbage = join(dirname(home.dataFile), 'garbage.sqlite');
    writeFileSync(garbage, 'x'.repeat(5_000));
    const settings = Object.fromEntries(
      Object.entries(more).map(([name, value]) => [name, value === 'garbage.sqlite' ? garbage : value]),
    );
    const failure = await start({}, settings).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartError);
    expect(String(failure)).toMatch(sentence);
  });
});

async function operator(...words: string[]): Promise<void> {
  const context = { environment: home.environment, print: () => undefined, setExitCode: () => undefined };
  await createOperatorProgram(context).parseAsync(words, { from: 'user' });
}
