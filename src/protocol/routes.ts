/**
 * Every address of the server and what it answers: all that a client has to know. endpoints.ts adds what the server checks and documents,
 * which no browser needs to load.
 */
import * as z from 'zod/mini';
import { balanceSchema, creditRequestSchema, lineCredentialsSchema, meSchema } from './account.ts';
import { callAuthorizationSchema, callRecordSchema, leaseSchema, quoteSchema } from './call.ts';
import { numberPageSchema, numberPurchaseSchema } from './number.ts';
import { rateSchema } from './rate.ts';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Hono style: "/v1/calls/:callId". */
  readonly path: string;
  readonly response: z.ZodMiniType;
}

const callPage = z.object({
  calls: z.array(callRecordSchema),
  nextCursor: z.nullable(z.string()),
});

export const ROUTES = {
  me: { method: 'GET', path: '/v1/me', response: meSchema },
  mintLineCredentials: { method: 'POST', path: '/v1/line-credentials', response: lineCredentialsSchema },
  balance: { method: 'GET', path: '/v1/balance', response: balanceSchema },
  quote: { method: 'GET', path: '/v1/quote', response: quoteSchema },
  authorizeCall: { method: 'POST', path: '/v1/calls/:callId/authorize', response: callAuthorizationSchema },
  renewCall: { method: 'POST', path: '/v1/calls/:callId/renew', response: leaseSchema },
  releaseCall: { method: 'POST', path: '/v1/calls/:callId/release', response: callRecordSchema },
  call: { method: 'GET', path: '/v1/calls/:callId', response: callRecordSchema },
  calls: { method: 'GET', path: '/v1/calls', response: callPage },
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
  rates: {
    method: 'GET',
    path: '/v1/rates',
    response: z.object({
      rates: z.array(rateSchema),
      nextCursor: z.nullable(z.string()),
    }),
  },
} as const satisfies Record<string, Route>;

export type EndpointName = keyof typeof ROUTES;

/** The event stream is the one address that is not request and answer. */
export const EVENTS_PATH = '/v1/events';
