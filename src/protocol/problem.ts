/**
 * Everything that can be refused or go wrong, once: the code is public API, shared by server, edge and widget. A new code needs a
 * row here, a title in problem-titles.ts, a paragraph in README.md beside this file, a text in elements/messages.ts and a test.
 * HTTP statuses are not here: only server/http/problem-response.ts knows them.
 */
import * as z from 'zod/mini';
import { microsSchema } from './rate.ts';

/** Who can put it right. */
export const FIXERS = ['agent', 'admin', 'host', 'operator', 'nobody'] as const;
export type Fixer = (typeof FIXERS)[number];

/** Each code, with who can put it right unless the case knows better. */
const WHO_CAN_FIX = {
  // Credit: the gate's refusals.
  no_credit: 'admin',
  insufficient_credit: 'admin',
  credit_held: 'admin',
  low_credit: 'admin',
  no_rate: 'operator',
  price_above_limit: 'admin',
  prefix_blocked: 'admin',
  agent_spend_limit: 'admin',
  office_spend_limit: 'admin',
  agent_call_limit: 'agent',
  office_call_limit: 'admin',
  calling_paused: 'admin',
  calling_disputed: 'operator',
  phone_disabled: 'operator',
  number_invalid: 'agent',
  caller_number_forbidden: 'agent',
  number_on_hold: 'admin',
  // The call grant, checked by the SIP edge.
  grant_missing: 'agent',
  grant_invalid: 'agent',
  grant_used: 'agent',
  grant_expired: 'agent',
  grant_mismatch: 'agent',
  // Calls, numbers, requests.
  call_unknown: 'nobody',
  call_ended: 'nobody',
  number_unknown: 'nobody',
  number_taken: 'nobody',
  number_undeliverable: 'nobody',
  carrier_unavailable: 'nobody',
  already_asked: 'admin',
  request_unknown: 'nobody',
  id_reused: 'host',
  // Identity.
  token_missing: 'host',
  token_invalid: 'host',
  token_expired: 'host',
  role_forbidden: 'admin',
  office_forbidden: 'host',
  edge_forbidden: 'operator',
  // Transport.
  request_invalid: 'host',
  not_found: 'host',
  method_not_allowed: 'host',
  body_too_large: 'host',
  rate_limited: 'nobody',
  unavailable: 'operator',
  internal: 'operator',
} as const satisfies Record<string, Fixer>;

export type ProblemCode = keyof typeof WHO_CAN_FIX;
// Object.keys gives string[]; the table's own keys are the codes.
export const PROBLEM_CODES = Object.keys(WHO_CAN_FIX) as [ProblemCode, ...ProblemCode[]];
export const problemCodeSchema = z.enum(PROBLEM_CODES);

/** The numbers that explain a refusal; all optional, all in the wallet's currency. */
const refusalDetailShape = {
  /** What this needed, and what was there. */
  neededMicros: z.optional(microsSchema),
  availableMicros: z.optional(microsSchema),
  currency: z.optional(z.string()),
  /** price_above_limit: what a minute costs; *_limit: the limit. */
  perMinuteMicros: z.optional(microsSchema),
  limitMicros: z.optional(microsSchema),
  limitCalls: z.optional(z.int()),
  /** credit_held: how many running calls hold the rest. */
  holdingCalls: z.optional(z.int()),
  /** calling_paused, calling_disputed: since when (server clock). */
  sinceMs: z.optional(z.int()),
  /** already_asked, rate_limited: try again in so many seconds. */
  retryInSeconds: z.optional(z.int()),
} as const;

/** An expected "no", returned, never thrown. */
export const refusalSchema = z.object({
  code: problemCodeSchema,
  whoCanFix: z.enum(FIXERS),
  ...refusalDetailShape,
});
export type Refusal = z.output<typeof refusalSchema>;

/** RFC 9457 problem document: what every error answer of the server looks like. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What was wrong with this very request, and what was not done. */
  detail: z.optional(z.string()),
  instance: z.optional(z.string()),
  /** Where it was wrong: JSON pointer or parameter name, with the reason. */
  errors: z.optional(z.array(z.object({ field: z.string(), reason: z.string() }))),
  code: problemCodeSchema,
  whoCanFix: z.enum(FIXERS),
  ...refusalDetailShape,
});
export type Problem = z.output<typeof problemSchema>;

/** Makes a refusal; the fixer comes from the table unless the case knows better. */
export function refusal(code: ProblemCode, detail: Omit<Partial<Refusal>, 'code'> = {}): Refusal {
  return { whoCanFix: WHO_CAN_FIX[code], ...detail, code };
}

/** Either a value or the reason why not. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function granted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(reason: Refusal): {
  readonly ok: false;
  readonly refusal: Refusal;
} {
  return { ok: false, refusal: reason };
}
