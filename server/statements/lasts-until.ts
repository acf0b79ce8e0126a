/** How long credit lasts, when what is spent goes on at its pace and rents fall due on their days. Pure. */
import type { Micros } from '../../src/protocol/money.ts';

/** Beyond that a pace of seven days says nothing. */
export const FORECAST_DAYS = 366;
const MAX_FORECAST_MS = FORECAST_DAYS * 24 * 3_600_000;

export interface Outlook {
  readonly availableMicros: Micros;
  /** So much in so long, without rents. */
  readonly paceMicros: number;
  readonly paceMs: number;
  readonly nowMs: number;
  /** Earliest first. */
  readonly rents: readonly { readonly atMs: number; readonly amountMicros: Micros }[];
}

/**
 * The moment from which on the balance would be below zero; null when that is so far away that nobody needs to know. Never later than
 * without the rents.
 */
export function lastsUntil({ availableMicros, paceMicros, paceMs, nowMs, rents }: Outlook): number | null {
  let leftMicros: number = availableMicros;
  for (const { atMs, amountMicros } of rents) {
    if (usedUpAtMs() <= atMs) break;
    leftMicros -= amountMicros;
    // There was enough for what is spent until then, but not for the rent as well.
    if (usedUpAtMs() < atMs) return within(atMs);
  }
  return within(Math.floor(usedUpAtMs()));

  /** By the pace alone. */
  function usedUpAtMs(): number {
    if (paceMicros > 0) return nowMs + (leftMicros / paceMicros) * paceMs;
    return leftMicros < 0 ? nowMs : Number.POSITIVE_INFINITY;
  }

  function within(untilMs: number): number | null {
    return untilMs - nowMs > MAX_FORECAST_MS ? null : untilMs;
  }
}
