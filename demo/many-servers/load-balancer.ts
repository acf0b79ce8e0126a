/**
 * The smallest load balancer that shows what any other one would do: each request goes to the next server that is ready, and says which
 * it was (x-credit-phone-server). No request sticks to a server.
 *
 *   dead server        its connections are refused: the request goes to the next one, whatever it is, since nobody has read it
 *   dies meanwhile     what is idempotent (RFC 9110 section 9.2.2) is asked again elsewhere; a POST is answered with 503, and its
 *                      sender repeats it with the same id
 *   no server ready    one that lives is asked all the same: it knows best what it lacks
 */
import { once } from 'node:events';
import { request as askServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { problemResponse } from '../../server/http/problem-response.ts';
import { lookRegularly, type RegularLook } from '../../server/look-regularly.ts';
import { realTimer } from '../../server/real-timer.ts';

export const ANSWERED_BY = 'x-credit-phone-server';

export interface BalancedServer {
  /** 1, 2, 3: what people call it. */
  readonly number: number;
  /** Its own address, for instance http://127.0.0.1:40123. */
  readonly url: string;
}

const LOOK_EVERY_MS = 250;
const READY_WITHIN_MS = 2_000;
/** Until the first byte of an answer; event streams may be silent afterwards. */
const ANSWER_WITHIN_MS = 15_000;
/** More than any request of a widget or an edge has. */
const MAX_BODY_BYTES = 1_000_000;
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
/** Of one connection, never of the one behind it (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

export class LoadBalancer {
  readonly #servers: () => readonly BalancedServer[];
  readonly #look: RegularLook;
  /** Addresses of servers that did not say that they are ready when they were last asked. */
  #unready: ReadonlySet<string> = new Set();
  #next = 0;

  /** `servers` is asked before each request: those that are believed to live. */
  constructor(servers: () => readonly BalancedServer[]) {
    this.#servers = servers;
    this.#look = lookRegularly({
      everyMs: LOOK_EVERY_MS,
      look: () => this.#lookWhoIsReady(),
      onError: () => undefined,
      after: realTimer,
    });
  }

  /** Answers in any case, and never throws. */
  async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      if (body === null) return await refuse(response, problemResponse('body_too_large'));
      const answer = await this.#ask(request, { body, response });
      if (answer === null) return await refuse(response, problemResponse('unavailable', { detail: NOBODY }));
      await passOn(answer, response);
    } catch {
      // One side went away in the middle of it: the other one is told by the end of its connection.
      response.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#look.stop();
  }

  /** Those that are ready first, each time beginning with another one. */
  #candidates(): readonly BalancedServer[] {
    const servers = this.#servers();
    const from = servers.length === 0 ? 0 : this.#next++ % servers.length;
    const turned = [...servers.slice(from), ...servers.slice(0, from)];
    const isUnready = ({ url }: BalancedServer) => this.#unready.has(url);
    return [...turned.filter((server) => !isUnready(server)), ...turned.filter(isUnready)];
  }

  async #ask(request: IncomingMessage, { body, response }: Asking): Promise<Answered | null> {
    for (const server of this.#candidates()) {
      try {
        return { server, message: await answerOf(server, { request, body, response }) };
      } catch (error) {
        if (response.destroyed) throw error;
        this.#unready = new Set([...this.#unready, server.url]);
        const isUnread = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isUnread && !IDEMPOTENT.includes(request.method ?? '')) return null;
      }
    }
    return null;
  }

  async #lookWhoIsReady(): Promise<void> {
    const looks = this.#servers().map(async ({ url }) => ({ url, isReady: await isReady(url) }));
    const seen = await Promise.all(looks);
    this.#unready = new Set(seen.filter(({ isReady }) => !isReady).map(({ url }) => url));
  }
}

const NOBODY = 'No server answered. Those that live are asked again in a moment.';

interface Asking {
  readonly body: Buffer;
  /** When it closes nobody waits for the answer any more. */
  readonly response: ServerResponse;
}

interface Answered {
  readonly server: BalancedServer;
  readonly message: IncomingMessage;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_WITHIN_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** null: too large. In whole, so that it can be sent to a second server. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answerOf(
  { url }: BalancedServer,
  { request, body, response }: Asking & { readonly request: IncomingMessage },
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  const asked = askServer({
    hostname,
    port,
    // As it came: what is not an address must reach the server as it is.
    path: request.url,
    method: request.method,
    headers: headersFor(request, body),
    // A connection a request: one that was kept may belong to a server that has died, and then nobody knows what it has read.
    agent: false,
  });
  const leave = () => asked.destroy();
  response.once('close', leave);
  // What goes wrong once the answer has begun is told by the answer.
  asked.on('error', () => undefined);
  asked.setTimeout(ANSWER_WITHIN_MS, () => asked.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)));
  asked.end(body);
  // Rejects with the error of the connection.
  const [message]: IncomingMessage[] = await once(asked, 'response');
  asked.setTimeout(0);
  if (message === undefined) throw new Error('an answer without an answer');
  return message;
}

function headersFor(request: IncomingMessage, body: Buffer): IncomingHttpHeaders {
  const { 'x-forwarded-for': before } = request.headers;
  const from = [before, request.socket.remoteAddress].filter(Boolean).join(', ');
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  return { ...endToEnd(request.headers), ...length, 'x-forwarded-for': from, connection: 'close' };
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

async function passOn({ server, message }: Answered, response: ServerResponse): Promise<void> {
  const by = String(server.number);
  response.writeHead(message.statusCode ?? 502, {
    ...endToEnd(message.headers),
    [ANSWERED_BY]: by,
    // The one header about an answer that a page's own scripts can read for whatever its widget asks.
    'server-timing': `credit-phone-server;desc="${by}"`,
  });
  // An event stream begins before it has anything to say.
  response.flushHeaders();
  await pipeline(message, response);
}

async function refuse(response: ServerResponse, answer: Response): Promise<void> {
  const text = await answer.text();
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: 'close' });
  response.end(text);
}
