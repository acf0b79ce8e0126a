/**
 * Reports to the server: in order per call, one at a time, repeated until acknowledged. They outlive the call and a server that is
 * away; only the end of the process loses them, and then the server settles at the end of the lease.
 */
import type { ReportAnswer } from '../../../server/edge/edge-contract.ts';
import type { Clock } from '../../../src/phone/ports.ts';
import { type CallName, callKey } from './call-name.ts';
import type { CallReport, EdgeGate } from './edge-gate.ts';

const FIRST_RETRY_MS = 200;
/** Shorter than the time that a server which comes back waits for reports before it charges whole leases (policy, reapAfterSeconds: 10). */
const LONGEST_RETRY_MS = 5_000;
/** The contract takes reports that are at most a week old. */
const GIVE_UP_AFTER_MS = 7 * 24 * 3_600_000;

export interface ReportQueueOptions {
  readonly gate: Pick<EdgeGate, 'report'>;
  readonly clock: Clock;
  /** What the server believes about the call; it may shorten or end it. */
  readonly onAnswer: (call: CallName, answer: ReportAnswer) => void;
  readonly onProblem?: (problem: { readonly what: string; readonly cause: string }) => void;
}

export class ReportQueue {
  readonly #options: ReportQueueOptions;
  readonly #waiting = new Map<string, CallReport[]>();
  readonly #cancelRetry = new Map<string, () => void>();
  #isClosed = false;

  constructor(options: ReportQueueOptions) {
    this.#options = options;
  }

  add(report: CallReport): void {
    const key = callKey(report);
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.push(report);
      return;
    }
    this.#waiting.set(key, [report]);
    void this.#work(key, FIRST_RETRY_MS);
  }

  /** Reports that the server has not acknowledged yet. */
  get size(): number {
    return [...this.#waiting.values()].reduce((sum, reports) => sum + reports.length, 0);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#cancelRetry.values()) cancel();
    this.#cancelRetry.clear();
  }

  async #work(key: string, retryMs: number): Promise<void> {
    const { gate, clock, onAnswer, onProblem } = this.#options;
    const report = this.#waiting.get(key)?.[0];
    if (!report || this.#isClosed) return;
    const happenedAgoMs = Math.max(0, Math.round(clock.monotonicMs() - report.happenedAtMs));
    const result =
      happenedAgoMs > GIVE_UP_AFTER_MS
        ? ({ outcome: 'refused', status: 0 } as const)
        : await gate.report(report, happenedAgoMs);
    if (result.outcome === 'unreachable') {
      onProblem?.({ what: `report ${report.kind} of ${report.callId}`, cause: result.cause });
      this.#retryLater(key, retryMs);
      return;
    }
    if (result.outcome === 'refused') {
      onProblem?.({ what: `report ${report.kind} of ${report.callId}`, cause: `refused with status ${result.status}` });
    }
    this.#next(key);
    if (result.outcome === 'acknowledged') onAnswer(report, result.answer);
  }

  #next(key: string): void {
    const waiting = this.#waiting.get(key);
    waiting?.shift();
    if (waiting && waiting.length > 0) void this.#work(key, FIRST_RETRY_MS);
    else this.#waiting.delete(key);
  }

  /** Doubling, with jitter so that many calls do not come back in step. */
  #retryLater(key: string, retryMs: number): void {
    if (this.#isClosed) return;
    const delayMs = retryMs * (0.75 + Math.random() / 2);
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancelRetry.delete(key);
      void this.#work(key, Math.min(retryMs * 2, LONGEST_RETRY_MS));
    });
    this.#cancelRetry.set(key, cancel);
  }
}
