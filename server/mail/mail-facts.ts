/** What each mail tells, as facts: stored when it happens, made into words when it is sent. Never a secret, never a card check's amount. */
import * as z from 'zod/mini';
import { alertFactsSchema } from '../../src/protocol/alert.ts';
import { cardSchema } from '../../src/protocol/payment.ts';
import { amountMicrosSchema } from '../../src/protocol/rate.ts';

/** As in the alert of each office. */
const rentChangesShape = {
  numbers: z.array(z.object({ number: z.string(), oldMicros: amountMicrosSchema, newMicros: amountMicrosSchema })),
  numberCount: z.int(),
  oldMicros: amountMicrosSchema,
  newMicros: amountMicrosSchema,
};

export const mailFactsSchema = z.discriminatedUnion('kind', [
  /** Each alert is a mail, too. */
  alertFactsSchema,
  /** A numbered paper goes along: receipt, invoice or credit note. */
  z.object({ kind: z.literal('paper'), invoiceNumber: z.int() }),
  z.object({ kind: z.literal('credit_asked'), requestId: z.string(), personName: z.string(), reason: z.string() }),
  /** The same change of rents in several offices, for somebody who hears of all of them. */
  z.object({
    kind: z.literal('rent_changes_of_offices'),
    fromOn: z.string(),
    currency: z.string(),
    isCorrection: z.boolean(),
    offices: z.array(z.object({ name: z.string(), ...rentChangesShape })),
  }),
  z.object({ kind: z.literal('card_check'), card: z.nullable(cardSchema) }),
  z.object({ kind: z.literal('card_check_locked'), card: z.nullable(cardSchema) }),
]);
export type MailFacts = z.output<typeof mailFactsSchema>;
/** As they are written down, before amounts were checked. */
export type NewMailFacts = z.input<typeof mailFactsSchema>;
