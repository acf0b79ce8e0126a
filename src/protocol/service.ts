/**
 * Metered services: whatever costs besides calls and numbers (RFC 8506 section 4.1.2 calls what is counted service units). The host's
 * backend asks before it sends, and tells what was used; which kinds there are is the operator's policy.
 *
 *   authorize ─ hold the price of so many units ──► settle ─ capture what was used, release the rest
 *                            │
 *                            ├──► release ─ nothing was used
 *                            └──► expired ─ nobody told in time: all of it is given back
 *   charge ─ both in one step, for what is used at once
 */
import * as z from 'zod/mini';
import { callIdSchema } from './call.ts';
import { dialledTextSchema } from './phone-number.ts';
import { amountMicrosSchema, tariffSchema } from './rate.ts';

/** "sms", "fax", "transcription" ... */
export const serviceKindSchema = z.string().check(z.regex(/^[a-z][a-z0-9_]{1,39}$/));

/** Made by the host, kept before the first request, used for every repeat. */
export const serviceChargeIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));

/** The most units of one charge: what price.ts prices as seconds of a call. */
export const MAX_SERVICE_UNITS = 86_400;
/** The longest that an authorization may hold credit, in seconds (24 hours). */
export const MAX_AUTHORIZATION_SECONDS = 24 * 60 * 60;

const unitsSchema = z.int().check(z.gte(1), z.lte(MAX_SERVICE_UNITS));

/** Somebody whom the host vouches for, as its access tokens do; need not have opened the phone ever. */
const beneficiarySchema = z.strictObject({
  personId: z.string().check(z.minLength(1), z.maxLength(128)),
  name: z.string().check(z.minLength(1), z.maxLength(120)),
});

const requestShape = {
  chargeId: serviceChargeIdSchema,
  kind: serviceKindSchema,
  units: unitsSchema,
  /** Where it goes, for kinds that are priced by destination. */
  to: z.optional(z.nullable(dialledTextSchema)),
  person: z.optional(z.nullable(beneficiarySchema)),
  /** The call that it is an extra of (F-07). */
  callId: z.optional(z.nullable(callIdSchema)),
  /** Whose rate it is (D-28); null is everybody else. */
  licence: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(128)))),
} as const;

export const chargeServiceSchema = z.strictObject(requestShape);
export type ChargeService = z.output<typeof chargeServiceSchema>;

export const authorizeServiceSchema = z.strictObject({
  ...requestShape,
  /** How long the credit is held; as the policy says when left out. */
  validSeconds: z.optional(z.int().check(z.gte(1), z.lte(MAX_AUTHORIZATION_SECONDS))),
});
export type AuthorizeService = z.output<typeof authorizeServiceSchema>;

/** What was used; 0 gives everything back. */
export const settleServiceSchema = z.strictObject({ units: z.int().check(z.gte(0), z.lte(MAX_SERVICE_UNITS)) });

export const SERVICE_STATUSES = ['authorized', 'settled', 'released', 'expired'] as const;
/** `invoice`: it takes no credit and goes on an invoice (C-21). */
export const SERVICE_PAYERS = ['credit', 'invoice', 'free'] as const;
export type ServicePayer = (typeof SERVICE_PAYERS)[number];

/** One charge, with all that explains its price. */
export const serviceChargeSchema = z.object({
  /** Of an extra that an edge reported: `<call id>.<kind>`. */
  chargeId: z.string(),
  officeId: z.string(),
  kind: z.string(),
  /** What is counted: "segment", "page", "minute" ... */
  unit: z.string(),
  status: z.enum(SERVICE_STATUSES),
  paidBy: z.enum(SERVICE_PAYERS),
  to: z.nullable(z.string()),
  destination: z.string(),
  person: z.nullable(z.object({ personId: z.string(), name: z.string() })),
  callId: z.nullable(z.string()),
  authorizedUnits: z.int(),
  units: z.int(),
  currency: z.string(),
  heldMicros: amountMicrosSchema,
  costMicros: amountMicrosSchema,
  /** What was used beyond the credit there was; never taken. */
  shortMicros: amountMicrosSchema,
  rateId: z.string(),
  /** price.ts makes the price of it, with units in the place of seconds. */
  tariff: tariffSchema,
  createdAtMs: z.int(),
  expiresAtMs: z.int(),
  endedAtMs: z.nullable(z.int()),
});
export type ServiceCharge = z.output<typeof serviceChargeSchema>;

/** The kind of the ledger's entries for a service; their reference is the charge's id. A statement joins the two by it. */
export function serviceEntryKind(kind: string): string {
  return `${SERVICE_ENTRY_PREFIX}${kind}`;
}

/** Null for entries of anything else. */
export function serviceOfEntryKind(entryKind: string): string | null {
  return entryKind.startsWith(SERVICE_ENTRY_PREFIX) ? entryKind.slice(SERVICE_ENTRY_PREFIX.length) : null;
}

/** No kind that an operator makes up is mistaken for one of the ledger's own. */
const SERVICE_ENTRY_PREFIX = 'service_';
