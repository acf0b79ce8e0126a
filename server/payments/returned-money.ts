/**
 * Money that goes back to the card: refunds and disputes. Each refund, and each movement of a dispute, is booked once by its own id.
 *
 *   available covers it ──► taken from the wallet
 *   it was spent        ──► what there is is taken, the rest is owed (debt.ts), and outbound calls stop for want of credit
 *   it comes back       ──► credited, debts first
 */
import { micros, minMicros } from '../../src/protocol/money.ts';
import { readWallet } from '../accounts/wallet.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import { invoiceTaskWrite } from '../invoices/invoice-task.ts';
import type { PaymentReturnRow, PaymentRow, RowWrite } from '../storage/rows.ts';
import { collectDebt, debtWrite, RETURNS_ACCOUNT, readDebt } from './debt.ts';
import { setFreeze } from './dispute-freeze.ts';
import { microsFromMinor } from './minor-units.ts';
import type { ProviderDispute, ProviderRefund } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom, readPayment } from './payment-row.ts';
import { publishPayment } from './publish-payment.ts';

const MAX_ROUNDS = 50;

interface Movement {
  readonly payment: PaymentRow;
  readonly returnId: string;
  readonly kind: 'refund' | 'dispute';
  readonly amountMicros: number;
}

export async function applyRefund(
  room: PaymentRoom,
  { payment, refund }: { readonly payment: PaymentRow; readonly refund: ProviderRefund },
): Promise<void> {
  assertCurrency(payment, refund);
  const amountMicros = microsFromMinor(refund.amountMinor, payment.currency);
  const movement: Movement = { payment, returnId: refund.ref, kind: 'refund', amountMicros };
  const known = await readReturn(room, movement);
  if (refund.status === 'taken' && !known) await take(room, movement);
  if (refund.status === 'given_back' && known?.status === 'taken') await giveBack(room, { movement, known });
}

export async function applyDispute(
  room: PaymentRoom,
  { payment, dispute }: { readonly payment: PaymentRow; readonly dispute: ProviderDispute },
): Promise<void> {
  assertCurrency(payment, dispute);
  for (const { ref, amountMinor } of dispute.movements) {
    const amountMicros = microsFromMinor(Math.abs(amountMinor), payment.currency);
    const movement: Movement = { payment, returnId: ref, kind: 'dispute', amountMicros };
    if (await readReturn(room, movement)) continue;
    if (amountMinor < 0) await take(room, movement);
    if (amountMinor > 0) await creditReturned(room, { movement, row: returnRow(room, movement, 'given_back') });
  }
  await noteDispute(room, { payment, dispute });
}

/** A refund of another currency than that of its payment is none that this software understands. */
function assertCurrency(
  payment: PaymentRow,
  { currency, ref }: { readonly currency: string; readonly ref: string },
): void {
  if (currency !== payment.currency) throw new Error(`${ref} is in ${currency}, its payment in ${payment.currency}`);
}

async function take(room: PaymentRoom, movement: Movement): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { payment, returnId } = movement;
    const now = (await readPayment(room.store, payment)) ?? payment;
    const { availableMicros } = await readWallet(room.store, payment);
    const takenMicros = minMicros(availableMicros, micros(movement.amountMicros));
    const owed = { ...payment, owedMicros: movement.amountMicros - takenMicros };
    const debt = debtWrite(await readDebt(room, payment), owed);
    const writes: RowWrite[] = [
      { table: 'payment_return', mode: 'insert', row: returnRow(room, movement, 'taken') },
      { table: 'payment', mode: 'next_version', row: returned(room, now, movement.amountMicros) },
      ...(debt ? [debt] : []),
      paperOf(room, movement, { kind: movement.kind, amountMicros: -movement.amountMicros }),
    ];
    const result = await room.ledger.submit({
      kind: 'charge',
      operationId: `return:${returnId}`,
      ...booking(room, movement),
      amountMicros: takenMicros,
      revenueAccount: RETURNS_ACCOUNT,
      alongside: writes,
    });
    if (result.applied && !result.isRepeat) return told(room, payment);
    if (await readReturn(room, movement)) return;
  }
  throw new Error(`${movement.returnId} could not be booked in ${MAX_ROUNDS} rounds`);
}

async function giveBack(
  room: PaymentRoom,
  { movement, known }: { readonly movement: Movement; readonly known: PaymentReturnRow },
): Promise<void> {
  await creditReturned(room, { movement, row: { ...known, status: 'given_back', version: known.version + 1 } });
}

