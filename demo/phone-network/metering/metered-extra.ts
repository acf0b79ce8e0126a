/**
 * An extra that runs beside the talk, such as a recording (F-07), on the edge's clock. Each minute is asked for before it begins, so
 * what runs is paid for; the call's end tells what was used, and the rest of the minutes is given back.
 *
 *   off ──start──► asking ──yes──► running ──the paid time nears its end──► asking, running on
 *    ▲                │ no            │ stop, end of the call                  │ no: off when what was paid for is over
 *    └────────────────┴───────────────┴────────────────────────────────────────┘
 */
import type { CallExtra } from '../../../server/edge/edge-contract.ts';
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';
import { MILLISECONDS_PER_SECOND } from '../../../src/protocol/duration.ts';
import type { EdgeGate } from './edge-gate.ts';
import type { MeteredCall } from './metered-call.ts';

/** How much is asked for at a time. */
const STEP_SECONDS = 60;
/** Longer than the gate's deadline, so that an answer that comes at all comes before the paid time is over. */
const ASK_AHEAD_MS = 5 * MILLISECONDS_PER_SECOND;

export type ExtraChange = 'started' | 'stopped' | 'refused';

export interface MeteredExtraOptions {
  readonly call: MeteredCall;
  /** A kind of the policy (`services.kinds`). */
  readonly kind: string;
  readonly clock: Clock;
  readonly gate: Pick<EdgeGate, 'allowExtra'>;
  readonly onChange: (change: ExtraChange) => void;
}

export class MeteredExtra {
  readonly #options: MeteredExtraOptions;
  /** In all, from the call's answer on, as the contract counts. */
  #paidSeconds = 0;
  /** Before it was started last. */
  #usedBeforeMs = 0;
  #startedAtMs: number | null = null;
  #isStarting = false;
  #wasAsked = false;
  #cancelTimer: Unsubscribe = () => undefined;

  constructor(options: MeteredExtraOptions) {
    this.#options = options;
    options.call.onEnded(() => this.#halt());
  }

  /** Starts what is off, stops what runs; nothing while it is being asked for. */
  async toggle(): Promise<void> {
    if (this.#startedAtMs !== null) this.#stop('stopped');
    else if (!this.#isStarting) await this.#start();
  }

  async #start(): Promise<void> {
    this.#isStarting = true;
    const isPaid = this.#leftMs() > 0 || (await this.#askForMore());
    this.#isStarting = false;
    const { call, clock, onChange } = this.#options;
    if (call.ending) return;
    if (isPaid) {
      this.#startedAtMs = clock.monotonicMs();
      this.#watch();
    }
    onChange(isPaid ? 'started' : 'refused');
  }

  async #askForMore(): Promise<boolean> {
    const { call, kind, gate } = this.#options;
    if (!this.#wasAsked) call.tellAtEnd(() => this.#used());
    this.#wasAsked = true;
    const durationSeconds = this.#paidSeconds + STEP_SECONDS;
    const { accountId, callId } = call;
    const isPaid = await gate.allowExtra({ accountId, callId, extra: { kind, durationSeconds } });
    if (isPaid) this.#paidSeconds = durationSeconds;
    return isPaid;
  }

  #watch(): void {
    this.#cancelTimer = this.#options.clock.after(this.#leftMs() - ASK_AHEAD_MS, () => void this.#goOn());
  }

  async #goOn(): Promise<void> {
    const startedAtMs = this.#startedAtMs;
    const isPaid = await this.#askForMore();
    // Stopped meanwhile, perhaps started again: then its timer is another one.
    if (startedAtMs === null || this.#startedAtMs !== startedAtMs) return;
    if (isPaid) this.#watch();
    else this.#cancelTimer = this.#options.clock.after(this.#leftMs(), () => this.#stop('refused'));
  }

  #stop(change: ExtraChange): void {
    this.#halt();
    this.#options.onChange(change);
  }

  #halt(): void {
    this.#cancelTimer();
    this.#usedBeforeMs = this.#usedMs();
    this.#startedAtMs = null;
  }

  /** A timer that fires late makes nobody pay for more than was asked for. */
  #usedMs(): number {
    const runMs = this.#startedAtMs === null ? 0 : this.#options.clock.monotonicMs() - this.#startedAtMs;
    return Math.min(this.#usedBeforeMs + runMs, this.#paidSeconds * MILLISECONDS_PER_SECOND);
  }

  #leftMs(): number {
    return this.#paidSeconds * MILLISECONDS_PER_SECOND - this.#usedMs();
  }

  /** What was refused, or allowed and never begun, was not used. */
  #used(): readonly CallExtra[] {
    const durationSeconds = Math.ceil(this.#usedMs() / MILLISECONDS_PER_SECOND);
    return durationSeconds === 0 ? [] : [{ kind: this.#options.kind, durationSeconds }];
  }
}
