import type { PaymentRow } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';
import { paymentOf } from './payment-row.ts';

/** No person has this id: an event for it reaches those who manage credit, and nobody else. */
const ADMINS_ONLY = '';

export function publishPayment(room: Pick<PaymentRoom, 'publisher'>, row: PaymentRow): void {
  if (row.kind === 'card_setup') return;
  const audience = { accountId: row.accountId, officeId: row.officeId, personId: ADMINS_ONLY };
  room.publisher.publish(audience, { type: 'payment', payment: paymentOf(row) });
}
