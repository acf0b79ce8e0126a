/**
 * A refund by the operator. The order is written down before the provider is asked, by the operator's own id: the same id again is the same
 * refund, and never another one. What the provider answers goes the way of every refund (returned-money.ts).
 */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { PaymentRow } from '../storage/rows.ts';
import { minorFromMicros, stepMicros } from './minor-units.ts';
import { REPLAY_MS } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readPayment } from './payment-row.ts';
import { applyRefund } from './returned-money.ts';

export interface RefundOrder {
  readonly payment: PaymentRow;
  readonly amountMicros: Micros;
  /** The operator's own id. */
  readonly refundId: string;
  /** Why; part of what makes two orders the same. */
  readonly note: string;
}

export type OrderedRefund =
  | { readonly ok: true; readonly payment: PaymentRow; readonly refundRef: string; readonly isRepeat: boolean }
  | { readonly ok: false; readonly sentence: string };

const ORDER_ACCOUNT = 'payment_returns';

export async function orderRefund(room: PaymentRoom, order: RefundOrder): Promise<OrderedRefund> {
  const { payment, refundId } = order;
  const orderedAtMs = await orderedAt(room, order);
  const wrong = whyNot(order, { isRepeat: orderedAtMs !== null });
  if (wrong !== null) return no(wrong);
  if (!(await writeDown(room, order))) return no(`"${refundId}" was used for another refund before`);
  // The provider knows an id for so long only; after that, asking again could be a second refund.
  if (orderedAtMs !== null && room.clock.nowMs() - orderedAtMs > REPLAY_MS) {
    return no(`it was ordered at ${new Date(orderedAtMs).toISOString()}; what came of it is in the list of payments`);
  }
  const amountMinor = minorFromMicros(order.amountMicros, payment.currency);
  const paymentRef = payment.providerRef ?? '';
  const reply = await room.provider.refund({
    refundId: `${payment.accountId}:${refundId}`,
    paymentRef,
    amountMinor,
  });
  if (reply.outcome === 'unknown')
    return no(`what the provider did is not known (${reply.cause}); the same command again is safe`);
  if (reply.outcome === 'refused') return no(`the provider refused: ${reply.cause}`);
  await applyRefund(room, { payment, refund: reply.value });
  const now = (await readPayment(room.store, payment)) ?? payment;
  return { ok: true, payment: now, refundRef: reply.value.ref, isRepeat: orderedAtMs !== null };
}

/** Null when it may be done. A repeat has been counted already. */
function whyNot({ payment, amountMicros }: RefundOrder, { isRepeat }: { readonly isRepeat: boolean }): string | null {
  if (payment.status !== 'succeeded' || payment.kind === 'card_setup') return 'nothing was paid by it';
  if (payment.isDisputed) return 'it is disputed at the bank, which decides who gets the money';
  if (amountMicros % stepMicros(payment.currency) !== 0) return `${payment.currency} has no such small amounts`;
  const leftMicros = payment.amountMicros - payment.returnedMicros;
  return isRepeat || amountMicros <= leftMicros ? null : 'no more can go back than was paid and has not gone back yet';
}

const operationIdOf = ({ refundId }: RefundOrder): string => `refund-order:${refundId}`;

async function orderedAt(room: PaymentRoom, order: RefundOrder): Promise<number | null> {
  const known = await room.store.db
    .selectFrom('operation')
    .select('atMs')
    .where('accountId', '=', order.payment.accountId)
    .where('operationId', '=', operationIdOf(order))
    .executeTakeFirst();
  return known?.atMs ?? null;
}

/** An operation that takes nothing: its id can have one content only. False when it has another one. */
async function writeDown(room: PaymentRoom, order: RefundOrder): Promise<boolean> {
  const { payment, amountMicros, note } = order;
  const result = await room.ledger.submit({
    kind: 'charge',
    operationId: operationIdOf(order),
    accountId: payment.accountId,
    walletId: payment.walletId,
    atMs: room.clock.nowMs(),
    amountMicros: micros(ZERO_MICROS),
    revenueAccount: ORDER_ACCOUNT,
    entryKind: 'refund_order',
    reference: `${payment.paymentId} ${amountMicros} ${note}`,
    alongside: [],
  });
  if (!result.applied && result.refusal.code !== 'id_reused') {
    throw new Error(`The ledger refused a refund order with ${result.refusal.code}`);
  }
  return result.applied;
}

function no(sentence: string): OrderedRefund {
  return { ok: false, sentence };
}
