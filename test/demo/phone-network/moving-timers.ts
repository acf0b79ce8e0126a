/** A Clock with timers that fire when the test moves the time. */
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';

export class MovingTimers implements Clock {
  #atMs = 0;
  readonly #timers = new Set<{ readonly dueMs: number; readonly callback: () => void }>();

  nowMs(): number {
    return 1_700_000_000_000 + this.#atMs;
  }

  monotonicMs(): number {
    return this.#atMs;
  }

  after(delayMs: number, callback: () => void): Unsubscribe {
    const timer = { dueMs: this.#atMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, firing what falls due in its order; `lateMs` is how late each timer notices. */
  advance(ms: number, { lateMs = 0 }: { readonly lateMs?: number } = {}): void {
    const untilMs = this.#atMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#atMs = Math.max(this.#atMs, next.dueMs + lateMs);
      next.callback();
    }
    this.#atMs = Math.max(this.#atMs, untilMs);
  }
}

/** Lets promises settle that need no real time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}
