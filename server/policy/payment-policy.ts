/** The part of the policy about paying for credit (REQUIREMENTS.md section 1.6, rows 1 to 4). */
import * as z from 'zod/mini';
import { amountMicrosSchema } from '../../src/protocol/rate.ts';

export const paymentPolicySchema = z.object({
  topUp: z.object({
    presetsMicros: z.array(amountMicrosSchema).check(z.minLength(1), z.maxLength(12)),
    /** False: nothing but the presets can be paid (F-15). */
    isOtherAmountAllowed: z.boolean(),
    /** The presets are offered as a drop-down (S-09). */
    isList: z.boolean(),
    /** No amount is suggested (D-07). */
    isChoiceNeeded: z.boolean(),
    leastMicros: amountMicrosSchema,
    mostMicros: amountMicrosSchema,
  }),
  /** How often the amount of a card check may be wrong (D-24). */
  cardCheckTries: z.int().check(z.gte(1), z.lte(5)),
  autoRecharge: z.object({
    /** Compared with what is available: below (C-10, S-11, L-11, D-17), or when it is reached (F-20). */
    comparison: z.enum(['below', 'at_or_below']),
    /** What the form suggests, and what may be set. */
    thresholdMicros: amountMicrosSchema,
    thresholdLeastMicros: amountMicrosSchema,
    thresholdMostMicros: amountMicrosSchema,
    amountMicros: amountMicrosSchema,
    amountLeastMicros: amountMicrosSchema,
    amountMostMicros: amountMicrosSchema,
    monthlyLimitMicros: amountMicrosSchema,
    /** Saving it without a card asks for one (S-14); otherwise the card comes first (L-15). */
    isCardAskedFor: z.boolean(),
    /** From one success to the next try at least. */
    secondsBetween: z.int().check(z.gte(0), z.lte(24 * 3600)),
  }),
});

/** What stands on receipts and invoices (F-24). */
export const invoicePolicySchema = z.object({
  /** Name and address of whoever sells the credit. */
  sellerLines: z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(10)),
  /** Contained in each amount that is paid; null: none. `rateHundredths`: 1900 is 19 %. */
  tax: z.nullable(
    z.object({
      name: z.string().check(z.minLength(1), z.maxLength(20)),
      rateHundredths: z.int().check(z.gte(1), z.lte(10_000)),
    }),
  ),
});
