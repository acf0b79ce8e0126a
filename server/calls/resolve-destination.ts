/** From what was dialled to where it goes and what it costs. A number without a price is refused as such, never as "no credit". */
import { type DialableNumber, isShortNumber } from '../../src/protocol/phone-number.ts';
import { isFree } from '../../src/protocol/price.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { Policy } from '../policy/policy.ts';
import type { Identity } from '../services.ts';
import { freeTariff, ownRate, withoutPrice } from './agreed-rate.ts';
import type { CallRoom } from './call-room.ts';
import { findColleague } from './find-colleague.ts';

export interface PricedDestination {
  readonly number: DialableNumber;
  readonly destination: string;
  /** Without a price when the policy never gates such calls: what is not gated is not charged. */
  readonly rate: Rate;
  /** False for everything that costs nothing: such calls are never gated by credit. */
  readonly isCharged: boolean;
  /** The colleague who is called, for calls that stay in the account. */
  readonly calledPersonId: string | null;
}

export async function resolveDestination(
  room: CallRoom,
  call: { readonly identity: Identity; readonly office: Office; readonly to: string; readonly atMs: number },
): Promise<Outcome<PricedDestination>> {
  const { identity, office } = call;
  const number = room.readNumber(call.to, { country: office.office.country });
  if (number === null) return refused(refusal('number_invalid'));
  const rate = room.rates.find({ number, direction: 'outbound', licence: identity.licence, atMs: call.atMs });
  const query = { accountId: identity.accountId, number, callerId: identity.personId };
  const colleague = mayBeOurs({ number, rate, office }) ? await findColleague(room.store, query) : null;
  if (colleague) return granted(inHouse({ number, name: colleague.name, personId: colleague.personId, office }));
  if (rate === null || (rate.currency !== office.account.currency && !isFree(rate))) return refused(refusal('no_rate'));
  return granted(priced({ number, rate, policy: room.policy.of(office.account) }));
}

/** No rate of a deck has it: theirs name direction and prefix. */
const IN_HOUSE_RATE_ID = 'internal';

/** Of a call to a colleague, which never leaves the house; a deck may have rates of kind "internal" too. */
export function isInHouse(rate: Pick<Rate, 'rateId'>): boolean {
  return rate.rateId === IN_HOUSE_RATE_ID;
}

/** A short number of the network is never an extension: no person may stand before an emergency number. */
function mayBeOurs(call: {
  readonly number: DialableNumber;
  readonly rate: Rate | null;
  readonly office: Office;
}): boolean {
  return isShortNumber(call.number) ? call.rate === null : call.office.accountNumbers.has(call.number);
}

function priced(call: {
  readonly number: DialableNumber;
  readonly rate: Rate;
  readonly policy: Policy;
}): PricedDestination {
  const isUngated = call.policy.ungatedKinds.includes(call.rate.kind);
  const rate = isUngated ? withoutPrice(call.rate) : call.rate;
  return {
    number: call.number,
    destination: rate.destination,
    rate,
    isCharged: !isFree(rate),
    calledPersonId: null,
  };
}

function inHouse(call: {
  readonly number: DialableNumber;
  readonly name: string;
  readonly personId: string;
  readonly office: Office;
}): PricedDestination {
  const rate = ownRate(
    {
      rateId: IN_HOUSE_RATE_ID,
      prefix: call.number.replace('+', ''),
      destination: call.name,
      kind: 'internal',
      direction: 'outbound',
      currency: call.office.account.currency,
    },
    freeTariff(call.office.office.timeZone),
  );
  return { number: call.number, destination: call.name, rate, isCharged: false, calledPersonId: call.personId };
}
