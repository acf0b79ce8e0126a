/**
 * A number of a carrier as it was offered to an account: it stands in no table of ours until somebody wants it, so the browser brings it
 * back, signed, and the price that was shown is the price that is charged, at whichever server. HMAC-SHA-256 (RFC 2104).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { NUMBER_TYPES } from '../../src/protocol/number.ts';
import { amountMicrosSchema } from '../../src/protocol/rate.ts';
import type { ServerClock } from '../services.ts';
import type { NumberRow } from '../storage/rows.ts';

/** Carriers keep a found number for anybody; a price is promised for so long. */
const OFFER_MS = 30 * 60_000;
const PURPOSE = 'number-offer:';

/** As stored in an order, too. */
export const numberFactsSchema = z.object({
  accountId: z.string(),
  number: z.string(),
  country: z.string(),
  type: z.enum(NUMBER_TYPES),
  region: z.string(),
  features: z.string(),
  currency: z.string(),
  setupMicros: amountMicrosSchema,
  monthlyMicros: amountMicrosSchema,
  inboundPerMinuteMicros: amountMicrosSchema,
  carrier: z.string(),
}) satisfies z.ZodMiniType<NumberRow>;
export type NumberFacts = z.output<typeof numberFactsSchema>;

const offerSchema = z.object({ facts: numberFactsSchema, untilMs: z.int() });

export interface NumberOffers {
  sign(facts: NumberFacts): string;
  /** Null for what we did not sign, or too long ago. */
  read(offer: string): NumberFacts | null;
}

export function createNumberOffers(options: { readonly secret: string; readonly clock: ServerClock }): NumberOffers {
  const mac = (text: string) => createHmac('sha256', options.secret).update(PURPOSE).update(text).digest();
  return {
    sign: (facts) => {
      const untilMs = options.clock.nowMs() + OFFER_MS;
      const text = Buffer.from(JSON.stringify({ facts, untilMs })).toString('base64url');
      return `${text}.${mac(text).toString('base64url')}`;
    },
    read: (offer) => {
      const [text = '', signature = ''] = offer.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = mac(text);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const { facts, untilMs } = offerSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
      return options.clock.nowMs() <= untilMs ? facts : null;
    },
  };
}
