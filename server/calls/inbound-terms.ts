/** What an inbound call costs the called office, and whether it may ring without credit (F-10, C-01). */
import { type Micros, maxMicros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { isFree } from '../../src/protocol/price.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Rate, Tariff } from '../../src/protocol/rate.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { Wallet } from '../accounts/wallet.ts';
import type { Policy } from '../policy/policy.ts';
import { freeTariff, ownRate, withoutPrice } from './agreed-rate.ts';
import type { CallRoom } from './call-room.ts';

export interface InboundCall {
  readonly office: Office;
  /** Null for a call to an extension, which never costs. */
  readonly calledNumber: string | null;
  readonly callerNumber: string;
  /** Of the person who is called (D-28). */
  readonly licence: string | null;
  readonly atMs: number;
}

/** What the called office pays; nothing for kinds that the policy gives for free, as for calls out (D-02). */
export async function inboundRate(room: CallRoom, call: InboundCall): Promise<Rate> {
  const rate = await listedRate(room, call);
  const isFreeByPolicy = room.policy.of(call.office.account).ungatedKinds.includes(rate.kind);
  return isFreeByPolicy ? withoutPrice(rate) : rate;
}

/**
 * What the deck says for the licence of the person who is called (D-28); else the price that the number was sold with; for a number that is
 * not from the shop the deck's inbound rate (C-19, D-21); else nothing.
 */
async function listedRate(room: CallRoom, call: InboundCall): Promise<Rate> {
  const { office, calledNumber } = call;
  const { currency } = office.account;
  const called = calledNumber === null ? null : dialableNumber(calledNumber);
  const free = ownRate(
    {
      rateId: 'inbound',
      prefix: digitsOf(calledNumber ?? ''),
      destination: calledNumber ?? call.callerNumber,
      kind: calledNumber === null ? 'internal' : 'local',
      direction: 'inbound',
      currency,
    },
    freeTariff(office.office.timeZone),
  );
  if (called === null) return free;
  const listed = room.rates.find({ number: called, direction: 'inbound', licence: call.licence, atMs: call.atMs });
  if (listed?.currency === currency && listed.licence !== null) return listed;
  const sold = await room.store.db
    .selectFrom('number')
    .select(['inboundPerMinuteMicros', 'type', 'currency'])
    .where('accountId', '=', office.account.accountId)
    .where('number', '=', called)
    .executeTakeFirst();
  if (sold?.currency === currency) {
    const kind = sold.type === 'toll_free' ? 'toll_free' : 'local';
    return { ...free, kind, ...minuteTariff(micros(sold.inboundPerMinuteMicros), office.office.timeZone) };
  }
  return listed?.currency === currency ? listed : free;
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}

/** Whole minutes, as numbers are sold (D-21: 60 s = 0.02, 61 s = 0.04). */
function minuteTariff(perMinuteMicros: Micros, timeZone: string): Tariff {
  return {
    connectionFeeMicros: ZERO_MICROS,
    steps: [{ fromSecond: 0, priceMicros: perMinuteMicros, intervalSeconds: 60, incrementSeconds: 60 }],
    windows: [],
    timeZone,
    rounding: { mode: 'up', decimals: 6 },
  };
}

/** The smallest amount there is: with less, there is no credit. */
const LEAST_CREDIT = micros(1);

/** Why a call may not ring although it costs nothing by itself: no or low credit, or a phone that is switched off. */
export function inboundRefusal(
  call: InboundCall,
  now: { readonly policy: Policy; readonly wallet: Wallet; readonly rate: Rate; readonly holdingCalls: number },
): Refusal | null {
  const { account, office } = call.office;
  if (!account.isPhoneEnabled) return refusal('phone_disabled');
  if (call.calledNumber === null) return null;
  if (office.pausedAtMs !== null && !isFree(now.rate)) return refusal('calling_paused', { sinceMs: office.pausedAtMs });
  if (now.policy.inboundAtZero !== 'block') return null;
  const floorMicros = maxMicros(now.policy.credit.callFloorMicros, LEAST_CREDIT);
  return creditRefusal(now.wallet, {
    neededMicros: ZERO_MICROS,
    floorMicros,
    currency: account.currency,
    holdingCalls: now.holdingCalls,
  });
}
