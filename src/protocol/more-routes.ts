/**
 * The addresses that calling needs none of: for hosts, operators and edges, which read the same contract; the rates also for the Credit
 * tab.
 */
import * as z from 'zod/mini';
import { callRecordSchema, leaseSchema } from './call.ts';
import { rateSchema } from './rate.ts';
import type { Route } from './routes.ts';

const callPage = z.object({
  calls: z.array(callRecordSchema),
  nextCursor: z.nullable(z.string()),
});

export const MORE_ROUTES = {
  renewCall: { method: 'POST', path: '/v1/calls/:callId/renew', response: leaseSchema },
  calls: { method: 'GET', path: '/v1/calls', response: callPage },
  rates: {
    method: 'GET',
    path: '/v1/rates',
    response: z.object({
      rates: z.array(rateSchema),
      nextCursor: z.nullable(z.string()),
    }),
  },
} as const satisfies Record<string, Route>;
