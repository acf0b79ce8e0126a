/** Numbers for sale: search by country, type and digits, page by page. The inventory is that of the account; a number has one owner anywhere. */
import type { NumberPage, NumberSearch } from '../../src/protocol/number.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import type { Store } from '../storage/store.ts';
import type { NumberRoom } from './number-room.ts';
import { type Shopper, type StockedNumber, shopNumberOf } from './shop-number.ts';

export const NUMBER_PAGE_SIZE = 25;

export async function searchNumbers(
  room: NumberRoom,
  { identity, search }: { readonly identity: Identity; readonly search: NumberSearch },
): Promise<Outcome<NumberPage>> {
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const [stock, shopper] = await Promise.all([stockOf(room.store, { office, search }), shopperOf(room, office)]);
  const page = stock.slice(0, NUMBER_PAGE_SIZE);
  return granted({
    numbers: page.map((number) => shopNumberOf(number, shopper)),
    nextCursor: stock.length > NUMBER_PAGE_SIZE ? (page.at(-1)?.number ?? null) : null,
  });
}

export async function shopperOf({ store, policy }: NumberRoom, office: Office): Promise<Shopper> {
  const { accountId, walletId } = office.office;
  const [wallet, holding] = await Promise.all([
    readWallet(store, office.office),
    store.db
      .selectFrom('call')
      .select((read) => read.fn.countAll().as('count'))
      .where('accountId', '=', accountId)
      .where('walletId', '=', walletId)
      .where('dueAtMs', 'is not', null)
      .where('heldMicros', '>', 0)
      .executeTakeFirstOrThrow(),
  ]);
  const { numberFloorMicros } = policy.of(office.account).credit;
  return { office, wallet, holdingCalls: Number(holding.count), floorMicros: numberFloorMicros };
}

/** Only what the account can pay for: one wallet, one currency. The cursor is the last number of the page before. */
async function stockOf(
  store: Store,
  { office, search }: { readonly office: Office; readonly search: NumberSearch },
): Promise<readonly StockedNumber[]> {
  let query = numbersOf(store, office.account.accountId).where('number.currency', '=', office.account.currency);
  if (search.country !== undefined) query = query.where('number.country', '=', search.country);
  if (search.type !== undefined) query = query.where('number.type', '=', search.type);
  if (search.contains !== undefined) query = query.where('number.number', 'like', `%${search.contains}%`);
  if (search.cursor !== undefined) query = query.where('number.number', '>', search.cursor);
  return await query
    .orderBy('number.number')
    .limit(NUMBER_PAGE_SIZE + 1)
    .execute();
}

export async function readStocked(
  store: Store,
  address: { readonly accountId: string; readonly number: string },
): Promise<StockedNumber | null> {
  const found = await numbersOf(store, address.accountId)
    .where('number.number', '=', address.number)
    .executeTakeFirst();
  return found ?? null;
}

function numbersOf(store: Store, accountId: string) {
  return store.db
    .selectFrom('number')
    .leftJoin('number_owner', (join) =>
      join.onRef('number_owner.number', '=', 'number.number').on('number_owner.state', '!=', 'returned'),
    )
    .selectAll('number')
    .select(['number_owner.accountId as ownerAccountId', 'number_owner.officeId as ownerOfficeId'])
    .where('number.accountId', '=', accountId);
}
