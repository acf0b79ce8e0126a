/** What a charge was made of, so that the history can explain it: "13 × 1 min at $0.055, rounded up" (REQUIREMENTS.md 2.1, no. 7). */
import type { CallRecord } from '../protocol/call.ts';
import { perMinuteMicros } from '../protocol/price.ts';
import type { RateStep } from '../protocol/rate.ts';
import { sumCharges } from '../protocol/sum-charges.ts';
import { tariffCharges } from '../protocol/tariff-charges.ts';
import type { HistoryEntry } from './ports.ts';

export type CallCharge = Pick<
  HistoryEntry,
  'billedSeconds' | 'perMinuteMicros' | 'connectionFeeMicros' | 'incrementSeconds' | 'isRoundedUp'
>;

/** Empty when the call cost nothing, and when it ran through several prices: one sentence could then only be wrong. */
export function chargeOf(record: CallRecord): CallCharge {
  const { tariff, answeredAtMs, durationSeconds, billedSeconds, costMicros } = record;
  if (tariff === null || answeredAtMs === null || costMicros === 0) return {};
  const parts = tariffCharges(tariff, { startedAtMs: answeredAtMs, durationSeconds });
  const [first, ...rest] = parts.charges.map(({ step }) => step);
  if (first === undefined || !rest.every((step) => isSamePrice(step, first))) return {};
  const isEven = rest.every(({ incrementSeconds }) => incrementSeconds === first.incrementSeconds);
  return {
    billedSeconds,
    perMinuteMicros: perMinuteMicros({ ...tariff, steps: [first], windows: [] }, { startedAtMs: answeredAtMs }),
    ...(parts.connectionFeeMicros === 0 ? {} : { connectionFeeMicros: parts.connectionFeeMicros }),
    ...(isEven ? { incrementSeconds: first.incrementSeconds } : {}),
    isRoundedUp: sumCharges(parts, { mode: 'down', decimals: 6 }) < costMicros,
  };
}

function isSamePrice(a: RateStep, b: RateStep): boolean {
  return a.priceMicros * b.intervalSeconds === b.priceMicros * a.intervalSeconds;
}
