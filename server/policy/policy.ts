/**
 * The policy: everything an operator may decide about credit, calls and numbers, as it holds for one account. Accounts of different
 * profiles go by different ones (policies.ts).
 */
import * as z from 'zod/mini';
import { amountMicrosSchema, RATE_KINDS } from '../../src/protocol/rate.ts';
import { alertPolicySchema } from './alert-policy.ts';
import { numberPolicySchema } from './number-policy.ts';
import { invoicePolicySchema, paymentPolicySchema } from './payment-policy.ts';
import { rentPolicySchema } from './rent-policy.ts';
import { servicePolicySchema } from './service-policy.ts';

const secondsSchema = z.int().check(z.gte(1), z.lte(24 * 3600));

export const policySchema = z.object({
  showBalanceToAgents: z.enum(['money', 'time', 'none']),
  credit: z.object({
    /** Alert level and critical level (credit-level.ts). */
    lowMicros: amountMicrosSchema,
    criticalMicros: amountMicrosSchema,
    /** A paid call needs at least this much available (F-12: 2.00 in the literal profile, 0 in the default). */
    callFloorMicros: amountMicrosSchema,
    /** A number that costs something needs at least this much available before it is bought (F-11). */
    numberFloorMicros: amountMicrosSchema,
  }),
  calls: z.object({
    /** Talk time that a lease covers, and how long before its end it is renewed. */
    leaseSeconds: secondsSchema,
    renewBeforeSeconds: secondsSchema,
    /** After the end of a lease without news from the edge, the call is settled. */
    reapAfterSeconds: secondsSchema,
    ringSeconds: secondsSchema,
    grantSeconds: secondsSchema,
    maxSeconds: secondsSchema,
  }),
  caps: z.object({
    agentCallsAtOnce: z.nullable(z.int()),
    officeCallsAtOnce: z.nullable(z.int()),
    perMinuteMicros: z.nullable(amountMicrosSchema),
    agentDayMicros: z.nullable(amountMicrosSchema),
    officeDayMicros: z.nullable(amountMicrosSchema),
  }),
  /** E.164 digits; calls to numbers that begin so are refused. */
  blockedPrefixes: z.array(z.string().check(z.regex(/^\d{1,15}$/))),
  /** Never gated by credit, whatever their rate says. */
  ungatedKinds: z.array(z.enum(RATE_KINDS)),
  /** Inbound with no credit (F-10, C-01): refuse all, only those that cost (toll-free), or none. */
  inboundAtZero: z.enum(['block', 'toll_free_only', 'allow']),
  askForCredit: z.object({ coolDownSeconds: secondsSchema }),
  payments: paymentPolicySchema,
  invoices: invoicePolicySchema,
  alerts: alertPolicySchema,
  services: servicePolicySchema,
  numbers: numberPolicySchema,
  rent: rentPolicySchema,
});
export type Policy = z.output<typeof policySchema>;

/** What is the same for all accounts on a server, whatever their profile: how calls are held, and what agents see. */
export const SERVER_FIELDS = ['calls', 'showBalanceToAgents'] as const satisfies readonly (keyof Policy)[];
export type ServerPolicy = Pick<Policy, (typeof SERVER_FIELDS)[number]>;

/** Any part of what a profile can decide; lists are replaced as a whole. */
export type PolicyPart = PartOf<Omit<Policy, keyof ServerPolicy>>;

type PartOf<Whole> = Whole extends readonly unknown[] | string | number | boolean | null
  ? Whole
  : { readonly [Name in keyof Whole]?: PartOf<Whole[Name]> };
