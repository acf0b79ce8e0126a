/** Phone numbers that can be bought with the same credit. */
import * as z from 'zod/mini';
import { refusalSchema } from './problem.ts';
import { amountMicrosSchema } from './rate.ts';

export const NUMBER_TYPES = ['local', 'mobile', 'toll_free'] as const;
export const NUMBER_FEATURES = ['voice', 'sms', 'fax'] as const;

/** What is charged on purchase, item by item. */
const dueTodaySchema = z.object({
  setupMicros: amountMicrosSchema,
  /** From today until rent falls due: so many days of so many. */
  firstMonthMicros: amountMicrosSchema,
  days: z.int(),
  daysInMonth: z.int(),
  /** "2026-12-01" in the account's time zone: the first day that is not paid. */
  nextRentDay: z.string(),
});

export const shopNumberSchema = z.object({
  /** E.164. */
  number: z.string(),
  country: z.string(),
  type: z.enum(NUMBER_TYPES),
  /** "San Francisco, CA". */
  region: z.string(),
  features: z.array(z.enum(NUMBER_FEATURES)),
  currency: z.string(),
  setupMicros: amountMicrosSchema,
  monthlyMicros: amountMicrosSchema,
  /** The sum of `due`: what is charged on purchase. */
  dueTodayMicros: amountMicrosSchema,
  due: dueTodaySchema,
  inboundPerMinuteMicros: amountMicrosSchema,
  /** ordering: the money is set aside, the carrier has not delivered yet. failed: it did not; nothing was charged. */
  status: z.enum(['available', 'ordering', 'owned', 'taken', 'failed']),
  /** Why this office can't buy it now; null when it can. */
  refusal: z.nullable(refusalSchema),
  /** The purchase would leave nothing to call with; `takesCalls`: the number would ring all the same. Null when it leaves enough. */
  thin: z.nullable(z.object({ leavesMicros: amountMicrosSchema, takesCalls: z.boolean() })),
  /** For a number of a carrier, goes along with the purchase: the price that was shown, signed by the server. */
  offer: z.nullable(z.string()),
});
export type ShopNumber = z.output<typeof shopNumberSchema>;

const digitsSchema = z.string().check(z.regex(/^\d{1,15}$/));

export const numberSearchSchema = z
  .object({
    country: z.optional(z.string().check(z.regex(/^[A-Z]{2}$/))),
    type: z.optional(z.enum(NUMBER_TYPES)),
    /** Without the leading zero, "30" for Berlin; means something together with `country` only. */
    areaCode: z.optional(z.string().check(z.regex(/^\d{1,6}$/))),
    /** With `country` the digits after the country code, without it all of them: "4930". */
    starts: z.optional(digitsSchema),
    contains: z.optional(digitsSchema),
    ends: z.optional(digitsSchema),
    /** All of them must be there: "voice,sms". */
    features: z.optional(z.string().check(z.regex(/^(voice|sms|fax)(,(voice|sms|fax)){0,2}$/))),
    cursor: z.optional(z.string().check(z.maxLength(64))),
  })
  .check(
    z.refine(({ areaCode, country }) => areaCode === undefined || country !== undefined, {
      path: ['areaCode'],
      error: 'means nothing without a country',
    }),
  );
export type NumberSearch = z.output<typeof numberSearchSchema>;
export const numberPageSchema = z.object({
  numbers: z.array(shopNumberSchema),
  nextCursor: z.nullable(z.string()),
});
export type NumberPage = z.output<typeof numberPageSchema>;

export const purchaseIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));
export const buyNumberSchema = z.object({
  purchaseId: purchaseIdSchema,
  offer: z.optional(z.string().check(z.maxLength(2_000))),
});
export const numberPurchaseSchema = z.object({
  purchaseId: purchaseIdSchema,
  number: shopNumberSchema,
  /** ordered: set aside, and charged when the carrier delivers. */
  state: z.enum(['bought', 'ordered']),
  chargedMicros: amountMicrosSchema,
  purchasedAtMs: z.int(),
});
export type NumberPurchase = z.output<typeof numberPurchaseSchema>;
