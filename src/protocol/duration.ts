/** Durations: whole seconds where money is concerned, milliseconds where clocks are read. */

export const MILLISECONDS_PER_SECOND = 1_000;
export const SECONDS_PER_MINUTE = 60;

/** The longest call that is ever priced or leased, in seconds (24 hours). */
export const MAX_CALL_SECONDS = 24 * 60 * 60;

/**
 * The duration that is billed for a measured one: each second that has begun counts, as on any phone bill, and never more
 * than the lease that was paid for. A timer that fires a few milliseconds late must not begin another second.
 */
export function billableSeconds(measured: { readonly durationMs: number; readonly leaseSeconds: number }): number {
  const begun = Math.ceil(Math.max(0, measured.durationMs) / MILLISECONDS_PER_SECOND);
  return Math.min(begun, measured.leaseSeconds, MAX_CALL_SECONDS);
}

/** "0:58", "12:03", "1:02:03": what a call timer shows. */
export function clockText(durationSeconds: number): string {
  const whole = Math.max(0, Math.floor(durationSeconds));
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}
