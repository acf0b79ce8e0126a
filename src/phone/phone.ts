/**
 * The headless phone: decides, remembers and tells; knows no DOM, no SIP, no fetch. Its world is in ports.ts, what it shows is one
 * frozen PhoneSnapshot that is replaced as a whole.
 */

import type { Phone } from './phone-snapshot.ts';
import { createPhoneStore } from './phone-store.ts';
import type { CallHistory, Clock, Gate, Line } from './ports.ts';

export interface PhonePorts {
  readonly gate: Gate;
  /** Called once, when the line is first needed: SIP.js is heavy. */
  readonly loadLine: () => Promise<Line>;
  readonly history: CallHistory;
  readonly clock: Clock;
  /** Random bytes of cryptographic quality, for ids. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly log: PhoneLog;
}

/** What a developer should know and a caller need not: causes behind `unavailable`. Never gets secrets. */
export type PhoneLog = (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface PhoneOptions {
  /** Registers the line at the start, so that calls come in; otherwise on the first call. Default true. */
  readonly isReachable?: boolean;
}

export function createPhone(_ports: PhonePorts, _options: PhoneOptions = {}): Phone {
  const store = createPhoneStore();
  return {
    get snapshot() {
      return store.snapshot;
    },
    subscribe: store.subscribe,
    setDialled: (dialled) => store.update({ dialled }),
    dial: () => undefined,
    answer: () => undefined,
    decline: () => undefined,
    hangUp: () => undefined,
    setMuted: () => undefined,
    setHeld: () => undefined,
    pressKey: () => undefined,
    dismissCall: () => undefined,
    unblockSound: () => undefined,
    searchNumbers: () => undefined,
    searchMoreNumbers: () => undefined,
    buyNumber: () => undefined,
    askForCredit: () => undefined,
    answerCreditRequest: () => undefined,
    addPlayCredit: () => undefined,
    setPause: () => undefined,
    close: async () => undefined,
  };
}
