import type { PaymentRoom } from './payment-room.ts';

export async function isTrial(room: Pick<PaymentRoom, 'store' | 'clock'>, accountId: string): Promise<boolean> {
  const trial = await room.store.db
    .selectFrom('trial')
    .select('endsAtMs')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return trial !== undefined && room.clock.nowMs() < trial.endsAtMs;
}
