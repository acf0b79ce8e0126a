/** The calls of this edge: which are alive, and which call ids were used, so that one admission never becomes two calls. */
import type { ReportAnswer } from '../../../server/edge/edge-contract.ts';
import type { Clock } from '../../../src/phone/ports.ts';
import { type CallName, callKey } from './call-name.ts';
import type { AllowedAdmission, CallReport } from './edge-gate.ts';
import { MeteredCall } from './metered-call.ts';

/** How many finished call ids are remembered. The server refuses a used grant too; this is the second lock. */
export const MAX_REMEMBERED_CALLS = 10_000;

export interface CallRegisterOptions {
  readonly clock: Clock;
  readonly report: (report: CallReport) => void;
}

export class CallRegister {
  readonly #options: CallRegisterOptions;
  readonly #alive = new Map<string, MeteredCall>();
  readonly #used = new Set<string>();

  constructor(options: CallRegisterOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#alive.size;
  }

  /** Null when this call id was used before: the server admits the same INVITE twice, the edge does not. */
  begin(admission: AllowedAdmission): MeteredCall | null {
    const key = callKey(admission);
    // A call of hours outlives the memory of its id.
    if (this.#used.has(key) || this.#alive.has(key)) return null;
    this.#remember(key);
    const call = new MeteredCall({ admission, ...this.#options });
    this.#alive.set(key, call);
    call.onEnded(() => this.#alive.delete(key));
    return call;
  }

  find(call: CallName): MeteredCall | null {
    return this.#alive.get(callKey(call)) ?? null;
  }

  /** What the server said in answer to a report. */
  apply(name: CallName, { leaseSeconds, isOver }: ReportAnswer): void {
    const call = this.find(name);
    if (isOver) call?.end({ reason: 'failed', text: 'the server has ended the call' });
    else if (leaseSeconds !== null) call?.setLease(leaseSeconds);
  }

  endAll(text: string): void {
    for (const call of [...this.#alive.values()]) call.end({ reason: 'failed', text });
  }

  #remember(key: string): void {
    this.#used.add(key);
    if (this.#used.size <= MAX_REMEMBERED_CALLS) return;
    const oldest = this.#used.values().next().value;
    if (oldest !== undefined) this.#used.delete(oldest);
  }
}
