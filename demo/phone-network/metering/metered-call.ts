/**
 * One admitted call on the edge's clock. Nothing that a browser sends changes the meter: it starts when the 200 OK leaves (or
 * arrives, for a call to the widget), not at an ACK, and it ends with the lease, a BYE that counts, or a command of the server.
 *
 *   admitted ──ring──► ringing ──answer──► answered ──end──► over
 *       └──────────────── end (never answered, duration null) ───┘
 */
import type { CallExtra, EdgeCall } from '../../../server/edge/edge-contract.ts';
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';
import type { EndReason } from '../../../src/protocol/call.ts';
import type { AllowedAdmission, CallReport } from './edge-gate.ts';

/** Why the call is over, and the sentence that goes on the line with it. */
export interface CallEnding {
  readonly reason: EndReason;
  readonly text: string;
  /** Final response to an INVITE that was not answered, where the usual one of the reason does not fit. */
  readonly statusCode?: number;
}

const LEASE_EXPIRED: CallEnding = { reason: 'lease_expired', text: 'credit lease expired' };
const RANG_OUT: CallEnding = { reason: 'no_answer', text: 'no answer' };

export interface MeteredCallOptions {
  readonly admission: AllowedAdmission;
  readonly clock: Clock;
  readonly report: (report: CallReport) => void;
}

export class MeteredCall {
  readonly accountId: string;
  readonly callId: string;
  readonly admission: AllowedAdmission;
  readonly #clock: Clock;
  readonly #report: (report: CallReport) => void;
  readonly #listeners: ((ending: CallEnding) => void)[] = [];
  readonly #extras: (() => readonly CallExtra[])[] = [];
  #leaseSeconds: number;
  #isRinging = false;
  #answeredAtMs: number | null = null;
  #ending: CallEnding | null = null;
  #cancelTimer: Unsubscribe;

  constructor({ admission, clock, report }: MeteredCallOptions) {
    this.accountId = admission.accountId;
    this.callId = admission.callId;
    this.admission = admission;
    this.#clock = clock;
    this.#report = report;
    this.#leaseSeconds = admission.leaseSeconds;
    this.#cancelTimer = clock.after(admission.ringSeconds * 1000, () => this.end(RANG_OUT));
  }

  get ending(): CallEnding | null {
    return this.#ending;
  }

  isAnswered(): boolean {
    return this.#answeredAtMs !== null;
  }

  /** Calls back once, at once if the call is over already. Listeners end the legs. */
  onEnded(listener: (ending: CallEnding) => void): void {
    if (this.#ending) listener(this.#ending);
    else this.#listeners.push(listener);
  }

  /** The report of the end tells what was used of an extra; read as the call ends. */
  tellAtEnd(used: () => readonly CallExtra[]): void {
    this.#extras.push(used);
  }

  ring(): void {
    if (this.#isRinging || this.#answeredAtMs !== null || this.#ending) return;
    this.#isRinging = true;
    this.#report({ ...this.#address(), kind: 'ringing', happenedAtMs: this.#clock.monotonicMs() });
  }

  /** The lease runs from here. */
  answer(): void {
    if (this.#answeredAtMs !== null || this.#ending) return;
    this.#answeredAtMs = this.#clock.monotonicMs();
    this.#report({ ...this.#address(), kind: 'answered', happenedAtMs: this.#answeredAtMs });
    this.#watchLease();
  }

  /** Seconds of talk counted from the answer: saying it twice is saying it once. Shorter than what is used ends the call. */
  setLease(leaseSeconds: number): void {
    if (this.#ending) return;
    this.#leaseSeconds = Math.max(0, leaseSeconds);
    if (this.#answeredAtMs !== null) this.#watchLease();
  }

  end(ending: CallEnding): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#cancelTimer();
    const happenedAtMs = this.#clock.monotonicMs();
    const durationMs = this.#durationMs();
    const extras = this.#extras.flatMap((used) => used());
    const told = this.#extras.length > 0 ? { extras } : {};
    this.#report({ ...this.#address(), kind: 'ended', happenedAtMs, durationMs, reason: ending.reason, ...told });
    for (const listener of this.#listeners.splice(0)) listener(ending);
  }

  /** Null when the call is over. */
  snapshot(): EdgeCall | null {
    if (this.#ending) return null;
    return {
      callId: this.callId,
      state: this.#answeredAtMs === null ? 'ringing' : 'answered',
      elapsedMs: this.#durationMs(),
      leaseSeconds: this.#leaseSeconds,
    };
  }

  #address() {
    return { accountId: this.accountId, callId: this.callId };
  }

  /** A timer that fires late must not make the caller pay for another step: never more than the lease. */
  #durationMs(): number | null {
    if (this.#answeredAtMs === null) return null;
    return Math.min(Math.round(this.#clock.monotonicMs() - this.#answeredAtMs), this.#leaseSeconds * 1000);
  }

  /** Timers are limited to 24 days and may fire early by a millisecond, so the remaining time is looked at again each time. */
  #watchLease(): void {
    this.#cancelTimer();
    if (this.#answeredAtMs === null || this.#ending) return;
    const remainingMs = this.#answeredAtMs + this.#leaseSeconds * 1000 - this.#clock.monotonicMs();
    if (remainingMs <= 0) this.end(LEASE_EXPIRED);
    else this.#cancelTimer = this.#clock.after(remainingMs, () => this.#watchLease());
  }
}
