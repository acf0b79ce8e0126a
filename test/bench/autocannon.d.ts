/** The part of autocannon that http.bench.ts uses; the package has no types of its own. */
declare module 'autocannon' {
  interface Request {
    readonly method: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly setupRequest?: (request: Request) => Request;
  }
  interface Result {
    readonly requests: { readonly average: number; readonly total: number };
    readonly latency: { readonly p99: number };
    readonly non2xx: number;
    readonly errors: number;
  }
  const autocannon: (options: {
    readonly url: string;
    readonly connections: number;
    /** Seconds; or `amount`, how many requests. */
    readonly duration?: number;
    readonly amount?: number;
    readonly requests: readonly Request[];
  }) => Promise<Result>;
  export = autocannon;
}
