/** The one port that everybody sees: requests and upgrades, and a clear sentence when the port cannot be had. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { StartError } from '../../server/start-error.ts';

export interface FrontDoorOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface FrontDoor {
  readonly port: number;
  /** At once: streams and sockets are cut, and come back when the door is open again. */
  close(): Promise<void>;
}

/** Throws StartError when the port is taken or not allowed. */
export async function openFrontDoor({ host, port, onRequest, onUpgrade }: FrontDoorOptions): Promise<FrontDoor> {
  const server = createServer({ noDelay: true }, onRequest);
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    onUpgrade(request, socket, head);
  });
  await new Promise<void>((open, refused) => {
    server.once('error', (error: NodeJS.ErrnoException) => refused(explained(error, port)));
    server.listen(port, host, open);
  });
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === 'EADDRINUSE'
    ? new StartError(`Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`)
    : new StartError(`Port ${port} cannot be had (${error.message}). Choose another one with PORT, or another HOST.`);
}
