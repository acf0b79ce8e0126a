/**
 * Numbers that the account has: until when each is paid, what happens to it without credit and when, who uses it (F-06, REQUIREMENTS 2.3
 * no. 5, complaints 25 and 26). Days are calendar days in the account's time zone, "2027-03-03"; each begins at its first moment there.
 */
import * as z from 'zod/mini';
import { NUMBER_TYPES } from './number.ts';
import { amountMicrosSchema } from './rate.ts';

const daySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/**
 * active: paid until nextRentDay. late: not paid, and works until holdsOn. held: neither calls nor is called, nothing is charged, and it is
 * kept until givenBackOn. returning: on its way back to where it came from. returned: somebody else may have it.
 */
export const OWN_NUMBER_STATES = ['active', 'late', 'held', 'returning', 'returned'] as const;

export const ownNumberSchema = z.object({
  /** E.164. */
  number: z.string(),
  country: z.string(),
  type: z.enum(NUMBER_TYPES),
  region: z.string(),
  office: z.object({ officeId: z.string(), name: z.string() }),
  /** Whose it is within the office; null: everybody's. */
  person: z.nullable(z.object({ personId: z.string(), name: z.string() })),
  state: z.enum(OWN_NUMBER_STATES),
  currency: z.string(),
  /** As it was agreed when it was bought. */
  monthlyMicros: amountMicrosSchema,
  /** A price that was announced, and from which rent day on. */
  newPrice: z.nullable(z.object({ monthlyMicros: amountMicrosSchema, fromDay: daySchema })),
  /** active, late: when rent falls (or fell) due. Null for a number that is not paid for any more. */
  nextRentDay: z.nullable(daySchema),
  /** So many days of the account's calendar from today; negative when it is late. Null with it. */
  rentInDays: z.nullable(z.int()),
  /** Of the next rent, already set aside. */
  setAsideMicros: amountMicrosSchema,
  /** False: the credit will not cover the next rent as it is now. */
  isCovered: z.boolean(),
  /** What happens without any more credit: until when it works, and until when it is kept. Null for a number that is free or gone. */
  worksUntil: z.nullable(daySchema),
  keptUntil: z.nullable(daySchema),
  /** late: the rents that are due. held: one month, which brings it back from today on. Otherwise 0. */
  dueMicros: amountMicrosSchema,
  /** returned: the day. */
  givenBackOn: z.nullable(daySchema),
});
export type OwnNumber = z.output<typeof ownNumberSchema>;

/** What rent takes of the credit of an office's wallet: for "Of this, $6.00 pays overdue rent" and "$2.00 due for +1 415... on 3 March". */
export const rentAheadSchema = z.object({
  currency: z.string(),
  /** Taken from the next credit at once. */
  overdueMicros: amountMicrosSchema,
  /** Held in the wallet for rents that come. */
  setAsideMicros: amountMicrosSchema,
  /** Of the next rent day: all rents of that day, and one of the numbers. */
  next: z.nullable(
    z.object({ day: daySchema, amountMicros: amountMicrosSchema, number: z.string(), numberCount: z.int() }),
  ),
});
export type RentAhead = z.output<typeof rentAheadSchema>;

export const ownNumberPageSchema = z.object({
  numbers: z.array(ownNumberSchema),
  nextCursor: z.nullable(z.string()),
  /** Null for those who do not manage credit. */
  rent: z.nullable(rentAheadSchema),
  /** To whom numbers can be assigned; empty for those who may not. */
  offices: z.array(z.object({ officeId: z.string(), name: z.string() })),
  people: z.array(z.object({ personId: z.string(), name: z.string(), officeId: z.string() })),
});
export type OwnNumberPage = z.output<typeof ownNumberPageSchema>;

/** Made by the client, so that a release or a restoration that is sent twice is made once. */
const changeIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));
export const releaseNumberSchema = z.object({
  changeId: changeIdSchema,
  /** The number once more: nobody releases one by a slip of an address. */
  confirmedNumber: z.string().check(z.maxLength(20)),
});
export type ReleaseNumber = z.output<typeof releaseNumberSchema>;
export const restoreNumberSchema = z.object({ changeId: changeIdSchema });
export type RestoreNumber = z.output<typeof restoreNumberSchema>;
export const assignNumberSchema = z.object({
  officeId: z.string().check(z.maxLength(64)),
  /** Null: everybody of the office. */
  personId: z.nullable(z.string().check(z.maxLength(128))),
});
export type AssignNumber = z.output<typeof assignNumberSchema>;
