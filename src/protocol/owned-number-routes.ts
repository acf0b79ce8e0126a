/** Where the list of own numbers asks; owned-number-endpoints.ts adds what the server checks. */
import { ownNumberPageSchema, ownNumberSchema } from './owned-number.ts';
import type { Route } from './routes.ts';

export const OWNED_NUMBER_ROUTES = {
  ownNumbers: { method: 'GET', path: '/v1/own-numbers', response: ownNumberPageSchema },
  releaseNumber: { method: 'POST', path: '/v1/own-numbers/:number/release', response: ownNumberSchema },
  restoreNumber: { method: 'POST', path: '/v1/own-numbers/:number/restore', response: ownNumberSchema },
  assignNumber: { method: 'PUT', path: '/v1/own-numbers/:number/assignment', response: ownNumberSchema },
} as const satisfies Record<string, Route>;

export type OwnedNumberEndpointName = keyof typeof OWNED_NUMBER_ROUTES;
