/** A real HTTP server that plays the gate: a test says what it answers, and reads what it was asked. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ProblemCode, refusal } from '../../src/protocol/problem.ts';

export interface HeardRequest {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export type Script = (request: HeardRequest, response: ServerResponse) => void;

export class PhoneGateServer {
  readonly heard: HeardRequest[] = [];
  script: Script = (_request, response) => void response.writeHead(404).end();
  readonly #server: Server;
  readonly #waiters = new Set<() => void>();

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = request;
      const heard = { method, address: url, headers, body: text === '' ? null : JSON.parse(text) };
      this.heard.push(heard);
      this.script(heard, response);
      for (const wake of this.#waiters) wake();
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Until so many requests have arrived. */
  async untilHeard(count: number): Promise<void> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }
}

export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function answerProblem(
  response: ServerResponse,
  problem: { readonly code: ProblemCode; readonly status: number; readonly retryInSeconds?: number },
): void {
  const { code, status, ...detail } = problem;
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(
    JSON.stringify({
      type: `/problems/${code}`,
      title: 'A title',
      status,
      detail: 'For developers',
      ...refusal(code, detail),
    }),
  );
}

/** Until `fits` is true; real sockets take their own time. */
export async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await new Promise((resolve) => setImmediate(resolve));
}
