/** Rows of orders at carriers: read, written over their own version only, and the ids of the money that belongs to them. */
import type { NumberOrderRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export async function readOrder(
  store: Store,
  { accountId, orderId }: Pick<NumberOrderRow, 'accountId' | 'orderId'>,
): Promise<NumberOrderRow | null> {
  const row = await store.db
    .selectFrom('number_order')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('orderId', '=', orderId)
    .executeTakeFirst();
  return row ?? null;
}

export type OrderChange = Partial<
  Pick<
    NumberOrderRow,
    | 'state'
    | 'amountMicros'
    | 'carrierRef'
    | 'numberRef'
    | 'attempts'
    | 'problem'
    | 'askedAtMs'
    | 'endedAtMs'
    | 'dueAtMs'
  >
>;

export function changedOrder(row: NumberOrderRow, change: OrderChange): NumberOrderRow {
  return { ...row, ...change, version: row.version + 1 };
}

export function writeOrder(row: NumberOrderRow): RowWrite {
  return { table: 'number_order', mode: 'next_version', row };
}

/** The row as it is now; null when somebody else has written it in between. */
export async function saveOrder(store: Store, before: NumberOrderRow, change: OrderChange) {
  const row = changedOrder(before, change);
  const { applied } = await store.writeRows([writeOrder(row)]);
  return applied ? row : null;
}

/** One purchase id is one purchase, whether of our own numbers or at a carrier. */
export function operationIdOf(purchaseId: string): string {
  return `purchase:${purchaseId}`;
}

export const ORDER_HOLD_PREFIX = 'number:';

export function holdIdOf(orderId: string): string {
  return `${ORDER_HOLD_PREFIX}${orderId}`;
}
