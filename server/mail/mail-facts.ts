/** What each mail tells, as facts: stored when it happens, made into words when it is sent. Never a secret, never a card check's amount. */
import * as z from 'zod/mini';
import { cardSchema, paymentFailureSchema } from '../../src/protocol/payment.ts';

const amountSchema = z.object({ amountMicros: z.int(), currency: z.string() });

export const mailFactsSchema = z.discriminatedUnion('kind', [
  /** A numbered paper goes along: receipt, invoice or credit note. */
  z.object({ kind: z.literal('paper'), invoiceNumber: z.int() }),
  z.object({
    kind: z.literal('recharge_failed'),
    ...amountSchema.shape,
    card: z.nullable(cardSchema),
    failure: z.nullable(paymentFailureSchema),
    /** False: it is tried again by itself. */
    isPaused: z.boolean(),
  }),
  z.object({
    kind: z.literal('recharge_limit'),
    takenMicros: z.int(),
    limitMicros: z.int(),
    currency: z.string(),
    /** False: it is near. */
    isReached: z.boolean(),
  }),
  z.object({ kind: z.literal('card_expiring'), card: cardSchema, days: z.int() }),
  z.object({ kind: z.literal('credit_asked'), requestId: z.string(), personName: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('card_check'), card: z.nullable(cardSchema) }),
  z.object({ kind: z.literal('card_check_locked'), card: z.nullable(cardSchema) }),
]);
export type MailFacts = z.output<typeof mailFactsSchema>;
