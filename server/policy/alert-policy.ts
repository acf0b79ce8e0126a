/** The part of the policy about alerts: when spending is unusual, and what happens then (REQUIREMENTS section 4 nos. 6 and 32). */
import * as z from 'zod/mini';
import { amountMicrosSchema } from '../../src/protocol/rate.ts';

export const alertPolicySchema = z.object({
  /** So many auto-recharges within an hour stop auto-recharge until an admin has looked; null: never. */
  rechargesInHour: z.nullable(z.int().check(z.gte(2), z.lte(100))),
  /** More than so many times a usual day within 24 hours is unusual; null: nothing is. */
  spendTimesUsual: z.nullable(z.int().check(z.gte(2), z.lte(1_000))),
  /** Less within 24 hours is never unusual. */
  spendLeastMicros: amountMicrosSchema,
  /** What is stopped then. */
  onUnusualSpend: z.enum(['nothing', 'auto_recharge', 'calls']),
});
