/** What a carrier has of ours, compared with what is owned here. Moves nothing: each difference is for somebody to look at. */
import type { NumberCarrier } from '../carriers/number-carrier.ts';
import type { NumberOrderRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { BLOCKING_ORDER_STATES } from './order-states.ts';

export interface NumberDifferences {
  /** Paid for at the carrier, and owned by nobody here. */
  readonly onlyThere: readonly string[];
  /** Owned here, and not at the carrier: calls to it do not arrive. */
  readonly onlyHere: readonly { readonly accountId: string; readonly number: string }[];
  /** Neither: what is being ordered may be there already or not yet. */
  readonly openOrders: readonly NumberOrderRow[];
  /** In both. */
  readonly agreeing: number;
}

/** Throws CarrierError when the carrier cannot be asked. */
export async function reconcileNumbers(
  store: Store,
  carrier: Pick<NumberCarrier, 'name' | 'owned'>,
): Promise<NumberDifferences> {
  // Read before and after the carrier is: what is bought or given back meanwhile is no difference.
  const before = await ownedHere(store, carrier.name);
  const there = new Set<string>();
  for await (const number of carrier.owned()) there.add(number);
  const openOrders = await store.db
    .selectFrom('number_order')
    .selectAll()
    .where('carrier', '=', carrier.name)
    .where('state', 'in', BLOCKING_ORDER_STATES)
    .orderBy('createdAtMs')
    .execute();
  const after = await ownedHere(store, carrier.name);
  const known = new Set([...after, ...openOrders].map(({ number }) => number));
  const isStillHere = new Set(after.map(({ number }) => number));
  const onlyHere = before.filter(({ number }) => !there.has(number) && isStillHere.has(number));
  return {
    onlyThere: [...there].filter((number) => !known.has(number)).toSorted(),
    onlyHere,
    openOrders,
    agreeing: after.length - onlyHere.length,
  };
}

function ownedHere(store: Store, carrier: string) {
  return store.db
    .selectFrom('number')
    .innerJoin('number_owner', (join) =>
      join
        .onRef('number_owner.number', '=', 'number.number')
        .onRef('number_owner.accountId', '=', 'number.accountId')
        .on('number_owner.state', '!=', 'returned'),
    )
    .select(['number.accountId', 'number.number'])
    .where('number.carrier', '=', carrier)
    .orderBy('number.number')
    .execute();
}
