/**
 * Credit levels with hysteresis (REQUIREMENTS.md section 2): ok -> low -> critical -> empty on the way down; on the way up a
 * level is left only when the credit is clearly above it, so that a wallet near a line does not flicker.
 */
import type { Micros } from './money.ts';

export const CREDIT_LEVELS = ['ok', 'low', 'critical', 'empty'] as const;
export type CreditLevel = (typeof CREDIT_LEVELS)[number];

/** The amounts at or below which a level begins: `lowMicros` >= `criticalMicros` >= 0. Empty begins at 0. */
export interface CreditThresholds {
  readonly lowMicros: Micros;
  readonly criticalMicros: Micros;
}

/** How far above a line the credit must be to leave that level again: 10 % of the line, at least one cent. */
const RECOVERY_SHARE = 10;
const RECOVERY_MINIMUM_MICROS = 10_000;

/** The level for an available amount, given the level that was shown before (null when none was). */
export function creditLevel(
  available: Micros,
  context: {
    readonly thresholds: CreditThresholds;
    readonly previous: CreditLevel | null;
  },
): CreditLevel {
  const fallen = levelWithout(available, context.thresholds);
  if (context.previous === null || severity(fallen) >= severity(context.previous)) return fallen;
  const recovered = levelWithout(available, raised(context.thresholds));
  return severity(recovered) < severity(context.previous) ? recovered : milder(context.previous, available, fallen);
}

/** Empty is left as soon as there is money: hiding real credit would be worse than a flicker. */
function milder(previous: CreditLevel, available: Micros, fallen: CreditLevel): CreditLevel {
  return previous === 'empty' && available > 0 ? 'critical' : severity(fallen) < severity(previous) ? previous : fallen;
}

function levelWithout(available: number, thresholds: { lowMicros: number; criticalMicros: number }): CreditLevel {
  if (available <= 0) return 'empty';
  if (available <= thresholds.criticalMicros) return 'critical';
  return available <= thresholds.lowMicros ? 'low' : 'ok';
}

function raised(thresholds: CreditThresholds): {
  lowMicros: number;
  criticalMicros: number;
} {
  return {
    lowMicros: withMargin(thresholds.lowMicros),
    criticalMicros: withMargin(thresholds.criticalMicros),
  };
}

function withMargin(line: number): number {
  return line + Math.max(Math.ceil(line / RECOVERY_SHARE), RECOVERY_MINIMUM_MICROS);
}

function severity(level: CreditLevel): number {
  return CREDIT_LEVELS.indexOf(level);
}
