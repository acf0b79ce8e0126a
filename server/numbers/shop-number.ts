/** A number as the shop shows it to one office: price due today, whose it is, and why it cannot be bought now (F-27). */
import { type Micros, maxMicros, micros, subtractMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { NUMBER_FEATURES, NUMBER_TYPES, type ShopNumber } from '../../src/protocol/number.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { Wallet } from '../accounts/wallet.ts';
import type { Policy } from '../policy/policy.ts';
import type { NumberOrderRow, NumberRow } from '../storage/rows.ts';
import { type DueToday, dueToday } from './due-today.ts';
import { type NumberOffers, numberFactsSchema } from './number-offer.ts';
import { isBlocking, isOpen } from './order-states.ts';

/** A number with its owner, when it has one, and the order that is made or was just made for it at a carrier. */
export interface StockedNumber extends NumberRow {
  readonly ownerAccountId: string | null;
  readonly ownerOfficeId: string | null;
  readonly order: Pick<NumberOrderRow, 'accountId' | 'officeId' | 'state'> | null;
}

export interface Shopper {
  readonly office: Office;
  readonly wallet: Wallet;
  readonly holdingCalls: number;
  readonly policy: Policy;
  readonly atMs: number;
  readonly offers: NumberOffers;
}

export function shopNumberOf(number: StockedNumber, shopper: Shopper): ShopNumber {
  const status = statusOf(number, shopper.office);
  const isForSale = status === 'available';
  const due = dueOf(number, shopper);
  const { setupMicros, firstMonthMicros, days, daysInMonth, nextRentDay } = due;
  const why = isForSale ? buyRefusal(number, shopper) : null;
  return {
    number: number.number,
    country: number.country,
    type: typeOf(number),
    region: number.region,
    features: featuresOf(number),
    currency: number.currency,
    setupMicros,
    monthlyMicros: micros(number.monthlyMicros),
    dueTodayMicros: due.totalMicros,
    due: { setupMicros, firstMonthMicros, days, daysInMonth, nextRentDay },
    inboundPerMinuteMicros: micros(number.inboundPerMinuteMicros),
    status,
    refusal: why,
    thin: isForSale && why === null ? thinOf(number, shopper) : null,
    offer: isForSale && number.carrier !== null ? shopper.offers.sign(numberFactsSchema.parse(number)) : null,
  };
}

export function dueOf(number: NumberRow, { office, policy, atMs }: Shopper): DueToday {
  const { timeZone } = office.account;
  return dueToday(number, { atMs, timeZone, firstMonth: policy.numbers.firstMonth });
}

/** The same rule that the purchase follows: to the micro what is due, and the floor. Null when the number can be bought. */
export function buyRefusal(number: NumberRow, shopper: Shopper): Refusal | null {
  if (!shopper.office.account.isPhoneEnabled) return refusal('phone_disabled');
  return creditRefusal(shopper.wallet, {
    neededMicros: dueOf(number, shopper).totalMicros,
    floorMicros: floorOf(number, shopper),
    currency: number.currency,
    holdingCalls: shopper.holdingCalls,
  });
}

/** The least credit before anything that costs is bought (F-11). */
export function floorOf(number: NumberRow, shopper: Shopper): Micros {
  return dueOf(number, shopper).totalMicros === 0 ? ZERO_MICROS : shopper.policy.credit.numberFloorMicros;
}

/** With less than this nobody calls: the policy's floor, or nothing at all. */
const LEAST_CREDIT = micros(1);

/** What the purchase leaves is not enough to call with, or to be called at the number (complaint 17). */
function thinOf(number: NumberRow, { wallet, policy, ...shopper }: Shopper): ShopNumber['thin'] {
  const { totalMicros } = dueOf(number, { wallet, policy, ...shopper });
  if (totalMicros === 0) return null;
  const leavesMicros = subtractMicros(wallet.availableMicros, totalMicros);
  const inboundMicros = micros(number.inboundPerMinuteMicros);
  const needed = maxMicros(policy.credit.callFloorMicros, maxMicros(inboundMicros, LEAST_CREDIT));
  if (leavesMicros >= needed) return null;
  const ringsAnyway = policy.inboundAtZero === 'allow' || (policy.inboundAtZero !== 'block' && inboundMicros === 0);
  return { leavesMicros, takesCalls: ringsAnyway };
}

function statusOf({ ownerAccountId, ownerOfficeId, order }: StockedNumber, { office }: Office): ShopNumber['status'] {
  const isOurs = (accountId: string, officeId: string | null) =>
    accountId === office.accountId && officeId === office.officeId;
  if (ownerAccountId !== null) return isOurs(ownerAccountId, ownerOfficeId) ? 'owned' : 'taken';
  if (order === null) return 'available';
  // An abandoned order is over for whom it was for; nobody can have its number until it is known what became of it.
  if (isOurs(order.accountId, order.officeId)) return isOpen(order) ? 'ordering' : 'failed';
  return isBlocking(order) ? 'taken' : 'available';
}

function typeOf(number: NumberRow): ShopNumber['type'] {
  const type = NUMBER_TYPES.find((known) => known === number.type);
  if (type === undefined) throw new Error(`The store holds a number of type "${number.type}"`);
  return type;
}

/** The store keeps them as a list with spaces. */
function featuresOf(number: NumberRow): ShopNumber['features'] {
  const features = new Set(number.features.split(' '));
  return NUMBER_FEATURES.filter((feature) => features.has(feature));
}
