/**
 * Everything that can be refused or go wrong, once: the code is public API, shared by server, edge and widget. A new code needs a
 * row here, a paragraph in README.md beside this file, a text in elements/messages.ts and a test. HTTP statuses are not here:
 * only server/http/problem-response.ts knows them.
 */
import * as z from 'zod/mini';
import { microsSchema } from './rate.ts';

/** Who can put it right. */
export const FIXERS = ['agent', 'admin', 'host', 'operator', 'nobody'] as const;
export type Fixer = (typeof FIXERS)[number];

interface ProblemRow {
  /** One sentence: what happened. Texts for people are in elements/messages.ts. */
  readonly title: string;
  readonly whoCanFix: Fixer;
}

export const PROBLEMS = {
  // Credit: the gate's refusals.
  no_credit: { title: 'The wallet has no credit.', whoCanFix: 'admin' },
  insufficient_credit: {
    title: 'The credit does not cover this.',
    whoCanFix: 'admin',
  },
  credit_held: {
    title: 'The remaining credit is held by running calls.',
    whoCanFix: 'admin',
  },
  low_credit: {
    title: 'The credit is below the least amount for calls.',
    whoCanFix: 'admin',
  },
  no_rate: {
    title: 'There is no price for this number, so it cannot be called.',
    whoCanFix: 'operator',
  },
  price_above_limit: {
    title: 'This number costs more a minute than is allowed.',
    whoCanFix: 'admin',
  },
  prefix_blocked: {
    title: 'Calls to this destination are blocked.',
    whoCanFix: 'admin',
  },
  agent_spend_limit: {
    title: "The agent's limit for today is used.",
    whoCanFix: 'admin',
  },
  office_spend_limit: {
    title: "The office's limit for today is used.",
    whoCanFix: 'admin',
  },
  agent_call_limit: {
    title: 'The agent has as many calls as allowed at once.',
    whoCanFix: 'agent',
  },
  office_call_limit: {
    title: 'The office has as many calls as allowed at once.',
    whoCanFix: 'admin',
  },
  calling_paused: {
    title: 'Calling is paused by an admin.',
    whoCanFix: 'admin',
  },
  phone_disabled: {
    title: 'The phone is switched off for this account.',
    whoCanFix: 'operator',
  },
  number_invalid: { title: 'This is not a phone number.', whoCanFix: 'agent' },
  // The call grant, checked by the SIP edge.
  grant_missing: { title: 'The call carries no grant.', whoCanFix: 'agent' },
  grant_invalid: {
    title: 'The call grant is not one of ours.',
    whoCanFix: 'agent',
  },
  grant_used: { title: 'The call grant was used already.', whoCanFix: 'agent' },
  grant_expired: { title: 'The call grant has expired.', whoCanFix: 'agent' },
  grant_mismatch: {
    title: 'The call grant is for another call.',
    whoCanFix: 'agent',
  },
  // Calls, numbers, requests.
  call_unknown: { title: 'There is no such call.', whoCanFix: 'nobody' },
  call_ended: { title: 'The call has ended.', whoCanFix: 'nobody' },
  number_unknown: {
    title: 'There is no such number in the shop.',
    whoCanFix: 'nobody',
  },
  number_taken: { title: 'The number is already owned.', whoCanFix: 'nobody' },
  already_asked: {
    title: 'Credit was asked for a moment ago.',
    whoCanFix: 'admin',
  },
  request_unknown: {
    title: 'There is no such credit request.',
    whoCanFix: 'nobody',
  },
  id_reused: {
    title: 'This id was used for something else before.',
    whoCanFix: 'host',
  },
  // Identity.
  token_missing: {
    title: 'The request carries no access token.',
    whoCanFix: 'host',
  },
  token_invalid: {
    title: 'The access token is not valid here.',
    whoCanFix: 'host',
  },
  token_expired: { title: 'The access token has expired.', whoCanFix: 'host' },
  role_forbidden: { title: 'This role may not do that.', whoCanFix: 'admin' },
  office_forbidden: {
    title: 'This token is for another office.',
    whoCanFix: 'host',
  },
  edge_forbidden: {
    title: 'The SIP edge did not identify itself.',
    whoCanFix: 'operator',
  },
  // Transport.
  request_invalid: { title: 'The request is not valid.', whoCanFix: 'host' },
  not_found: { title: 'There is nothing at this address.', whoCanFix: 'host' },
  method_not_allowed: {
    title: 'This address does not know that method.',
    whoCanFix: 'host',
  },
  body_too_large: {
    title: 'The request body is too large.',
    whoCanFix: 'host',
  },
  rate_limited: { title: 'Too many requests.', whoCanFix: 'nobody' },
  unavailable: {
    title: 'The credit cannot be checked right now.',
    whoCanFix: 'operator',
  },
  internal: {
    title: 'The server made a mistake; nothing was charged.',
    whoCanFix: 'operator',
  },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof PROBLEMS;
// Object.keys gives string[]; the table's own keys are the codes.
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
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
  /** calling_paused: since when (server clock). */
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
  return { whoCanFix: PROBLEMS[code].whoCanFix, ...detail, code };
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
