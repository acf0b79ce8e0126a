/** Asks the provider for a payment whose row is committed. Safe to be done again: same row, same request, same key. */
import { micros } from '../../src/protocol/money.ts';
import type { PaymentRow } from '../storage/rows.ts';
import type { ProviderReport } from './apply-report.ts';
import { applyRefusal, applyReport } from './apply-report.ts';
import { minorFromMicros } from './minor-units.ts';
import type { PaymentRequest, ProviderReply } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';

export interface SentPayment {
  readonly row: PaymentRow;
  /** For the browser, when the provider gave one; never stored. */
  readonly clientSecret: string | null;
}

export async function sendPayment(room: PaymentRoom, row: PaymentRow): Promise<SentPayment> {
  return await applyReply(room, { row, reply: await request(room, row) });
}

/** What was learnt, or what was known before when nothing was. */
export async function applyReply(
  room: PaymentRoom,
  { row, reply }: { readonly row: PaymentRow; readonly reply: ProviderReply<ProviderReport> },
): Promise<SentPayment> {
  switch (reply.outcome) {
    case 'answered': {
      const payment = await applyReport(room, { payment: row, report: reply.value });
      return { row: payment, clientSecret: reply.value.clientSecret };
    }
    case 'refused':
      room.log('the payment provider refused a payment', { paymentId: row.paymentId, cause: reply.cause });
      return { row: await applyRefusal(room, { payment: row, failure: reply.failure }), clientSecret: null };
    case 'unknown':
      // Perhaps it was charged: the row stays as it is, and the sweep finds out.
      room.log('what the payment provider did with a payment is not known', {
        paymentId: row.paymentId,
        cause: reply.cause,
      });
      return { row, clientSecret: null };
  }
}

function request(room: PaymentRoom, row: PaymentRow): Promise<ProviderReply<ProviderReport>> {
  const { accountId, customerRef, paymentId } = row;
  if (row.kind === 'card_setup') return room.provider.startCardSetup({ setupId: paymentId, accountId, customerRef });
  return room.provider.createPayment(requestOf(row));
}

function requestOf(row: PaymentRow): PaymentRequest {
  const { paymentId, accountId, customerRef, currency } = row;
  const amountMinor = minorFromMicros(micros(row.amountMicros), currency);
  return { paymentId, accountId, customerRef, currency, amountMinor, method: methodOf(row) };
}

function methodOf(row: PaymentRow): PaymentRequest['method'] {
  if (row.method === 'new_card') return { kind: 'new_card', keepsCard: row.isCardKept };
  if (row.cardRef === null) throw new Error(`Payment ${row.paymentId} has no card`);
  return { kind: row.method === 'off_session' ? 'off_session' : 'saved_card', cardRef: row.cardRef };
}
