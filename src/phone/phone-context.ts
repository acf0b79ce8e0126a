/** What every part of the phone works with. */
import type { PhoneStore } from './phone-store.ts';
import type { Clock, Gate } from './ports.ts';

/** What a developer should know and a caller need not: causes behind `unavailable`. Never gets secrets. */
export type PhoneLog = (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface PhoneContext {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly store: PhoneStore;
  /** A new id (UUIDv7) for something that is asked of the server. */
  readonly newId: () => string;
  /** In [0, 1), for the jitter of repeats. */
  readonly random: () => number;
  readonly log: PhoneLog;
}
