/** Admins hear of the monthly limit of auto-recharge before calls stop because of it: near it, and when nothing more fits under it. */
import { alertWritesOnce } from '../alerts/write-alert.ts';
import type { AutoRechargeRow, PaymentRow, RowWrite } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';
import { rechargedSoFar } from './recharge-month.ts';

const NEAR_PERCENT = 80;

/** Goes along with the auto-recharge that comes so far. Each is told once a month, whatever happens to the payment afterwards. */
export async function rechargeLimitMail(
  room: PaymentRoom,
  {
    before,
    row,
    recharge,
  }: { readonly before: PaymentRow; readonly row: PaymentRow; readonly recharge: AutoRechargeRow },
): Promise<readonly RowWrite[]> {
  if (row.kind !== 'auto_recharge' || row.status !== 'succeeded') return [];
  const timeZone = (await room.offices.find(row))?.office.timeZone ?? 'UTC';
  // The month in which it was begun is the one that it counts for.
  const { month } = await rechargedSoFar(room.store, { ...row, timeZone, nowMs: row.createdAtMs });
  // One that had failed was not counted, and its bank changed its mind.
  const isCounted = before.status === 'pending' || before.status === 'requires_action';
  const takenMicros = month.takenMicros + (isCounted ? 0 : row.amountMicros);
  const { amountMicros, monthlyLimitMicros: limitMicros } = recharge;
  const isReached = takenMicros + amountMicros > limitMicros;
  if (!isReached && takenMicros * 100 < limitMicros * NEAR_PERCENT) return [];
  const { accountId, officeId, walletId, currency } = row;
  const facts = { kind: 'recharge_limit', takenMicros, limitMicros, currency, isReached } as const;
  const subject = `${walletId}:${month.name}:${isReached ? 'reached' : 'near'}`;
  return await alertWritesOnce(room.store, { accountId, officeId, subject, facts, atMs: room.clock.nowMs() });
}
