/** Which metered services there are, what of them is counted, and who pays (REQUIREMENTS C-21, D-02). The operator names them. */
import * as z from 'zod/mini';
import { MAX_AUTHORIZATION_SECONDS, serviceKindSchema } from '../../src/protocol/service.ts';
import { isSubscription } from '../../src/protocol/subscription.ts';
import type { Contradiction } from './policy-contradictions.ts';

const serviceTermsSchema = z.object({
  /** What is counted, for people and for extras of calls that are told in seconds: "segment", "page", "minute", "second", "event". */
  unit: z.string().check(z.regex(/^[a-z][a-z_]{1,19}$/)),
  /** By the number that it goes to, or one price for all. */
  priceBy: z.enum(['destination', 'flat']),
  /** off: refused; free: allowed at no price; invoice: takes no credit and goes on an invoice. */
  payBy: z.enum(['credit', 'invoice', 'free', 'off']),
});
export type ServiceTerms = z.output<typeof serviceTermsSchema>;

export const servicePolicySchema = z.object({
  /** How long an authorization holds credit when the host does not say. */
  authorizationSeconds: z.int().check(z.gte(1), z.lte(MAX_AUTHORIZATION_SECONDS)),
  kinds: z.record(serviceKindSchema, serviceTermsSchema),
});
export type ServicePolicy = z.output<typeof servicePolicySchema>;

const minutes: ServiceTerms = { unit: 'minute', priceBy: 'flat', payBy: 'credit' };

export const DEFAULT_SERVICES: ServicePolicy = {
  authorizationSeconds: 300,
  kinds: {
    sms: { unit: 'segment', priceBy: 'destination', payBy: 'credit' },
    mms: { unit: 'message', priceBy: 'destination', payBy: 'credit' },
    fax: { unit: 'page', priceBy: 'destination', payBy: 'credit' },
    transcription: minutes,
    ai: minutes,
    // Extras of calls (F-07).
    recording: minutes,
    conference: minutes,
    barge: minutes,
    sip_phone: minutes,
    transfer: { unit: 'event', priceBy: 'flat', payBy: 'credit' },
  },
};

/** C-22, L-02: no policy makes a subscription something that credit pays for. */
export function serviceContradictions({ kinds }: ServicePolicy): readonly Contradiction[] {
  return Object.keys(kinds)
    .filter(isSubscription)
    .map((kind) => ({
      path: ['services', 'kinds', kind],
      reason: 'is a subscription, and credit never pays for one; it is charged to the card or invoice of the plan',
    }));
}
