/**
 * The life of an order at a carrier. The money is set aside before the carrier is asked, and the state is written before each step, so that
 * whoever finds the order after a crash knows what may have happened.
 *
 *   held ──► asking ──► ordered ──► bought      the hold is captured, the number has its owner: one transaction
 *    ▲ │        │ │         │
 *    │ │ (busy) │ │         └─────► failed      the hold is released: one transaction
 *    └─┼────────┘ │
 *      │          └───────────────► abandoned   the carrier knows of no order: the hold is released, but it is looked for on,
 *      └──────────────────────────► failed      and given back should it turn up after all; then failed
 *
 * asking is the only state in which nobody knows: it is settled by asking the carrier for the order with our id, never by ordering again.
 */
import type { NumberOrderRow } from '../storage/rows.ts';

export const OPEN_ORDER_STATES = ['held', 'asking', 'ordered'] as const;
/** A number with such an order cannot be ordered by anybody else. */
export const BLOCKING_ORDER_STATES = [...OPEN_ORDER_STATES, 'abandoned'] as const;

export function isOpen({ state }: Pick<NumberOrderRow, 'state'>): boolean {
  return OPEN_ORDER_STATES.some((open) => open === state);
}

export function isBlocking({ state }: Pick<NumberOrderRow, 'state'>): boolean {
  return BLOCKING_ORDER_STATES.some((blocking) => blocking === state);
}

/** Whoever wanted the number waits for the answer; the sweep leaves the order alone for so long. */
export const ANSWER_MS = 15_000;
/** Between two questions about an order whose outcome is not known. */
export const ASK_AGAIN_MS = 5_000;
/** A carrier that knows of no order after so long will not get it any more. Longer than any request lives. */
export const GIVE_UP_MS = 2 * 60_000;
/** For so long an abandoned order is looked for. */
export const LOOK_OUT_MS = 24 * 3_600_000;
/** So often a carrier may be too busy to take an order before it is given up. */
export const MAX_BUSY = 20;

/** The longer a carrier takes, the less often it is asked. */
export function patienceMs(ageMs: number): number {
  if (ageMs < 60_000) return 2_000;
  if (ageMs < 10 * 60_000) return 10_000;
  return ageMs < 3_600_000 ? 60_000 : 10 * 60_000;
}
