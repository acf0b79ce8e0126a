/** Phone numbers that can be bought with the same credit. */
import * as z from 'zod/mini';
import { refusalSchema } from './problem.ts';
import { amountMicrosSchema } from './rate.ts';

export const NUMBER_TYPES = ['local', 'mobile', 'toll_free'] as const;

export const shopNumberSchema = z.object({
  /** E.164. */
  number: z.string(),
  country: z.string(),
  type: z.enum(NUMBER_TYPES),
  /** "San Francisco, CA". */
  region: z.string(),
  features: z.array(z.enum(['voice', 'sms', 'fax'])),
  currency: z.string(),
  setupMicros: amountMicrosSchema,
  monthlyMicros: amountMicrosSchema,
  /** Set-up + first month: what is charged on purchase. */
  dueTodayMicros: amountMicrosSchema,
  inboundPerMinuteMicros: amountMicrosSchema,
  status: z.enum(['available', 'owned', 'taken']),
  /** Why this office can't buy it now; null when it can. */
  refusal: z.nullable(refusalSchema),
});
export type ShopNumber = z.output<typeof shopNumberSchema>;

export const numberSearchSchema = z.object({
  country: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/))),
  type: z.optional(z.enum(NUMBER_TYPES)),
  /** Digits that occur in the number. */
  contains: z.optional(z.string().check(z.regex(/^\d{1,15}$/))),
  cursor: z.optional(z.string().check(z.maxLength(64))),
});
export type NumberSearch = z.output<typeof numberSearchSchema>;
export const numberPageSchema = z.object({
  numbers: z.array(shopNumberSchema),
  nextCursor: z.nullable(z.string()),
});
export type NumberPage = z.output<typeof numberPageSchema>;

export const purchaseIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));
export const buyNumberSchema = z.object({ purchaseId: purchaseIdSchema });
export const numberPurchaseSchema = z.object({
  purchaseId: purchaseIdSchema,
  number: shopNumberSchema,
  chargedMicros: amountMicrosSchema,
  purchasedAtMs: z.int(),
});
export type NumberPurchase = z.output<typeof numberPurchaseSchema>;
