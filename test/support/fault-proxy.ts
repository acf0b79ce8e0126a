/** A way to a database that a test can cut in the middle of a message, close, swallow, or lead to another database. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * 'asking' cuts what goes to the database: it hears less than was said. 'answering' cuts what comes back: it has heard and done
 * everything, and nobody learns it.
 */
export type Direction = 'asking' | 'answering';

interface Pair {
  readonly client: Socket;
  readonly database: Socket;
  isStranded: boolean;
}

export class FaultProxy {
  /** Connections that were cut in the middle. */
  cutCount = 0;
  #targetPort: number;
  #server: Server | null = null;
  #port = 0;
  readonly #pairs = new Set<Pair>();
  #cut: { readonly direction: Direction; bytesLeft: number } | null = null;
  #isSwallowing = false;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after `close` on the same port again. */
  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: false }, (client) => this.#join(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** New connections lead there; the ones that are open are cut. */
  leadTo(targetPort: number): void {
    this.#targetPort = targetPort;
    this.cutAll();
  }

  /** The connection that has carried so many more bytes in that direction is cut, without the bytes after them. */
  cutAfter(direction: Direction, bytes: number): void {
    this.#cut = { direction, bytesLeft: bytes };
  }

  /** True: everything is taken and nothing is carried, in either direction, as in a network that is gone. */
  swallow(isSwallowing: boolean): void {
    this.#isSwallowing = isSwallowing;
    if (!isSwallowing) this.cutAll();
  }

  /** The connections that are open carry nothing any more and nobody says so, as after a machine has died; new ones work. */
  strand(): void {
    for (const pair of this.#pairs) pair.isStranded = true;
  }

  cutAll(): void {
    for (const pair of this.#pairs) end(pair);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.cutAll();
    await closed;
  }

  #join(client: Socket): void {
    const pair: Pair = { client, database: connect(this.#targetPort, '127.0.0.1'), isStranded: false };
    this.#pairs.add(pair);
    for (const socket of [pair.client, pair.database]) {
      socket.setNoDelay(true);
      // An end is an end, whoever makes it and why.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        if (pair.isStranded && socket === pair.database) return;
        end(pair);
        this.#pairs.delete(pair);
      });
    }
    client.on('data', (bytes) => this.#carry(pair, { bytes, direction: 'asking' }));
    pair.database.on('data', (bytes) => this.#carry(pair, { bytes, direction: 'answering' }));
  }

  #carry(pair: Pair, { bytes, direction }: { readonly bytes: Buffer; readonly direction: Direction }): void {
    if (this.#isSwallowing || pair.isStranded) return;
    const to = direction === 'asking' ? pair.database : pair.client;
    const cut = this.#cut;
    if (cut === null || cut.direction !== direction || bytes.length <= cut.bytesLeft) {
      if (cut?.direction === direction) cut.bytesLeft -= bytes.length;
      to.write(bytes);
      return;
    }
    this.#cut = null;
    this.cutCount += 1;
    // What went before the cut arrives; the database may well have all of a message whose answer nobody hears.
    to.write(bytes.subarray(0, cut.bytesLeft), () => end(pair));
  }
}

function end({ client, database }: Pair): void {
  client.destroy();
  database.destroy();
}
