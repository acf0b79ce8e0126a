/** A widget's event stream on a bare socket, for benchmarks that need many: only counts. */
import { connect, type Socket } from 'node:net';

export interface RawEventStreamOptions {
  readonly port: number;
  readonly token: string;
  /** Called for each event of type "balance". */
  readonly onBalance: () => void;
}

const BALANCE = Buffer.from('data: {"type":"balance"');
const GOOD_STATUS = 'HTTP/1.1 200';

/** Resolves when the first event has come: the state of things. Rejects when the server does not take it. */
export function openRawEventStream({ port, token, onBalance }: RawEventStreamOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let isOpen = false;
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server ended an event stream')));
    socket.once('data', (head) => {
      if (!head.toString('latin1').startsWith(GOOD_STATUS)) reject(new Error(head.toString('latin1').slice(0, 200)));
    });
    socket.on('data', (chunk) => {
      for (let at = chunk.indexOf(BALANCE); at >= 0; at = chunk.indexOf(BALANCE, at + BALANCE.length)) {
        if (isOpen) onBalance();
        isOpen = true;
        resolve(socket);
      }
    });
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  });
}
