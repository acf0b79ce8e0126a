/**
 * Numbers for sale. First our own inventory, page by page in the order of the numbers; when it is through and there is a carrier, one page
 * of what the carrier offers for the same search. In front of the first page stands what is being ordered for the office.
 */
import type { NumberPage, NumberSearch } from '../../src/protocol/number.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet } from '../accounts/wallet.ts';
import { CarrierError } from '../carriers/number-carrier.ts';
import type { Identity } from '../services.ts';
import type { NumberRoom } from './number-room.ts';
import { searchCarrier } from './search-carrier.ts';
import { ordersOfOffice, searchStock } from './search-stock.ts';
import { type Shopper, type StockedNumber, shopNumberOf } from './shop-number.ts';

export const NUMBER_PAGE_SIZE = 25;
/** The cursor of the page that comes from the carrier; the others are numbers, which begin with "+". */
const CARRIER_PAGE = 'carrier';

interface StockPage {
  readonly numbers: readonly StockedNumber[];
  readonly nextCursor: string | null;
}

export async function searchNumbers(
  room: NumberRoom,
  { identity, search }: { readonly identity: Identity; readonly search: NumberSearch },
): Promise<Outcome<NumberPage>> {
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const orders = search.cursor === undefined ? await ordersOfOffice(room, office) : [];
  const page = await pageOf(room, { office, search });
  if (page === null) return refused(refusal('carrier_unavailable'));
  const isOrdered = new Set(orders.map(({ number }) => number));
  const shopper = await shopperOf(room, office);
  return granted({
    numbers: [...orders, ...page.numbers.filter(({ number }) => !isOrdered.has(number))].map((number) =>
      shopNumberOf(number, shopper),
    ),
    nextCursor: page.nextCursor,
  });
}

export async function shopperOf({ store, policy, clock, offers }: NumberRoom, office: Office): Promise<Shopper> {
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
  return {
    office,
    wallet,
    holdingCalls: Number(holding.count),
    policy: policy.of(office.account),
    atMs: clock.nowMs(),
    offers,
  };
}

interface Wanted {
  readonly office: Office;
  readonly search: NumberSearch;
}

/** Null when the carrier cannot be asked. */
async function pageOf(room: NumberRoom, { office, search }: Wanted): Promise<StockPage | null> {
  if (search.cursor === CARRIER_PAGE) return await carrierPage(room, { office, search });
  const stock = await searchStock(room, { office, search, limit: NUMBER_PAGE_SIZE + 1 });
  const numbers = stock.slice(0, NUMBER_PAGE_SIZE);
  const last = numbers.at(-1);
  // With nothing of our own there is no page to turn.
  if (last === undefined && room.carrier !== null) return await carrierPage(room, { office, search });
  if (stock.length > NUMBER_PAGE_SIZE) return { numbers, nextCursor: last?.number ?? null };
  return { numbers, nextCursor: room.carrier === null ? null : CARRIER_PAGE };
}

async function carrierPage(room: NumberRoom, { office, search }: Wanted): Promise<StockPage | null> {
  try {
    return { numbers: await searchCarrier(room, { office, search, limit: NUMBER_PAGE_SIZE }), nextCursor: null };
  } catch (cause) {
    if (!(cause instanceof CarrierError)) throw cause;
    room.log('the carrier could not be searched', { reason: cause.message });
    return null;
  }
}
