/** Tells every open widget of the account what became of a number, each office from its own point of view. */
import type { ShopNumber } from '../../src/protocol/number.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { NumberOrderRow } from '../storage/rows.ts';
import type { NumberRoom } from './number-room.ts';
import { shopperOf } from './search-numbers.ts';
import { orderedNumber, ownerIn, ownersOf, readStocked } from './search-stock.ts';
import { type StockedNumber, shopNumberOf } from './shop-number.ts';

type OfficeAddress = Pick<NumberOrderRow, 'accountId' | 'officeId'>;

/** `changed`: the office whose money or number it is. */
export async function tellOfNumber(
  room: NumberRoom,
  { changed, number }: { readonly changed: OfficeAddress; readonly number: StockedNumber },
): Promise<void> {
  const { accountId } = changed;
  room.offices.changed(changed);
  room.notices.walletChanged(changed);
  const offices = await room.store.db
    .selectFrom('office')
    .select('officeId')
    .where('accountId', '=', accountId)
    .execute();
  for (const { officeId } of offices) {
    const office = await room.offices.find({ accountId, officeId });
    if (!office) continue;
    const shown = await shownTo(room, { office, number });
    room.publisher.publish({ accountId, officeId, personId: null }, { type: 'number', number: shown });
  }
}

export async function shownTo(
  room: NumberRoom,
  { office, number }: { readonly office: Office; readonly number: StockedNumber },
): Promise<ShopNumber> {
  return shopNumberOf(number, await shopperOf(room, office));
}

/** An inventory number as it is now. */
export async function stockedNow(room: NumberRoom, before: StockedNumber): Promise<StockedNumber> {
  return (await readStocked(room.store, before)) ?? before;
}

/** A carrier's number as it is now that its order is in this state. */
export async function orderedNow(room: NumberRoom, order: NumberOrderRow): Promise<StockedNumber> {
  const owners = await ownersOf(room.store, [order.number]);
  return { ...orderedNumber(order), order, ...ownerIn(owners, order.number) };
}
