/** While a bank decides about a dispute, the office's paid calls and automatic charges are paused. */
import { DISPUTE_PAUSED_BY, hasOpenDispute, pausedByBank } from '../accounts/open-dispute.ts';
import type { PaymentRow } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readRecharge } from './read-recharge.ts';
import { withPause } from './recharge-row.ts';

const MAX_ROUNDS = 10;

/** Makes the pause what the disputes say now; repeatable. `isLost`: the card stays out of automatic use. */
export async function setFreeze(
  room: PaymentRoom,
  { payment, isLost }: { readonly payment: PaymentRow; readonly isLost: boolean },
): Promise<void> {
  const isFrozen = await hasOpenDispute(room, payment);
  await pauseOffice(room, { payment, isFrozen });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const recharge = await readRecharge(room.store, payment);
    if (recharge === null) return;
    const lifted = recharge.pause === 'disputed' ? (isLost ? 'card_refused' : null) : recharge.pause;
    const next = { ...recharge, pause: isFrozen ? 'disputed' : lifted };
    if (next.pause === recharge.pause) return;
    const row = { ...withPause(recharge, null), pause: next.pause, version: recharge.version + 1 };
    if ((await room.store.writeRows([{ table: 'auto_recharge', mode: 'next_version', row }])).applied) return;
  }
}

async function pauseOffice(
  room: PaymentRoom,
  { payment, isFrozen }: { readonly payment: PaymentRow; readonly isFrozen: boolean },
): Promise<void> {
  room.offices.forget(payment);
  const found = await room.offices.find(payment);
  if (!found) return;
  const { office } = found;
  const isOurs = office.pausedByName === DISPUTE_PAUSED_BY;
  if (isFrozen ? office.pausedAtMs !== null : !isOurs) return;
  const row = isFrozen ? pausedByBank(office, room.clock.nowMs()) : { ...office, pausedAtMs: null, pausedByName: null };
  await room.store.writeRows([{ table: 'office', mode: 'upsert', row }]);
  room.offices.changed(payment);
  room.notices.walletChanged(payment);
}
