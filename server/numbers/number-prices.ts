/** What numbers of carriers cost our customers: the operator's price for a country and type, the account's own before everybody's. */
import type { NumberPriceRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** In a row's accountId: every account that has no price of its own. */
export const EVERY_ACCOUNT = '';

export async function readNumberPrice(
  store: Store,
  wanted: Pick<NumberPriceRow, 'accountId' | 'country' | 'type' | 'currency'>,
): Promise<NumberPriceRow | null> {
  const prices = await store.db
    .selectFrom('number_price')
    .selectAll()
    .where('accountId', 'in', [wanted.accountId, EVERY_ACCOUNT])
    .where('country', '=', wanted.country)
    .where('type', '=', wanted.type)
    .where('currency', '=', wanted.currency)
    .execute();
  return prices.find(({ accountId }) => accountId === wanted.accountId) ?? prices[0] ?? null;
}
