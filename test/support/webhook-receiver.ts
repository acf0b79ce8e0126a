/** A host's endpoint for webhooks over real HTTP, that does what a test tells it. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status; a redirect elsewhere; no answer at all; the connection closed without one. */
export type ReceiverMood = number | { readonly redirectTo: string } | 'never' | 'drop';

export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** What becomes of the next requests, in order; then 204. */
  readonly moods: ReceiverMood[] = [];
  /** Told of each webhook before it is answered. */
  witness: (() => void) | null = null;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        this.received.push({ headers: request.headers, body });
        this.witness?.();
        const mood = this.moods.shift() ?? 204;
        if (mood === 'drop') request.socket.destroy();
        else if (typeof mood === 'number') response.writeHead(mood).end('{"what": "the host says is not read"}');
        else if (mood !== 'never') response.writeHead(307, { location: mood.redirectTo }).end();
      });
    });
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
