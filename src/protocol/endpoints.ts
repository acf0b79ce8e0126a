/**
 * Every address of the server, once: routes.ts has method, path and answer, here is what else the server checks and documents. server/http
 * binds it to handlers and makes the OpenAPI document from it; src/gate calls the routes. Role "agent" means anybody
 * with a token of a person; "host" is the host's own backend and nobody else.
 */
import * as z from 'zod/mini';
import {
  addPlayCreditSchema,
  answerCreditRequestSchema,
  askForCreditSchema,
  type HOST_ROLE,
  type Role,
  setPauseSchema,
} from './account.ts';
import { authorizeRequestSchema, renewRequestSchema } from './call.ts';
import { MORE_ROUTES } from './more-routes.ts';
import { buyNumberSchema, numberSearchSchema } from './number.ts';
import { OFFICES_ROUTE } from './office.ts';
import { dialledTextSchema } from './phone-number.ts';
import type { ProblemCode } from './problem.ts';
import { ROUTES, type Route, type RouteName } from './routes.ts';

export { EVENTS_PATH } from './routes.ts';

export type EndpointName = RouteName | keyof typeof MORE_ROUTES | 'offices';

export interface Endpoint extends Route {
  readonly role: Exclude<Role, 'company'> | typeof HOST_ROLE;
  readonly summary: string;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniObject;
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

const cursorQuery = z.object({
  cursor: z.optional(z.string().check(z.maxLength(64))),
});

export const ENDPOINTS = {
  me: {
    ...ROUTES.me,
    role: 'agent',
    summary: 'Who the token stands for, and what the phone may show.',
    problems: ['phone_disabled'],
  },
  mintLineCredentials: {
    ...ROUTES.mintLineCredentials,
    role: 'agent',
    summary: 'Short-lived SIP credentials for this widget.',
    problems: ['phone_disabled'],
  },
  balance: {
    ...ROUTES.balance,
    role: 'agent',
    summary: 'Balance, what is held and by what, and what works with it.',
    problems: [],
  },
  quote: {
    ...ROUTES.quote,
    role: 'agent',
    summary: 'What a call would cost, how long the credit lasts, and whether it would be granted. Moves nothing.',
    query: z.object({ to: dialledTextSchema }),
    problems: ['number_invalid', 'no_rate'],
  },
  authorizeCall: {
    ...ROUTES.authorizeCall,
    role: 'agent',
    summary: 'Holds connection fee and first block, answers with a grant for the SIP edge. Repeatable.',
    body: authorizeRequestSchema,
    problems: [...gateRefusals, 'caller_number_forbidden', 'id_reused', 'call_ended'],
  },
  renewCall: {
    ...MORE_ROUTES.renewCall,
    role: 'agent',
    summary: 'Makes sure that the lease with this index exists. Where an edge reports, the server renews by itself.',
    body: renewRequestSchema,
    problems: ['call_unknown', 'call_ended'],
  },
  releaseCall: {
    ...ROUTES.releaseCall,
    role: 'agent',
    summary: 'Gives back the hold of a call that was not answered.',
    problems: ['call_unknown'],
  },
  call: {
    ...ROUTES.call,
    role: 'agent',
    summary: 'One call: state, cost, reason of its end.',
    problems: ['call_unknown'],
  },
  calls: {
    ...MORE_ROUTES.calls,
    role: 'agent',
    summary: 'Calls, newest first: an agent sees its own, others those of the office.',
    query: cursorQuery,
    problems: [],
  },
  searchNumbers: {
    ...ROUTES.searchNumbers,
    role: 'agent',
    summary: 'Numbers for sale, each with the price due today and the reason when it cannot be bought now.',
    query: numberSearchSchema,
    problems: ['carrier_unavailable'],
  },
  buyNumber: {
    ...ROUTES.buyNumber,
    role: 'billing',
    summary:
      "Buys a number: one atomic charge, never two owners, never below zero. A carrier's number may be ordered first and charged when it is delivered. Repeatable by purchaseId.",
    body: buyNumberSchema,
    problems: [
      'no_credit',
      'insufficient_credit',
      'credit_held',
      'low_credit',
      'number_unknown',
      'number_taken',
      'number_undeliverable',
      'id_reused',
    ],
  },
  askForCredit: {
    ...ROUTES.askForCredit,
    role: 'agent',
    summary: "Asks the office's admins for credit.",
    body: askForCreditSchema,
    problems: ['already_asked', 'id_reused'],
  },
  creditRequests: {
    ...ROUTES.creditRequests,
    role: 'agent',
    summary: 'Open and recent requests: an agent sees its own, others those of the office.',
    problems: [],
  },
  answerCreditRequest: {
    ...ROUTES.answerCreditRequest,
    role: 'billing',
    summary: 'Says that a request was seen, granted or declined. Moves no money.',
    body: answerCreditRequestSchema,
    problems: ['request_unknown'],
  },
  addPlayCredit: {
    ...ROUTES.addPlayCredit,
    role: 'billing',
    summary: 'Demo only: adds play credit to the office. Repeatable by creditId.',
    body: addPlayCreditSchema,
    problems: ['id_reused', 'not_found'],
  },
  offices: {
    ...OFFICES_ROUTE,
    role: 'billing',
    summary: "Offices whose credit this person manages: its own, or for the role company all of the account's.",
    problems: ['office_forbidden'],
  },
  setPause: {
    ...ROUTES.setPause,
    role: 'billing',
    summary: 'Stops or allows new paid calls of the office. A pause by a disputed payment ends by itself only.',
    body: setPauseSchema,
    problems: ['calling_disputed'],
  },
  rates: {
    ...MORE_ROUTES.rates,
    role: 'agent',
    summary: 'The call rates, searched by destination name or prefix.',
    query: z.object({
      search: z.optional(z.string().check(z.maxLength(60))),
      cursor: z.optional(z.string()),
    }),
    problems: [],
  },
} as const satisfies Record<EndpointName, Endpoint>;
