/** A clock that a test moves. */
import type { ServerClock } from '../../server/services.ts';

export class MovingClock implements ServerClock {
  #nowMs: number;

  constructor(nowMs = Date.UTC(2026, 0, 15, 12)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
