/** What must be true of numbers after any kill, once nothing is under way: paid, owned here and owned at the carrier are the same. */
import { OPEN_ORDER_STATES } from '../../server/numbers/order-states.ts';
import type { NumberOrderRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import type { Acknowledged } from './killed-load.ts';
import type { LocalTelnyx } from './local-telnyx.ts';

export interface NumberWorld {
  readonly telnyx: LocalTelnyx;
  readonly acknowledged: Acknowledged;
}

export async function numberFaults({ db }: Pick<Store, 'db'>, world: NumberWorld): Promise<readonly string[]> {
  const orders = await db.selectFrom('number_order').selectAll().execute();
  const owners = await db.selectFrom('number_owner').selectAll().where('state', '!=', 'returned').execute();
  const ofCarrier = await db.selectFrom('number').select('number').where('carrier', 'is not', null).execute();
  const charges = await chargesOf({ db });
  const carried = new Set(ofCarrier.map(({ number }) => number));
  const ownedHere = owners.map(({ number }) => number).filter((number) => carried.has(number));
  return [
    ...orders.filter(isUnderWay).map(({ orderId, state }) => `the order ${orderId} is still ${state}`),
    ...carrierFaults(orders, world.telnyx),
    ...differences('owned at the carrier', { here: ownedHere, there: world.telnyx.numbersOwned() }),
    ...chargeFaults(orders, charges),
    ...acknowledgedFaults({ orders, charges }, world.acknowledged),
    ...owners
      .filter(({ purchaseId }) => !charges.has(purchaseId) && !purchaseId.startsWith('seed-'))
      .map(({ number, purchaseId }) => `${number} is owned by ${purchaseId}, which was never charged`),
  ];
}

/** What left the wallet for a purchase, by its id: one amount for each time that it was charged. */
type Charges = ReadonlyMap<string, readonly number[]>;

async function chargesOf({ db }: Pick<Store, 'db'>): Promise<Charges> {
  const entries = await db
    .selectFrom('entry')
    .select(['operationId', 'amountMicros'])
    .where('entryKind', '=', 'number_purchase')
    .where('ledgerAccount', '=', 'wallet')
    .where('amountMicros', '!=', 0)
    .execute();
  const charges = new Map<string, number[]>();
  for (const { operationId, amountMicros } of entries) {
    // "purchase:<id>", and for an order "purchase:<id>:bought".
    const purchaseId = operationId.split(':')[1] ?? '';
    charges.set(purchaseId, [...(charges.get(purchaseId) ?? []), -amountMicros]);
  }
  return charges;
}

function isUnderWay({ state }: NumberOrderRow): boolean {
  return OPEN_ORDER_STATES.some((open) => open === state);
}

/** No order there that is unknown here, none twice, and none bought here that is not there. */
function carrierFaults(orders: readonly NumberOrderRow[], telnyx: LocalTelnyx): readonly string[] {
  const here = new Map(orders.map((order) => [order.orderId, order]));
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const { reference, number } of telnyx.orders) {
    if (here.get(reference)?.number !== number) wrong.push(`the carrier has an order ${reference} that is not ours`);
    if (seen.has(reference)) wrong.push(`the carrier has the order ${reference} twice`);
    seen.add(reference);
  }
  const bought = new Set(telnyx.orders.filter(({ status }) => status === 'success').map(({ reference }) => reference));
  for (const { orderId, state } of orders) {
    if (state === 'bought' && !bought.has(orderId)) wrong.push(`${orderId} is bought here and not at the carrier`);
  }
  return wrong;
}

/** Exactly once if owned, never if not. */
function chargeFaults(orders: readonly NumberOrderRow[], charges: Charges): readonly string[] {
  const ordered = orders.flatMap(({ orderId, state, amountMicros }) => {
    const charged = charges.get(orderId) ?? [];
    const expected = state === 'bought' ? [amountMicros] : [];
    return String(charged) === String(expected) ? [] : [`${orderId} is ${state} and was charged [${charged}]`];
  });
  const twice = [...charges].filter(([, charged]) => charged.length > 1).map(([id]) => `${id} was charged twice`);
  return [...ordered, ...twice];
}

function acknowledgedFaults(
  { orders, charges }: { readonly orders: readonly NumberOrderRow[]; readonly charges: Charges },
  { purchases, undelivered }: Acknowledged,
): readonly string[] {
  const here = new Map(orders.map((order) => [order.orderId, order]));
  const lost = [...purchases].flatMap(([purchaseId, { state, number }]) => {
    const order = here.get(purchaseId);
    // The own stock has no orders.
    const isStock = !number.startsWith('+1');
    if (state === 'bought' || isStock) return charges.has(purchaseId) ? [] : [`${purchaseId} was bought and is lost`];
    return order ? [] : [`${purchaseId} was ordered and is lost`];
  });
  const charged = [...undelivered].filter((purchaseId) => charges.has(purchaseId));
  return [...lost, ...charged.map((purchaseId) => `${purchaseId} was refused and charged`)];
}

function differences(
  what: string,
  { here, there }: { readonly here: readonly string[]; readonly there: readonly string[] },
): readonly string[] {
  const twice = there.filter((number, index) => there.indexOf(number) !== index);
  return [
    ...here.filter((number) => !there.includes(number)).map((number) => `${number} is not ${what}`),
    ...there.filter((number) => !here.includes(number)).map((number) => `${number} is ${what} and unknown here`),
    ...twice.map((number) => `${number} is ${what} twice`),
  ];
}
