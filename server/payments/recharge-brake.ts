/**
 * The velocity brake (REQUIREMENTS 2.3 no. 4, section 4 no. 6): so many auto-recharges within an hour are more than calls of an office
 * need, so nothing more is taken from the card until an admin has looked at the calls and resumed.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import type { AutoRechargeRow, PaymentRow, RowWrite } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';

const HOUR_MS = 3_600 * MILLISECONDS_PER_SECOND;

export interface RechargeBrake {
  /** Auto-recharge stops with this payment. */
  readonly isOn: boolean;
  readonly alert: readonly RowWrite[];
}

const OFF: RechargeBrake = { isOn: false, alert: [] };

/** Goes along with an auto-recharge that comes. Those from before an admin resumed do not count again. */
export async function rechargeBrake(
  room: PaymentRoom,
  { row, recharge }: { readonly row: PaymentRow; readonly recharge: AutoRechargeRow | null },
): Promise<RechargeBrake> {
  if (recharge === null || row.kind !== 'auto_recharge' || row.status !== 'succeeded') return OFF;
  const profile = (await room.offices.find(row))?.account.profile ?? 'default';
  const most = room.policy.of({ profile }).alerts.rechargesInHour;
  if (most === null || recharge.pause !== null) return OFF;
  const nowMs = room.clock.nowMs();
  const others = await othersSince(room, { row, sinceMs: Math.max(nowMs - HOUR_MS, recharge.consentAtMs ?? 0) });
  const rechargeCount = others.length + 1;
  if (rechargeCount < most) return OFF;
  const spentMicros = others.reduce((sum, { amountMicros }) => sum + amountMicros, row.amountMicros);
  const { accountId, officeId, paymentId, currency } = row;
  const what = { reason: 'recharges', rechargeCount, spentMicros, usualMicros: null, currency } as const;
  const facts = { kind: 'unusual_spend', ...what, paused: 'auto_recharge' } as const;
  const alert = await alertWritesOnce(room.store, { accountId, officeId, subject: paymentId, facts, atMs: nowMs });
  return { isOn: true, alert };
}

async function othersSince(
  { store }: Pick<PaymentRoom, 'store'>,
  { row, sinceMs }: { readonly row: PaymentRow; readonly sinceMs: number },
): Promise<readonly Pick<PaymentRow, 'amountMicros'>[]> {
  return await store.db
    .selectFrom('payment')
    .select('amountMicros')
    .where('accountId', '=', row.accountId)
    .where('walletId', '=', row.walletId)
    .where('createdAtMs', '>=', sinceMs)
    .where('kind', '=', 'auto_recharge')
    .where('status', '=', 'succeeded')
    .where('paymentId', '!=', row.paymentId)
    .execute();
}
