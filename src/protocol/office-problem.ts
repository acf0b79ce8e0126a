/**
 * What can be refused about everything but calls: payments, numbers, services, statements, alerts. Apart from problem.ts, which every call
 * loads; the same rules: the code is public API, and each needs a title in problem-titles.ts, a paragraph in README.md beside this file, a
 * text for people and a test.
 */
import * as z from 'zod/mini';
import { FIXERS, type Fixer, PROBLEM_CODES, type Refusal } from './problem.ts';
import { amountMicrosSchema } from './rate.ts';

const WHO_CAN_FIX = {
  payments_off: 'operator',
  amount_out_of_bounds: 'admin',
  currency_mismatch: 'host',
  card_missing: 'admin',
  payment_unknown: 'nobody',
  payment_pending: 'admin',
  payment_meanwhile: 'admin',
  payments_frozen: 'operator',
  consent_missing: 'admin',
  trial_account: 'operator',
  card_setup_unknown: 'nobody',
  provider_unavailable: 'nobody',
  webhook_invalid: 'operator',
  card_unconfirmed: 'admin',
  card_check_closed: 'admin',
  card_check_locked: 'admin',
  card_check_limit: 'admin',
  credit_ceiling: 'operator',
  assignee_unknown: 'admin',
  alert_unknown: 'nobody',
  service_off: 'operator',
  service_not_metered: 'host',
  service_unknown: 'host',
  service_expired: 'host',
  service_closed: 'host',
} as const satisfies Record<string, Fixer>;

export type OfficeProblemCode = keyof typeof WHO_CAN_FIX;
// Object.keys gives string[]; the table's own keys are the codes.
export const OFFICE_PROBLEM_CODES = Object.keys(WHO_CAN_FIX) as [OfficeProblemCode, ...OfficeProblemCode[]];

const detailShape = {
  /** amount_out_of_bounds: what is allowed. */
  leastMicros: z.optional(amountMicrosSchema),
  mostMicros: z.optional(amountMicrosSchema),
  currency: z.optional(z.string()),
  /** payment_pending, payment_meanwhile: which one, and by whom (null: an auto-recharge). */
  paymentId: z.optional(z.string()),
  byName: z.optional(z.nullable(z.string())),
  /** Where it was wrong: JSON pointer into the body, with the reason. */
  errors: z.optional(z.array(z.object({ field: z.string(), reason: z.string() }))),
} as const;

/** An expected "no", returned, never thrown. */
export const officeRefusalSchema = z.object({
  code: z.enum(OFFICE_PROBLEM_CODES),
  whoCanFix: z.enum(FIXERS),
  ...detailShape,
});
export type OfficeRefusal = z.output<typeof officeRefusalSchema>;

/** RFC 9457 problem document of an address outside endpoints.ts: one of these codes, or one of problem.ts. */
export const officeProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  instance: z.optional(z.string()),
  code: z.enum([...PROBLEM_CODES, ...OFFICE_PROBLEM_CODES]),
  whoCanFix: z.enum(FIXERS),
  ...detailShape,
});
export type OfficeProblem = z.output<typeof officeProblemSchema>;

export function officeRefusal(
  code: OfficeProblemCode,
  detail: Omit<Partial<OfficeRefusal>, 'code'> = {},
): OfficeRefusal {
  return { whoCanFix: WHO_CAN_FIX[code], ...detail, code };
}

/** Like Outcome of problem.ts, with the refusals of both tables. */
export type OfficeOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal | OfficeRefusal };
