/** Whether auto-recharge charges now. Pure: everything it depends on is handed in. */
import { MOST_RECHARGES_IN_DAY } from '../../src/protocol/auto-recharge.ts';
import type { AutoRechargeRow } from '../storage/rows.ts';

export interface RechargeFacts {
  readonly settings: AutoRechargeRow;
  readonly comparison: 'below' | 'at_or_below';
  readonly availableMicros: number;
  readonly hasCard: boolean;
  readonly isTrial: boolean;
  readonly isDisputed: boolean;
  /** Somebody used the phone since the last correction of the wallet, or has just saved the settings. */
  readonly isUsage: boolean;
  /** Auto-recharges of the running local day and month that succeeded or may still. */
  readonly today: { readonly count: number };
  readonly month: { readonly takenMicros: number };
  readonly nowMs: number;
}

const RECHARGE_REASONS = [
  'off',
  'enough_credit',
  'in_flight',
  'paused',
  'not_yet',
  'no_card',
  'trial',
  'disputed',
  'not_usage',
  'daily_cap',
  'monthly_limit',
] as const;
export type RechargeReason = (typeof RECHARGE_REASONS)[number];

/** Null: charge. Otherwise the first reason not to. */
export function whyNoRecharge(facts: RechargeFacts): RechargeReason | null {
  const { settings } = facts;
  if (!settings.isOn) return 'off';
  if (!isLow(facts)) return 'enough_credit';
  if (settings.inFlightPaymentId !== null) return 'in_flight';
  if (settings.pause !== null) return 'paused';
  if (facts.nowMs < settings.notBeforeMs) return 'not_yet';
  if (!facts.hasCard) return 'no_card';
  if (facts.isTrial) return 'trial';
  if (facts.isDisputed) return 'disputed';
  if (!facts.isUsage) return 'not_usage';
  if (facts.today.count >= MOST_RECHARGES_IN_DAY) return 'daily_cap';
  return facts.month.takenMicros + settings.amountMicros > settings.monthlyLimitMicros ? 'monthly_limit' : null;
}

function isLow({ availableMicros, comparison, settings }: RechargeFacts): boolean {
  const { thresholdMicros } = settings;
  return comparison === 'below' ? availableMicros < thresholdMicros : availableMicros <= thresholdMicros;
}
