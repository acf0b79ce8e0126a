/** The second half of endpoints.ts: what the server checks and documents about the addresses of own numbers. */
import * as z from 'zod/mini';
import type { OfficeEndpoint } from './office-endpoint.ts';
import { assignNumberSchema, releaseNumberSchema, restoreNumberSchema } from './owned-number.ts';
import { OWNED_NUMBER_ROUTES, type OwnedNumberEndpointName } from './owned-number-routes.ts';

export const OWNED_NUMBER_ENDPOINTS = {
  ownNumbers: {
    ...OWNED_NUMBER_ROUTES.ownNumbers,
    role: 'agent',
    summary:
      'Own numbers with rent, ladder and assignment: for agents those that they may show, for billing the office’s, for company the account’s. Those given back within 30 days are among them.',
    query: z.object({ cursor: z.optional(z.string().check(z.maxLength(64))) }),
    problems: ['office_forbidden'],
  },
  releaseNumber: {
    ...OWNED_NUMBER_ROUTES.releaseNumber,
    role: 'billing',
    summary: 'Gives a number back for good, at once. What was paid for is not paid back. Repeatable by changeId.',
    body: z.strictObject(releaseNumberSchema.shape),
    problems: ['office_forbidden', 'number_unknown', 'request_invalid'],
  },
  restoreNumber: {
    ...OWNED_NUMBER_ROUTES.restoreNumber,
    role: 'billing',
    summary:
      'Takes a number from hold by paying one month from today, or pays what is overdue. Repeatable by changeId, charged once.',
    body: z.strictObject(restoreNumberSchema.shape),
    problems: ['office_forbidden', 'number_unknown', 'no_credit', 'insufficient_credit', 'credit_held', 'id_reused'],
  },
  assignNumber: {
    ...OWNED_NUMBER_ROUTES.assignNumber,
    role: 'billing',
    summary:
      'Gives a number to an office, or to one person of it: who is called by it, and who may show it. Another office pays its rent from then on.',
    body: z.strictObject(assignNumberSchema.shape),
    problems: ['office_forbidden', 'number_unknown', 'assignee_unknown'],
  },
} as const satisfies Record<OwnedNumberEndpointName, OfficeEndpoint>;
