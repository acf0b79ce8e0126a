/** The gate on a port of its own: Node's http server with limits on time and size, and clear words when the port cannot be had. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { StartError } from '../start-error.ts';

/** A client that sends its headers or its body more slowly than this is cut off (slow loris). */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** Longer than that of usual proxies (60 s), so that it is never us who closes a connection they are about to use. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
/** Requests that are still running get so long at shutdown. */
const CLOSE_GRACE_MS = 5_000;
/** A connection whose last request has just been answered would otherwise stay open until its keep-alive ends. */
const CLOSE_IDLE_EVERY_MS = 50;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly answer: (request: Request, peerAddress: string | null) => Promise<Response>;
  readonly onUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined;
}

export interface Listening {
  readonly httpServer: Server;
  readonly port: number;
  /** Takes no more connections, lets running requests finish, then closes what is left, upgraded connections included. */
  close(): Promise<void>;
}

/** Throws StartError when the port is taken or not allowed. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const httpServer = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    // The environment of a request has the incoming message; only its address is of interest.
    getRequestListener((request, { incoming }) => options.answer(request, incoming.socket.remoteAddress ?? null)),
  );
  const upgraded = takeUpgrades(httpServer, options.onUpgrade);
  await bound(httpServer, options);
  return {
    httpServer,
    // A server that listens on TCP has an address with a port.
    port: (httpServer.address() as AddressInfo).port,
    close: () => closeGently(httpServer, upgraded),
  };
}

function takeUpgrades(httpServer: Server, onUpgrade: ListenOptions['onUpgrade']): ReadonlySet<Duplex> {
  const upgraded = new Set<Duplex>();
  httpServer.on('upgrade', (request, socket, head) => {
    if (!onUpgrade) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    onUpgrade(request, socket, head);
  });
  return upgraded;
}

function bound(httpServer: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    httpServer.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, { host, port })));
    httpServer.listen(port, host, resolve);
  });
}

function explained(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`,
      );
    case 'EACCES':
      return new StartError(`Port ${port} may not be used without more rights. Choose one above 1023 with PORT.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`This machine has no address "${host}". Correct HOST.`);
    default:
      return error;
  }
}

async function closeGently(httpServer: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  const closed = new Promise<void>((resolve) => httpServer.close(() => resolve()));
  const idle = setInterval(() => httpServer.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  for (const socket of upgraded) socket.end();
  const impatience = setTimeout(() => {
    httpServer.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  }, CLOSE_GRACE_MS);
  await closed;
  clearTimeout(impatience);
  clearInterval(idle);
}
