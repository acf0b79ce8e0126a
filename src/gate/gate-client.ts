/** The server behind the Gate port. */
import type { Clock, Gate } from '../phone/ports.ts';

export interface GateClientOptions {
  /** Base address of the gate server, for instance "https://phone.example.org". */
  readonly gateUrl: string;
  /** Called for every request; returns the host page's current access token. */
  readonly token: () => string | Promise<string>;
  readonly clock: Clock;
  /** 0 <= n < 1, for the jitter of repeats. */
  readonly random: () => number;
  readonly log: (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;
  readonly fetch?: typeof fetch;
}

export function createGateClient(_options: GateClientOptions): Gate {
  throw new Error('The gate client is not built yet.');
}
