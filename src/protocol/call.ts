/**
 * The life of a call as money sees it (RFC 8506 names in brackets):
 *
 *   quote ─ what would it cost, may it be made
 *   authorize [initial] ─ hold connection fee + first block, grant a lease ──► released (never answered)
 *   renew [update] ─ grow the hold, lengthen the lease; the last lease is final [final unit]
 *   settle [termination] ─ capture what was used, release the rest
 */
import * as z from 'zod/mini';
import { dialableNumberSchema, dialledTextSchema } from './phone-number.ts';
import { refusalSchema } from './problem.ts';
import { amountMicrosSchema, CALL_DIRECTIONS, RATE_KINDS, tariffSchema } from './rate.ts';

/** Ids are made by the caller (UUIDv7 in the widget), kept before the first request, used for every repeat. */
export const callIdSchema = z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/));

/** Where a call would go and what it would cost. */
export const destinationSchema = z.object({
  number: dialableNumberSchema,
  /** "Germany, mobile", "Echo test", "Dana Whitfield". */
  destination: z.string(),
  kind: z.enum(RATE_KINDS),
  /** ISO 3166-1 alpha-2, null for short numbers. */
  country: z.nullable(z.string()),
});
export type Destination = z.output<typeof destinationSchema>;

export const quoteSchema = z.object({
  ...destinationSchema.shape,
  currency: z.string(),
  isFree: z.boolean(),
  perMinuteMicros: amountMicrosSchema,
  connectionFeeMicros: amountMicrosSchema,
  /** Connection fee + first billed block: what must be there to begin. */
  neededMicros: amountMicrosSchema,
  availableMicros: amountMicrosSchema,
  /** How long the available credit lasts on this call; null when nothing limits it. */
  talkSeconds: z.nullable(z.int()),
  tariff: tariffSchema,
  /** Why the call would be refused now; null when it would be granted. */
  refusal: z.nullable(refusalSchema),
});
export type Quote = z.output<typeof quoteSchema>;

export const authorizeRequestSchema = z.object({
  to: dialledTextSchema,
  /** The office's own number to show; null leaves the choice to the server. */
  callerNumber: z.nullable(dialableNumberSchema),
});
export type AuthorizeRequest = z.output<typeof authorizeRequestSchema>;

/** Leases count from the moment of answer. */
export const leaseSchema = z.object({
  /** Seconds of talk paid for so far, from the answer on. */
  leaseSeconds: z.int(),
  /** 0 for the lease of the authorization, then one more for each renewal. */
  renewalIndex: z.int(),
  /** True when the wallet cannot pay for more than this: the call ends at its end unless credit is added. */
  isFinal: z.boolean(),
  heldMicros: amountMicrosSchema,
});
export type Lease = z.output<typeof leaseSchema>;

export const callAuthorizationSchema = z.object({
  callId: callIdSchema,
  quote: quoteSchema,
  lease: leaseSchema,
  /** Goes into the INVITE as X-Call-Grant; single use, bound to caller, callee and call. */
  grant: z.string(),
  /** The INVITE has to leave within this time. */
  grantExpiresInSeconds: z.int(),
});
export type CallAuthorization = z.output<typeof callAuthorizationSchema>;

export const renewRequestSchema = z.object({
  renewalIndex: z.int().check(z.gte(1)),
});

/** The SIP header that carries the grant, and the one with the machine-readable refusal code in a 402. */
export const GRANT_HEADER = 'X-Call-Grant';
export const REFUSAL_HEADER = 'X-Refusal';

export const CALL_STATUSES = ['authorized', 'ringing', 'answered', 'settled', 'released', 'refused'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** Why a call ended, in words of ours; SIP codes stay in the line and the edge. */
export const END_REASONS = [
  'hung_up',
  'far_end_hung_up',
  'busy',
  'declined',
  'no_answer',
  'cancelled',
  'unreachable',
  'credit_exhausted',
  'refused',
  'paused',
  'line_lost',
  'lease_expired',
  'failed',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** One part of what a call cost: "call" is the talk itself, everything else an extra such as "recording" (F-07). */
export const callLineSchema = z.object({
  kind: z.string(),
  /** What is counted: "second", "minute", "event" ... */
  unit: z.string(),
  units: z.int(),
  costMicros: amountMicrosSchema,
});
export type CallLine = z.output<typeof callLineSchema>;

/** One row of the call list: what server, event stream and history agree on. */
export const callRecordSchema = z.object({
  callId: callIdSchema,
  officeId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  direction: z.enum(CALL_DIRECTIONS),
  number: z.string(),
  destination: z.string(),
  kind: z.enum(RATE_KINDS),
  status: z.enum(CALL_STATUSES),
  startedAtMs: z.int(),
  answeredAtMs: z.nullable(z.int()),
  /** Milliseconds since the answer when this record was made; clocks differ, so a meter starts from here. */
  elapsedMs: z.nullable(z.int()),
  endedAtMs: z.nullable(z.int()),
  endReason: z.nullable(z.enum(END_REASONS)),
  durationSeconds: z.int(),
  billedSeconds: z.int(),
  costMicros: amountMicrosSchema,
  currency: z.string(),
  perMinuteMicros: amountMicrosSchema,
  connectionFeeMicros: amountMicrosSchema,
  lease: z.nullable(leaseSchema),
  tariff: z.nullable(tariffSchema),
  refusal: z.nullable(refusalSchema),
  /** Only of a call that had extras, when it is asked for by itself: the talk (`costMicros`), then each extra. */
  lines: z.optional(z.array(callLineSchema)),
  /** What all lines add up to, to the micro-unit. */
  totalMicros: z.optional(amountMicrosSchema),
});
export type CallRecord = z.output<typeof callRecordSchema>;
