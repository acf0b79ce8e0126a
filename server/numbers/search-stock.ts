/** Our own inventory: rows of the account's own table, with their owners. Each way of searching has an index in the order of the numbers. */
import type { NumberSearch } from '../../src/protocol/number.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { NumberOrderRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type NumberFacts, numberFactsSchema } from './number-offer.ts';
import type { NumberRoom } from './number-room.ts';
import { isOpen, OPEN_ORDER_STATES } from './order-states.ts';
import type { StockedNumber } from './shop-number.ts';

export interface StockSearch {
  readonly office: Office;
  readonly search: NumberSearch;
  readonly limit: number;
}

/** The first character after the digits: what begins with a prefix is below the prefix and this. */
const AFTER_DIGITS = ':';

/** Only what the account can pay for: one wallet, one currency. The cursor is the last number of the page before. */
export async function searchStock(
  { store, callingCodeOf }: Pick<NumberRoom, 'store' | 'callingCodeOf'>,
  { office, search, limit }: StockSearch,
): Promise<readonly StockedNumber[]> {
  let query = stockOf(store, office.account.accountId)
    .where('number.currency', '=', office.account.currency)
    .where('number.carrier', 'is', null);
  if (search.country !== undefined) query = query.where('number.country', '=', search.country);
  if (search.type !== undefined) query = query.where('number.type', '=', search.type);
  const prefix = prefixOf(search, callingCodeOf);
  if (prefix === null) return [];
  if (prefix !== '+') {
    query = query.where('number.number', '>=', prefix).where('number.number', '<', prefix + AFTER_DIGITS);
  }
  if (search.contains !== undefined) query = query.where('number.number', 'like', `%${search.contains}%`);
  if (search.ends !== undefined) query = query.where('number.number', 'like', `%${search.ends}`);
  for (const feature of search.features?.split(',') ?? []) {
    query = query.where('number.features', 'like', `%${feature}%`);
  }
  if (search.cursor !== undefined) query = query.where('number.number', '>', search.cursor);
  const found = await query.orderBy('number.number').limit(limit).execute();
  return found.map((number) => ({ ...number, order: null }));
}

/** How the numbers begin that are looked for; null: the country is none. */
function prefixOf(
  { country, areaCode = '', starts = '' }: NumberSearch,
  callingCodeOf: NumberRoom['callingCodeOf'],
): string | null {
  if (areaCode === '' && starts === '') return '+';
  const callingCode = country === undefined ? '' : callingCodeOf(country);
  return callingCode === null ? null : `+${callingCode}${areaCode}${starts}`;
}

/** One number of the inventory; null when the account has no such number for sale or of its own. */
export async function readStocked(
  store: Store,
  address: { readonly accountId: string; readonly number: string },
): Promise<StockedNumber | null> {
  const found = await stockOf(store, address.accountId).where('number.number', '=', address.number).executeTakeFirst();
  return found ? { ...found, order: null } : null;
}

function stockOf(store: Store, accountId: string) {
  return store.db
    .selectFrom('number')
    .leftJoin('number_owner', (join) =>
      join.onRef('number_owner.number', '=', 'number.number').on('number_owner.state', '!=', 'returned'),
    )
    .selectAll('number')
    .select(['number_owner.accountId as ownerAccountId', 'number_owner.officeId as ownerOfficeId'])
    .where('number.accountId', '=', accountId);
}

/** How long an order that failed is shown. */
const SHOWN_FAILED_MS = 24 * 3_600_000;
const MAX_SHOWN_ORDERS = 20;

/** What is being ordered for the office, and what could not be delivered lately; newest first. */
export async function ordersOfOffice(
  { store, clock }: Pick<NumberRoom, 'store' | 'clock'>,
  { office }: Office,
): Promise<readonly StockedNumber[]> {
  const orders = await store.db
    .selectFrom('number_order')
    .selectAll()
    .where('accountId', '=', office.accountId)
    .where('officeId', '=', office.officeId)
    .where((is) =>
      is.or([
        is('state', 'in', OPEN_ORDER_STATES),
        is.and([is('state', 'in', ['failed', 'abandoned']), is('createdAtMs', '>', clock.nowMs() - SHOWN_FAILED_MS)]),
      ]),
    )
    .orderBy('createdAtMs', 'desc')
    .limit(MAX_SHOWN_ORDERS)
    .execute();
  // Who tries again after a failure sees the newer order alone, an open one before any other.
  const shown = new Map<string, NumberOrderRow>();
  for (const order of orders.toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)))) {
    if (!shown.has(order.number)) shown.set(order.number, order);
  }
  const owned = await ownersOf(store, [...shown.keys()]);
  return [...shown.values()]
    .filter(({ number }) => !owned.has(number))
    .map((order) => ({ ...orderedNumber(order), order }));
}

/** The number of an order, as it was offered. */
export function orderedNumber(order: NumberOrderRow): Omit<StockedNumber, 'order'> {
  return { ...factsOfOrder(order), ownerAccountId: null, ownerOfficeId: null };
}

export function factsOfOrder({ facts }: Pick<NumberOrderRow, 'facts'>): NumberFacts {
  return numberFactsSchema.parse(JSON.parse(facts));
}

export async function ownersOf(
  store: Store,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, { readonly accountId: string; readonly officeId: string }>> {
  if (numbers.length === 0) return new Map();
  const owners = await store.db
    .selectFrom('number_owner')
    .select(['number', 'accountId', 'officeId'])
    .where('number', 'in', numbers)
    .where('state', '!=', 'returned')
    .execute();
  return new Map(owners.map(({ number, ...owner }) => [number, owner]));
}
