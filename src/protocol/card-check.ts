/**
 * Confirming a card by a small charge whose amount only somebody who sees the card's statement can know (REQUIREMENTS D-22 to D-24). The
 * amount is in no answer of the server.
 *
 *   charging ──► (requires_action) ──► waiting ──► confirmed
 *      │                                  ├──► locked    wrong too often
 *      └──► failed: not charged           └──► expired   after 14 days, or the card was changed
 *
 * Whatever its end, the charge is given back.
 */
import * as z from 'zod/mini';
import { cardSchema, paymentFailureSchema, paymentIdSchema, paymentStepSchema } from './payment.ts';
import { amountMicrosSchema } from './rate.ts';

export const CARD_CHECK_STATUSES = [
  'charging',
  'requires_action',
  'waiting',
  'confirmed',
  'locked',
  'expired',
  'failed',
] as const;

export const cardCheckSchema = z.object({
  checkId: paymentIdSchema,
  status: z.enum(CARD_CHECK_STATUSES),
  triesLeft: z.int(),
  /** The card that was charged; null when it is not the saved one any more. */
  card: z.nullable(cardSchema),
  /** requires_action: what the bank wants. */
  step: z.nullable(paymentStepSchema),
  /** failed: why. */
  failure: z.nullable(paymentFailureSchema),
  /** What an amount can be at all; another one is a mistake of typing and does not count as a try. */
  leastMicros: amountMicrosSchema,
  mostMicros: amountMicrosSchema,
  currency: z.string(),
});
export type CardCheck = z.output<typeof cardCheckSchema>;

/** The same id is the same charge, however often it is sent. */
export const startCardCheckSchema = z.object({ checkId: paymentIdSchema });
export const guessCardCheckSchema = z.object({ amountMicros: amountMicrosSchema });
