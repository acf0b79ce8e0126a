/**
 * What servers on one store tell each other (StoreNews): what changed and where. Whoever hears a word looks at the store, so a word that is
 * lost, comes twice or late does no harm. Only an event that is small goes itself.
 */
import * as z from 'zod/mini';
import { alertEventSchema } from '../../src/protocol/alert.ts';
import { serverEventSchema } from '../../src/protocol/events.ts';
import { paymentEventSchema } from '../../src/protocol/payment.ts';
import type { Audience, OfficeEvent } from '../services.ts';

/** Longer events are named, and read by those who have somebody to tell. */
const MAX_EVENT_BYTES = 2_000;

const idSchema = z.string();
const wordSchema = z.discriminatedUnion('word', [
  /** Balance, holds or pause of an office changed. */
  z.object({ word: z.literal('balance'), accountId: idSchema, officeId: idSchema }),
  z.object({
    word: z.literal('event'),
    accountId: idSchema,
    officeId: idSchema,
    personId: z.nullable(idSchema),
    event: z.unknown(),
  }),
  /** A call changed, and its record is too long for a word. */
  z.object({ word: z.literal('call'), accountId: idSchema, officeId: idSchema, callId: idSchema }),
  /** Something happened in an office that is too long for a word: its widgets ask for everything. */
  z.object({ word: z.literal('resync'), accountId: idSchema, officeId: idSchema }),
  /** Rows of the account, its offices or their numbers changed. */
  z.object({ word: z.literal('offices'), accountId: idSchema }),
  /** Credit was added by a process that looks after no calls. */
  z.object({ word: z.literal('credit'), accountId: idSchema, walletId: idSchema }),
  z.object({ word: z.literal('rates') }),
  z.object({ word: z.literal('policy') }),
  z.object({ word: z.literal('tokens') }),
]);
export type NewsWord = z.output<typeof wordSchema>;

export function newsWord(word: NewsWord): string {
  return JSON.stringify(word);
}

/** Null for what another version of the software says: it is for other servers. */
export function readNewsWord(text: string): NewsWord | null {
  try {
    return wordSchema.parse(JSON.parse(text));
  } catch {
    // Nothing is lost: what must be known is looked for without words, too.
    return null;
  }
}

/** Null when a newer version's event came: this version's widgets do not know it either. */
export function readNewsEvent({ event }: Extract<NewsWord, { word: 'event' }>): OfficeEvent | null {
  const read = z.union([serverEventSchema, paymentEventSchema, alertEventSchema]).safeParse(event);
  return read.success ? read.data : null;
}

/** The shortest word that lets the others know of the event. */
export function wordOfEvent({ accountId, officeId, personId }: Audience, event: OfficeEvent): string {
  const whole = newsWord({ word: 'event', accountId, officeId, personId, event });
  if (Buffer.byteLength(whole) <= MAX_EVENT_BYTES) return whole;
  return event.type === 'call'
    ? newsWord({ word: 'call', accountId, officeId, callId: event.call.callId })
    : newsWord({ word: 'resync', accountId, officeId });
}
