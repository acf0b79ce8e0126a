/**
 * The addresses that every widget asks, and what they answer. more-routes.ts has those that no call needs; endpoints.ts adds what the
 * server checks and documents, which no browser needs to load.
 */
import * as z from 'zod/mini';
import { balanceSchema, creditRequestSchema, lineCredentialsSchema, meSchema } from './account.ts';
import { callAuthorizationSchema, callRecordSchema, quoteSchema } from './call.ts';
import { numberPageSchema, numberPurchaseSchema } from './number.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Hono style: "/v1/calls/:callId". */
  readonly path: string;
  readonly response: z.ZodMiniType;
}

export const ROUTES = {
  me: { method: 'GET', path: '/v1/me', response: meSchema },
  mintLineCredentials: { method: 'POST', path: '/v1/line-credentials', response: lineCredentialsSchema },
  balance: { method: 'GET', path: '/v1/balance', response: balanceSchema },
  quote: { method: 'GET', path: '/v1/quote', response: quoteSchema },
  authorizeCall: { method: 'POST', path: '/v1/calls/:callId/authorize', response: callAuthorizationSchema },
  releaseCall: { method: 'POST', path: '/v1/calls/:callId/release', response: callRecordSchema },
  call: { method: 'GET', path: '/v1/calls/:callId', response: callRecordSchema },
  searchNumbers: { method: 'GET', path: '/v1/numbers', response: numberPageSchema },
  buyNumber: { method: 'POST', path: '/v1/numbers/:number/purchase', response: numberPurchaseSchema },
  askForCredit: { method: 'POST', path: '/v1/credit-requests', response: creditRequestSchema },
  creditRequests: {
    method: 'GET',
    path: '/v1/credit-requests',
    response: z.object({ requests: z.array(creditRequestSchema) }),
  },
  answerCreditRequest: { method: 'POST', path: '/v1/credit-requests/:requestId/answer', response: creditRequestSchema },
  addPlayCredit: { method: 'POST', path: '/v1/play-credit', response: balanceSchema },
  setPause: { method: 'PUT', path: '/v1/pause', response: balanceSchema },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** The event stream is the one address that is not request and answer. */
export const EVENTS_PATH = '/v1/events';
