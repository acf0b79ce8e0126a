/** The sandbox's time: it stands still until it is moved, so that every play goes the same way, and it never goes back. */
import type { ServerClock } from '../../server/services.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export class PlayedClock implements ServerClock {
  readonly #timers = new Set<Timer>();
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Timers that come due by it are called, the earliest first. Throws for what would go back. */
  moveBy(ms: number): void {
    if (!(Number.isSafeInteger(ms) && ms >= 0))
      throw new Error(`The clock cannot be moved by ${ms} ms: it never goes back.`);
    this.#nowMs += ms;
    const due = [...this.#timers].filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  /** For what happens in this world later, such as a report that takes its time. */
  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    // What takes no time is not kept waiting for the clock, which may stand still.
    if (delayMs <= 0) queueMicrotask(callback);
    else this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };
}
