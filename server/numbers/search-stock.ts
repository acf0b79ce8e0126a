/**
 * Our own inventory: rows of the account's own table, with their owners. Each way of searching has an index in the order of the numbers.
 */
import type { NumberSearch } from '../../src/protocol/number.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { NumberOrderRow, NumberRow } from '../storage/rows.ts';
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
  let query = store.db
    .selectFrom('number')
    .selectAll()
    .where('accountId', '=', office.account.accountId)
    .where('currency', '=', office.account.currency)
    .where('carrier', 'is', null);
  if (search.country !== undefined) query = query.where('country', '=', search.country);
  if (search.type !== undefined) query = query.where('type', '=', search.type);
  const prefix = prefixOf(search, callingCodeOf);
  if (prefix === null) return [];
  if (prefix !== '+') {
    query = query.where('number', '>=', prefix).where('number', '<', prefix + AFTER_DIGITS);
  }
  if (search.contains !== undefined) query = query.where('number', 'like', `%${search.contains}%`);
  if (search.ends !== undefined) query = query.where('number', 'like', `%${search.ends}`);
  for (const feature of search.features?.split(',') ?? []) {
    query = query.where('features', 'like', `%${feature}%`);
  }
  if (search.cursor !== undefined) query = query.where('number', '>', search.cursor);
  // Owners are asked for afterwards, for the page alone: a join of both tables would be made before the page is cut.
  return await withOwners(store, await query.orderBy('number').limit(limit).execute());
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
  const { accountId, number } = address;
  const found = await store.db
    .selectFrom('number')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('number', '=', number)
    .execute();
  return (await withOwners(store, found))[0] ?? null;
}

async function withOwners(store: Store, rows: readonly NumberRow[]): Promise<readonly StockedNumber[]> {
  const numbers = rows.map(({ number }) => number);
  const owners = await ownersOf(store, numbers);
  return rows.map((row) => ({ ...row, ...ownerIn(owners, row.number), order: null }));
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

/** As it stands with a number of the shop. */
export function ownerIn(owners: Owners, number: string): Pick<StockedNumber, 'ownerAccountId' | 'ownerOfficeId'> {
  const owner = owners.get(number);
  return { ownerAccountId: owner?.accountId ?? null, ownerOfficeId: owner?.officeId ?? null };
}

export type Owners = ReadonlyMap<string, { readonly accountId: string; readonly officeId: string }>;

export async function ownersOf(store: Store, numbers: readonly string[]): Promise<Owners> {
  if (numbers.length === 0) return new Map();
  const owners = await store.db
    .selectFrom('number_owner')
    .select(['number', 'accountId', 'officeId'])
    .where('number', 'in', numbers)
    .where('state', '!=', 'returned')
    .execute();
  return new Map(owners.map(({ number, ...owner }) => [number, owner]));
}
