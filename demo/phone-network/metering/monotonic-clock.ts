/** The edge's own clock: intervals only, immune to changes of the time of day. */
import type { Clock } from '../../../src/phone/ports.ts';

/** Longest delay that setTimeout takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

export const monotonicClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
