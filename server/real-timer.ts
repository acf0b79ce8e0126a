/** The After port by the process's own timers. */
import type { After } from './services.ts';

export const realTimer: After = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
