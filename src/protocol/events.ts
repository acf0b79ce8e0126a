/**
 * What the server tells every open widget of an office (server-sent events, GET /v1/events). An event carries the whole new
 * state of one thing, so applying it twice or skipping one in between does no harm.
 */
import * as z from 'zod/mini';
import { balanceSchema, creditRequestSchema } from './account.ts';
import { callRecordSchema } from './call.ts';
import { shopNumberSchema } from './number.ts';

export const serverEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('balance'), balance: balanceSchema }),
  z.object({ type: z.literal('call'), call: callRecordSchema }),
  /** A number changed hands: one of ours now, or gone from the shop. */
  z.object({ type: z.literal('number'), number: shopNumberSchema }),
  z.object({ type: z.literal('credit_request'), request: creditRequestSchema }),
  /** An inbound call was refused by policy (F-10): "missed while there was no credit". */
  z.object({ type: z.literal('missed_call'), call: callRecordSchema }),
  /** Something about the office's own numbers has changed (owned-number.ts): who shows them asks again. */
  z.object({ type: z.literal('own_numbers'), officeId: z.string() }),
  /** The stream could not be resumed from Last-Event-ID: what is on screen should be asked for again. */
  z.object({ type: z.literal('resync') }),
]);
export type ServerEvent = z.output<typeof serverEventSchema>;

/** Comment lines keep proxies from closing the stream; a widget that hears nothing for three of them reconnects. */
export const HEARTBEAT_SECONDS = 15;
