import type { ServerClock } from './services.ts';

/**
 * The clock of the machine: the only one that money knows. Whoever needs the time is given a clock; this is what it is outside of tests.
 */
export const systemClock: ServerClock = { nowMs: () => Date.now() };
