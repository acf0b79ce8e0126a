/** What a service costs and whether the rules allow it, before any credit is looked at: rate first, rules second, as for calls. */
import { micros } from '../../src/protocol/money.ts';
import { type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import { isFree, priceCall } from '../../src/protocol/price.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import { ANY_PREFIX, type Rate } from '../../src/protocol/rate.ts';
import type { ChargeService, ServicePayer } from '../../src/protocol/service.ts';
import { isSubscription } from '../../src/protocol/subscription.ts';
import type { Office } from '../accounts/office-directory.ts';
import { freeTariff, ownRate, withoutPrice } from '../calls/agreed-rate.ts';
import { readCall } from '../calls/call-rows.ts';
import type { ServiceTerms } from '../policy/service-policy.ts';
import type { MeteringRoom } from './metering-room.ts';

export interface ServiceQuestion {
  readonly office: Office;
  readonly request: Pick<ChargeService, 'kind' | 'units' | 'licence' | 'callId'>;
  /** Null where it goes to none. */
  readonly number: DialableNumber | null;
  readonly atMs: number;
}

export interface PricedService {
  readonly terms: ServiceTerms;
  readonly rate: Rate;
  readonly paidBy: ServicePayer;
}

export type Pricing = { readonly priced: PricedService } | { readonly refusal: Refusal | OfficeRefusal };

export async function priceService(room: MeteringRoom, question: ServiceQuestion): Promise<Pricing> {
  const { office, request, number } = question;
  const policy = room.policy.of(office.account);
  if (isSubscription(request.kind)) return { refusal: officeRefusal('service_not_metered') };
  if (!office.account.isPhoneEnabled) return { refusal: refusal('phone_disabled') };
  const terms = termsOf(policy.services.kinds, request.kind);
  if (terms === null || terms.payBy === 'off') return { refusal: officeRefusal('service_off') };
  if (terms.priceBy === 'destination' && number === null) return { refusal: refusal('number_invalid') };
  if (policy.blockedPrefixes.some((prefix) => number?.startsWith(`+${prefix}`))) {
    return { refusal: refusal('prefix_blocked') };
  }
  if (!(await isOfOffice(room, question))) return { refusal: refusal('call_unknown') };
  const rate = rateOf(room, { ...question, terms });
  if (rate === null) return { refusal: refusal('no_rate') };
  const paidBy = payerOf(terms, rate);
  const { pausedAtMs } = office.office;
  if (pausedAtMs !== null && paidBy !== 'free') return { refusal: refusal('calling_paused', { sinceMs: pausedAtMs }) };
  return { priced: { terms, rate, paidBy } };
}

/** By the policy's own kinds only: "constructor" is a word as well. */
export function termsOf(kinds: Readonly<Record<string, ServiceTerms>>, kind: string): ServiceTerms | null {
  return Object.hasOwn(kinds, kind) ? (kinds[kind] ?? null) : null;
}

/** Null when there is no price in the account's currency. What the policy gives for free needs none. */
export function rateOf(
  room: Pick<MeteringRoom, 'rates'>,
  question: Pick<ServiceQuestion, 'office' | 'number' | 'atMs'> & {
    readonly terms: ServiceTerms;
    readonly request: { readonly kind: string; readonly licence?: string | null | undefined };
  },
): Rate | null {
  const { office, request, number, terms, atMs } = question;
  const rate = room.rates.findService({
    service: request.kind,
    number: terms.priceBy === 'destination' ? number : null,
    licence: request.licence ?? null,
    atMs,
  });
  if (terms.payBy === 'free') return rate === null ? freeRate(office, request.kind) : withoutPrice(rate);
  return rate !== null && (rate.currency === office.account.currency || isFree(rate)) ? rate : null;
}

export function payerOf(terms: ServiceTerms, rate: Rate): ServicePayer {
  if (isFree(rate)) return 'free';
  return terms.payBy === 'invoice' ? 'invoice' : 'credit';
}

/** Units stand where price.ts has seconds; rates of services have no time of day. */
export function priceOfUnits(rate: Rate, units: number) {
  return units === 0 ? micros(0) : priceCall(rate, { startedAtMs: 0, durationSeconds: units });
}

function freeRate(office: Office, kind: string): Rate {
  const { currency } = office.account;
  return ownRate(
    {
      rateId: `${kind}/free`,
      prefix: ANY_PREFIX,
      destination: kind,
      kind: 'domestic',
      direction: 'outbound',
      currency,
    },
    freeTariff(office.office.timeZone),
  );
}

/** An extra belongs to a call of the same office; without a call there is nothing to ask. */
async function isOfOffice(room: MeteringRoom, { office, request }: ServiceQuestion): Promise<boolean> {
  if (!request.callId) return true;
  const { accountId, officeId } = office.office;
  const call = await readCall(room.store, { accountId, callId: request.callId });
  return call?.officeId === officeId;
}
