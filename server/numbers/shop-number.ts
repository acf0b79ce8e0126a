/** A number as the shop shows it to one office: price due today, whose it is, and why it cannot be bought now (F-27). */
import { addMicros, type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { NUMBER_TYPES, type ShopNumber } from '../../src/protocol/number.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { Wallet } from '../accounts/wallet.ts';
import type { NumberRow } from '../storage/rows.ts';

/** A row of the inventory with its owner, when it has one. */
export interface StockedNumber extends NumberRow {
  readonly ownerAccountId: string | null;
  readonly ownerOfficeId: string | null;
}

export interface Shopper {
  readonly office: Office;
  readonly wallet: Wallet;
  readonly holdingCalls: number;
  /** The least credit before anything that costs is bought (policy, credit.numberFloorMicros). */
  readonly floorMicros: Micros;
}

export function shopNumberOf(number: StockedNumber, shopper: Shopper): ShopNumber {
  const status = statusOf(number, shopper.office);
  return {
    number: number.number,
    country: number.country,
    type: typeOf(number),
    region: number.region,
    features: featuresOf(number),
    currency: number.currency,
    setupMicros: micros(number.setupMicros),
    monthlyMicros: micros(number.monthlyMicros),
    dueTodayMicros: dueTodayMicros(number),
    inboundPerMinuteMicros: micros(number.inboundPerMinuteMicros),
    status,
    refusal: status === 'available' ? buyRefusal(number, shopper) : null,
  };
}

/** Set-up and the first month. */
export function dueTodayMicros(number: Pick<NumberRow, 'setupMicros' | 'monthlyMicros'>): Micros {
  return addMicros(micros(number.setupMicros), micros(number.monthlyMicros));
}

/** The same rule that the purchase follows: to the micro what is due, and the floor. Null when the number can be bought. */
export function buyRefusal(number: NumberRow, shopper: Shopper): Refusal | null {
  if (!shopper.office.account.isPhoneEnabled) return refusal('phone_disabled');
  const neededMicros = dueTodayMicros(number);
  return creditRefusal(shopper.wallet, {
    neededMicros,
    floorMicros: neededMicros === 0 ? ZERO_MICROS : shopper.floorMicros,
    currency: number.currency,
    holdingCalls: shopper.holdingCalls,
  });
}

function statusOf(number: StockedNumber, { office }: Office): ShopNumber['status'] {
  if (number.ownerAccountId === null) return 'available';
  const isOurs = number.ownerAccountId === office.accountId && number.ownerOfficeId === office.officeId;
  return isOurs ? 'owned' : 'taken';
}

function typeOf(number: NumberRow): ShopNumber['type'] {
  const type = NUMBER_TYPES.find((known) => known === number.type);
  if (type === undefined) throw new Error(`The store holds a number of type "${number.type}"`);
  return type;
}

export const NUMBER_FEATURES = ['voice', 'sms', 'fax'] as const;

/** The store keeps them as a list with spaces. */
function featuresOf(number: NumberRow): ShopNumber['features'] {
  const features = new Set(number.features.split(' '));
  return NUMBER_FEATURES.filter((feature) => features.has(feature));
}
