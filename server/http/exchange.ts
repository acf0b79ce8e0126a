/** What is known about a request while it is answered; Hono carries it as its environment. */
import type { Context } from 'hono';

export interface Exchange {
  /** Goes into the log, the answer's X-Request-Id and every problem document. */
  readonly requestId: string;
  /** IP address for limits; "unknown" when the transport does not tell. */
  readonly address: string;
  /** What every answer carries: against abuse by a page, for other origins, the request's id. */
  readonly headers: Readonly<Record<string, string>>;
  /** True when the answer was made with them; the gate adds them to all others. */
  hasHeaders: boolean;
  /** Name of the route, for logs and metrics; set by the route itself. */
  route: string;
  /** Who it was, once that is known. */
  personId: string | null;
  /** The problem's code when it was refused. */
  problem: string | null;
}

export type GateContext = Context<{ Bindings: Exchange }>;
