/**
 * Every address of the server, once. server/http binds it to handlers and makes the OpenAPI document from it; src/gate calls it.
 * Role "agent" means anybody with a token.
 */
import * as z from 'zod/mini';
import {
  addPlayCreditSchema,
  answerCreditRequestSchema,
  askForCreditSchema,
  balanceSchema,
  creditRequestSchema,
  lineCredentialsSchema,
  meSchema,
  type Role,
  setPauseSchema,
} from './account.ts';
import {
  authorizeRequestSchema,
  callAuthorizationSchema,
  callRecordSchema,
  leaseSchema,
  quoteSchema,
  renewRequestSchema,
} from './call.ts';
import { buyNumberSchema, numberPageSchema, numberPurchaseSchema, numberSearchSchema } from './number.ts';
import { dialledTextSchema } from './phone-number.ts';
import type { ProblemCode } from './problem.ts';
import { rateSchema } from './rate.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Hono style: "/v1/calls/:callId". */
  readonly path: string;
  readonly role: Exclude<Role, 'company'>;
  readonly summary: string;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniObject;
  readonly response: z.ZodMiniType;
  /** Refusals of this very address; those of identity and transport come on top. */
  readonly problems: readonly ProblemCode[];
}

const gateRefusals = [
  'no_credit',
  'insufficient_credit',
  'credit_held',
  'low_credit',
  'no_rate',
  'price_above_limit',
  'prefix_blocked',
  'agent_spend_limit',
  'office_spend_limit',
  'agent_call_limit',
  'office_call_limit',
  'calling_paused',
  'phone_disabled',
  'number_invalid',
] as const satisfies readonly ProblemCode[];

const callPage = z.object({
  calls: z.array(callRecordSchema),
  nextCursor: z.nullable(z.string()),
});
const cursorQuery = z.object({
  cursor: z.optional(z.string().check(z.maxLength(64))),
});

export const ENDPOINTS = {
  me: {
    method: 'GET',
    path: '/v1/me',
    role: 'agent',
    summary: 'Who the token stands for, and what the phone may show.',
    response: meSchema,
    problems: ['phone_disabled'],
  },
  mintLineCredentials: {
    method: 'POST',
    path: '/v1/line-credentials',
    role: 'agent',
    summary: 'Short-lived SIP credentials for this widget.',
    response: lineCredentialsSchema,
    problems: ['phone_disabled'],
  },
  balance: {
    method: 'GET',
    path: '/v1/balance',
    role: 'agent',
    summary: 'Balance, what is held and by what, and what works with it.',
    response: balanceSchema,
    problems: [],
  },
  quote: {
    method: 'GET',
    path: '/v1/quote',
    role: 'agent',
    summary: 'What a call would cost, how long the credit lasts, and whether it would be granted. Moves nothing.',
    query: z.object({ to: dialledTextSchema }),
    response: quoteSchema,
    problems: ['number_invalid', 'no_rate'],
  },
  authorizeCall: {
    method: 'POST',
    path: '/v1/calls/:callId/authorize',
    role: 'agent',
    summary: 'Holds connection fee and first block, answers with a grant for the SIP edge. Repeatable.',
    body: authorizeRequestSchema,
    response: callAuthorizationSchema,
    problems: [...gateRefusals, 'id_reused', 'call_ended'],
  },
  renewCall: {
    method: 'POST',
    path: '/v1/calls/:callId/renew',
    role: 'agent',
    summary: 'Makes sure that the lease with this index exists. Where an edge reports, the server renews by itself.',
    body: renewRequestSchema,
    response: leaseSchema,
    problems: ['call_unknown', 'call_ended'],
  },
  releaseCall: {
    method: 'POST',
    path: '/v1/calls/:callId/release',
    role: 'agent',
    summary: 'Gives back the hold of a call that was not answered.',
    response: callRecordSchema,
    problems: ['call_unknown'],
  },
  call: {
    method: 'GET',
    path: '/v1/calls/:callId',
    role: 'agent',
    summary: 'One call: state, cost, reason of its end.',
    response: callRecordSchema,
    problems: ['call_unknown'],
  },
  calls: {
    method: 'GET',
    path: '/v1/calls',
    role: 'agent',
    summary: 'Calls, newest first: an agent sees its own, others those of the office.',
    query: cursorQuery,
    response: callPage,
    problems: [],
  },
  searchNumbers: {
    method: 'GET',
    path: '/v1/numbers',
    role: 'agent',
    summary: 'Numbers for sale, each with the reason when it cannot be bought now.',
    query: numberSearchSchema,
    response: numberPageSchema,
    problems: [],
  },
  buyNumber: {
    method: 'POST',
    path: '/v1/numbers/:number/purchase',
    role: 'billing',
    summary: 'Buys a number: one atomic charge, never two owners, never below zero. Repeatable by purchaseId.',
    body: buyNumberSchema,
    response: numberPurchaseSchema,
    problems: [
      'no_credit',
      'insufficient_credit',
      'credit_held',
      'low_credit',
      'number_unknown',
      'number_taken',
      'id_reused',
    ],
  },
  askForCredit: {
    method: 'POST',
    path: '/v1/credit-requests',
    role: 'agent',
    summary: "Asks the office's admins for credit.",
    body: askForCreditSchema,
    response: creditRequestSchema,
    problems: ['already_asked', 'id_reused'],
  },
  creditRequests: {
    method: 'GET',
    path: '/v1/credit-requests',
    role: 'agent',
    summary: 'Open and recent requests: an agent sees its own, others those of the office.',
    response: z.object({ requests: z.array(creditRequestSchema) }),
    problems: [],
  },
  answerCreditRequest: {
    method: 'POST',
    path: '/v1/credit-requests/:requestId/answer',
    role: 'billing',
    summary: 'Says that a request was seen, granted or declined. Moves no money.',
    body: answerCreditRequestSchema,
    response: creditRequestSchema,
    problems: ['request_unknown'],
  },
  addPlayCredit: {
    method: 'POST',
    path: '/v1/play-credit',
    role: 'billing',
    summary: 'Demo only: adds play credit to the office. Repeatable by creditId.',
    body: addPlayCreditSchema,
    response: balanceSchema,
    problems: ['id_reused', 'not_found'],
  },
  setPause: {
    method: 'PUT',
    path: '/v1/pause',
    role: 'billing',
    summary: 'Stops or allows new paid calls of the office.',
    body: setPauseSchema,
    response: balanceSchema,
    problems: [],
  },
  rates: {
    method: 'GET',
    path: '/v1/rates',
    role: 'agent',
    summary: 'The call rates, searched by destination name or prefix.',
    query: z.object({
      search: z.optional(z.string().check(z.maxLength(60))),
      cursor: z.optional(z.string()),
    }),
    response: z.object({
      rates: z.array(rateSchema),
      nextCursor: z.nullable(z.string()),
    }),
    problems: [],
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

/** The event stream is the one address that is not request and answer. */
export const EVENTS_PATH = '/v1/events';