async function creditReturned(
  room: PaymentRoom,
  { movement, row }: { readonly movement: Movement; readonly row: PaymentReturnRow },
): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { payment, returnId } = movement;
    const now = (await readPayment(room.store, payment)) ?? payment;
    const mode = row.version === 1 ? 'insert' : 'next_version';
    const result = await room.ledger.submit({
      kind: 'credit',
      operationId: `returned:${returnId}`,
      ...booking(room, movement),
      amountMicros: micros(movement.amountMicros),
      sourceAccount: RETURNS_ACCOUNT,
      alongside: [
        { table: 'payment_return', mode, row },
        { table: 'payment', mode: 'next_version', row: returned(room, now, -movement.amountMicros) },
        paperOf(room, movement, { kind: 'returned', amountMicros: movement.amountMicros }),
      ],
    });
    if (result.applied) {
      if (!result.isRepeat) await told(room, payment);
      return await collectDebt(room, payment);
    }
    if ((await readReturn(room, movement))?.status === 'given_back') return;
  }
  throw new Error(`${movement.returnId} could not be booked in ${MAX_ROUNDS} rounds`);
}

function booking(room: PaymentRoom, { payment, kind }: Movement) {
  return {
    accountId: payment.accountId,
    walletId: payment.walletId,
    atMs: room.clock.nowMs(),
    entryKind: kind === 'refund' ? 'payment_refund' : 'payment_dispute',
    reference: payment.paymentId,
  };
}

function returned(room: PaymentRoom, row: PaymentRow, moreMicros: number): PaymentRow {
  const returnedMicros = Math.max(0, row.returnedMicros + moreMicros);
  return { ...row, returnedMicros, changedAtMs: room.clock.nowMs(), version: row.version + 1 };
}

function returnRow(room: PaymentRoom, movement: Movement, status: 'taken' | 'given_back'): PaymentReturnRow {
  const { payment, returnId, kind, amountMicros } = movement;
  const { accountId, paymentId, walletId } = payment;
  return { accountId, returnId, paymentId, walletId, kind, amountMicros, status, atMs: room.clock.nowMs(), version: 1 };
}

/** All of what went back, also what is still owed for it: that is between this wallet and us. */
function paperOf(
  room: PaymentRoom,
  { payment, returnId }: Movement,
  what: { readonly kind: 'refund' | 'dispute' | 'returned'; readonly amountMicros: number },
): RowWrite {
  const { accountId, officeId, walletId, paymentId, currency } = payment;
  const taskId = `${what.kind === 'returned' ? 'returned' : 'return'}:${returnId}`;
  const task = { accountId, officeId, walletId, taskId, currency, reference: paymentId, card: cardFrom(payment.card) };
  return invoiceTaskWrite({ ...task, ...what, atMs: room.clock.nowMs() });
}

async function readReturn(room: PaymentRoom, { payment, returnId }: Movement): Promise<PaymentReturnRow | null> {
  const row = await room.store.db
    .selectFrom('payment_return')
    .selectAll()
    .where('accountId', '=', payment.accountId)
    .where('returnId', '=', returnId)
    .executeTakeFirst();
  return row ?? null;
}

async function told(room: PaymentRoom, payment: PaymentRow): Promise<void> {
  room.notices.walletChanged(payment);
  publishPayment(room, (await readPayment(room.store, payment)) ?? payment);
}

/** One when it is opened, one when the bank has decided. An inquiry may never become a dispute; the bank asks us, not the customer. */
async function disputeAlert(
  room: PaymentRoom,
  { row, dispute }: { readonly row: PaymentRow; readonly dispute: ProviderDispute },
): Promise<readonly RowWrite[]> {
  const { accountId, officeId, amountMicros, currency } = row;
  const money = { amountMicros, currency };
  const facts = row.isDisputed
    ? ({ kind: 'payment_disputed', ...money, card: cardFrom(row.card) } as const)
    : ({ kind: 'dispute_closed', ...money, isLost: isLost(dispute) } as const);
  return await alertWritesOnce(room.store, {
    accountId,
    officeId,
    subject: dispute.ref,
    facts,
    atMs: room.clock.nowMs(),
  });
}

/** Read from the money, what came back is the whole of what was taken or not, unless it was won and the money is still to come. */
function isLost({ isWon, movements }: ProviderDispute): boolean {
  return !isWon && movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0) < 0;
}

/** Freezes while it is open. */
async function noteDispute(
  room: PaymentRoom,
  { payment, dispute }: { readonly payment: PaymentRow; readonly dispute: ProviderDispute },
): Promise<void> {
  const isDisputed = dispute.status === 'open';
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const now = (await readPayment(room.store, payment)) ?? payment;
    if (now.isDisputed === isDisputed) break;
    const row = { ...now, isDisputed, version: now.version + 1 };
    const writes: RowWrite[] = [
      { table: 'payment', mode: 'next_version', row },
      ...(await disputeAlert(room, { row, dispute })),
    ];
    if (!(await room.store.writeRows(writes)).applied) continue;
    const kind = isDisputed ? 'dispute_opened' : 'dispute_closed';
    room.tell.notify({ kind, key: `${kind}:${dispute.ref}`, payment: row });
    publishPayment(room, row);
    break;
  }
  if (dispute.status === 'inquiry') return;
  await setFreeze(room, { payment, isLost: isLost(dispute) });
}
