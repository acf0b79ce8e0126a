/**
 * How the simulated provider's reports travel, as somebody who tries it out has told it. In the store, so that it holds at every server of
 * an installation; for a while only, so that nobody wonders tomorrow why reports do not come.
 */
import type { SimulatedObjects } from './simulated-objects.ts';

export const DELIVERY_MODES = ['at_once', 'twice', 'late', 'reversed', 'never'] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

export interface SimulatedDeliveries {
  readonly kind: 'deliveries';
  readonly mode: DeliveryMode;
  readonly untilMs: number;
}

const REF = 'sim_deliveries';
/** After that, reports come at once again. */
export const DELIVERIES_KEPT_MINUTES = 10;
const KEPT_MS = DELIVERIES_KEPT_MINUTES * 60_000;

export async function setDeliveries(
  objects: SimulatedObjects,
  { mode, nowMs }: { readonly mode: DeliveryMode; readonly nowMs: number },
): Promise<void> {
  await objects.put({ ref: REF, content: { kind: 'deliveries', mode, untilMs: nowMs + KEPT_MS }, atMs: nowMs });
}

export async function deliveryMode(objects: SimulatedObjects, nowMs: number): Promise<DeliveryMode> {
  const set = await objects.find<SimulatedDeliveries>('deliveries', REF);
  return set !== null && nowMs < set.content.untilMs ? set.content.mode : 'at_once';
}
