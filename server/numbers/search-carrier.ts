/**
 * What the carrier offers, at the operator's own prices. A number that would be sold below what it costs in its first year is not shown.
 */

import { NUMBER_FEATURES } from '../../src/protocol/number.ts';
import type { CarrierNumber } from '../carriers/number-carrier.ts';
import type { NumberPriceRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { NumberFacts } from './number-offer.ts';
import { readNumberPrice } from './number-prices.ts';
import type { NumberRoom } from './number-room.ts';
import { BLOCKING_ORDER_STATES } from './order-states.ts';
import { ownerIn, ownersOf, type StockSearch } from './search-stock.ts';
import type { StockedNumber } from './shop-number.ts';

const MONTHS_OF_YEAR = 12;

/** Carriers know numbers by country and type: the office's own country and local numbers, where nothing is chosen. Throws CarrierError. */
export async function searchCarrier(
  { carrier, store }: Pick<NumberRoom, 'carrier' | 'store'>,
  { office, search, limit }: StockSearch,
): Promise<readonly StockedNumber[]> {
  if (carrier === null) return [];
  const { accountId, currency } = office.account;
  const { country = office.office.country, type = 'local' } = search;
  const price = await readNumberPrice(store, { accountId, country, type, currency });
  // Without a price there is nothing to sell.
  if (price === null) return [];
  const { areaCode, starts, contains, ends } = search;
  const features = NUMBER_FEATURES.filter((feature) => search.features?.split(',').includes(feature));
  const found = await carrier.search({
    country,
    type,
    features,
    limit,
    ...(areaCode === undefined ? {} : { areaCode }),
    ...(starts === undefined ? {} : { starts }),
    ...(contains === undefined ? {} : { contains }),
    ...(ends === undefined ? {} : { ends }),
  });
  const offered = found
    .filter((number) => coversCost(price, number))
    .slice(0, limit)
    .map((number) => factsOf(number, { ...price, accountId, carrier: carrier.name }));
  return await withOwners(store, offered);
}

/** A cost in another currency is the operator's to judge. */
function coversCost(price: NumberPriceRow, { cost }: CarrierNumber): boolean {
  return cost === null || cost.currency !== price.currency || yearMicros(cost) <= yearMicros(price);
}

function yearMicros({ setupMicros, monthlyMicros }: { readonly setupMicros: number; readonly monthlyMicros: number }) {
  return setupMicros + MONTHS_OF_YEAR * monthlyMicros;
}

function factsOf(
  { number, region, features }: CarrierNumber,
  {
    country,
    type,
    currency,
    setupMicros,
    monthlyMicros,
    inboundPerMinuteMicros,
    accountId,
    carrier,
  }: NumberPriceRow & {
    readonly carrier: string;
  },
): NumberRowOfCarrier {
  const prices = { currency, setupMicros, monthlyMicros, inboundPerMinuteMicros };
  return { accountId, number, country, type, region, features: features.join(' '), ...prices, carrier };
}

type NumberRowOfCarrier = Omit<NumberFacts, 'type' | 'setupMicros' | 'monthlyMicros' | 'inboundPerMinuteMicros'> &
  Pick<NumberPriceRow, 'type' | 'setupMicros' | 'monthlyMicros' | 'inboundPerMinuteMicros'>;

/** Another account may have ordered or own the number by now, and the carrier still list it. */
async function withOwners(store: Store, offered: readonly NumberRowOfCarrier[]): Promise<readonly StockedNumber[]> {
  const numbers = offered.map(({ number }) => number);
  if (numbers.length === 0) return [];
  const [owners, orders] = await Promise.all([
    ownersOf(store, numbers),
    store.db
      .selectFrom('number_order')
      .select(['number', 'accountId', 'officeId', 'state'])
      .where('number', 'in', numbers)
      .where('state', 'in', BLOCKING_ORDER_STATES)
      .execute(),
  ]);
  return offered.map((number) => ({
    ...number,
    ...ownerIn(owners, number.number),
    order: orders.find((order) => order.number === number.number) ?? null,
  }));
}
