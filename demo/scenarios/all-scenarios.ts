/** In the order in which somebody new to it would like to see them. */
import { DECLINE } from './decline.ts';
import { DOUBLE_WEBHOOK } from './double-webhook.ts';
import { DRAIN } from './drain.ts';
import { LATE_WEBHOOK } from './late-webhook.ts';
import { LOST_NETWORK } from './lost-network.ts';
import { PRICE_CHANGE } from './price-change.ts';
import { RENT_DAY } from './rent-day.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  DRAIN,
  DECLINE,
  LATE_WEBHOOK,
  DOUBLE_WEBHOOK,
  LOST_NETWORK,
  RENT_DAY,
  PRICE_CHANGE,
];

export function scenarioById(id: string): Scenario | null {
  return SCENARIOS.find((scenario) => scenario.id === id) ?? null;
}
