/** The part of the policy about the rent of owned numbers: what comes before a rent day, and the ladder of a number that is not paid. */
import * as z from 'zod/mini';

const daysSchema = z.int().check(z.gte(0), z.lte(365));

export const rentPolicySchema = z.object({
  /** So many days before a rent day its rent is set aside, so that calls cannot use it up; 0: never. */
  setAsideDays: z.int().check(z.gte(0), z.lte(27)),
  /** So many days before a rent day people are told when the credit will not cover it. */
  announceDays: z.int().check(z.gte(0), z.lte(27)),
  /** So many days a number works without having been paid. */
  lateDays: daysSchema,
  /** So many days it is kept then, on hold: it neither calls nor is called, and nothing is charged for them. */
  holdDays: z.int().check(z.gte(1), z.lte(365)),
  /** So many days before it is given back people are told once more. */
  leavingDays: z.int().check(z.gte(1), z.lte(365)),
  /** So many days before a higher rent holds people are told of it at least. A lower one may hold from the next day on. */
  noticeDays: z.int().check(z.gte(1), z.lte(365)),
});
