/**
 * Charges that are due. Those that nobody ended: what is held for them is given back. Those that are settled by invoice: they are written
 * there. Any server may do it; each step is guarded by the row's version.
 */
import type { ServiceChargeRow } from '../storage/rows.ts';
import { lookAtAsked } from './asked-extra.ts';
import { finishExtra } from './call-extras.ts';
import { invoiceServices } from './invoice-services.ts';
import type { MeteringRoom } from './metering-room.ts';
import { expireCharge } from './settle-service.ts';

/** Looked at in one round; the next one is a second later. */
const MAX_EXPIRED = 500;

export async function expireServices(room: MeteringRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('service_charge')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .orderBy('dueAtMs')
    .limit(MAX_EXPIRED)
    .execute();
  const { settled = [], open = [] } = Object.groupBy(due, ({ status }) => (status === 'settled' ? 'settled' : 'open'));
  await invoiceServices(room, settled);
  const done = await Promise.allSettled(open.map((row) => lookAt(room, row)));
  done.forEach((result, index) => {
    if (result.status === 'rejected') {
      // One charge that fails must not keep the others waiting; it is due again in the next round.
      room.log('a due service could not be looked at', { chargeId: open[index]?.chargeId, cause: result.reason });
    }
  });
}

/** What an edge has reported was used: a crash kept it from being settled. */
async function lookAt(room: MeteringRoom, row: ServiceChargeRow): Promise<void> {
  if (row.origin === 'call') await finishExtra(room, row);
  else if (row.origin === 'asked') await lookAtAsked(room, row);
  else await expireCharge(room, row);
}
