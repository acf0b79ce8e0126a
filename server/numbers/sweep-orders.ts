/** Goes on with the orders that are due, whoever began them: after a crash, a lost answer, or while a carrier takes its time. */
import type { NumberRoom } from './number-room.ts';
import { stepOrder } from './settle-order.ts';

/** Orders that are looked at in one round. */
const MAX_SWEPT = 100;

export async function sweepOrders(room: NumberRoom): Promise<void> {
  const { carrier } = room;
  if (carrier === null) return;
  const due = await room.store.db
    .selectFrom('number_order')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .where('carrier', '=', carrier.name)
    .orderBy('dueAtMs')
    .limit(MAX_SWEPT)
    .execute();
  for (const row of due) {
    await stepOrder(room, row).catch((cause: unknown) => {
      room.log('an order could not be looked at', { orderId: row.orderId, number: row.number, cause: String(cause) });
    });
  }
}
