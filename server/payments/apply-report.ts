/**
 * The one funnel: whatever is learnt of a payment (reply, report, browser's return, sweep) goes through here, and the credit with it.
 *
 *   reply ──┐
 *   report ─┼──► is it ours, whole and in the right currency? ──► row ──► succeeded: credit + row + card + recharge, one operation
 *   return ─┤                                                         └─► else: row + recharge, one write
 *   sweep ──┘
 *
 * The credit's operation id is the payment's id, and the row goes along by its version: however often and in whatever order this runs,
 * on however many servers, the wallet gets the amount once.
 */
import { micros } from '../../src/protocol/money.ts';
import type { PaymentFailure } from '../../src/protocol/payment.ts';
import { answersWithCredit, type CreditAnswers, NO_ANSWERS } from '../accounts/answer-with-credit.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import { invoiceTaskWrite } from '../invoices/invoice-task.ts';
import type { AutoRechargeRow, PayerRow, PaymentRow, RowWrite } from '../storage/rows.ts';
import { collectDebt } from './debt.ts';
import { minorFromMicros } from './minor-units.ts';
import { readPayer } from './payer.ts';
import type { ProviderPayment, ProviderSetup } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom, failureOf, nextLookMs, readPayment } from './payment-row.ts';
import { publishPayment } from './publish-payment.ts';
import { readRecharge } from './read-recharge.ts';
import { rechargeBrake } from './recharge-brake.ts';
import { rechargeLimitMail } from './recharge-limit-mail.ts';
import {
  afterCardProved,
  afterRechargeFailed,
  afterRechargeSucceeded,
  afterRechargeWithdrawn,
} from './recharge-row.ts';

export type ProviderReport = ProviderPayment | ProviderSetup;

/** Writers that meet on one row; each round one of them gets through. */
const MAX_ROUNDS = 50;
const MISMATCH: PaymentFailure = { kind: 'mismatch', retry: 'never' };

/** Resolves to the payment as it is stored then. */
export async function applyReport(
  room: PaymentRoom,
  { payment, report }: { readonly payment: PaymentRow; readonly report: ProviderReport },
): Promise<PaymentRow> {
  let row = payment;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = nextRow(row, { report, nowMs: room.clock.nowMs() });
    if (next === null) return row;
    const write = await writesFor(room, { before: row, row: next, report });
    if (await commit(room, write)) {
      await afterCommit(room, { before: row, ...write });
      return next;
    }
    row = (await readPayment(room.store, row)) ?? row;
  }
  throw new Error(`Payment ${payment.paymentId} could not be written in ${MAX_ROUNDS} rounds`);
}

/** The provider refused, so that nothing was charged and nothing will be. */
export async function applyRefusal(
  room: PaymentRoom,
  { payment, failure }: { readonly payment: PaymentRow; readonly failure: PaymentFailure },
): Promise<PaymentRow> {
  return await endUnsent(room, { payment, ended: (row, nowMs) => failedRow(row, failure, nowMs) });
}

/** It never reached the provider, and nobody wants it any more. Should it come up there all the same, it is credited as any other. */
export async function applyWithdrawal(room: PaymentRoom, payment: PaymentRow): Promise<PaymentRow> {
  return await endUnsent(room, {
    payment,
    ended: (row, nowMs) => ({ ...row, status: 'canceled', changedAtMs: nowMs }),
  });
}

async function endUnsent(
  room: PaymentRoom,
  { payment, ended }: { readonly payment: PaymentRow; readonly ended: (row: PaymentRow, nowMs: number) => PaymentRow },
): Promise<PaymentRow> {
  let row = payment;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // A reply that was seen elsewhere counts more than a refusal of the repeat.
    if (row.status !== 'pending' || row.providerRef !== null) return row;
    const nowMs = room.clock.nowMs();
    const next = { ...ended(row, nowMs), dueAtMs: null, version: row.version + 1 };
    const write = await writesFor(room, { before: row, row: next, report: null });
    if (await commit(room, write)) {
      await afterCommit(room, { before: row, ...write });
      return next;
    }
    row = (await readPayment(room.store, row)) ?? row;
  }
  throw new Error(`Payment ${payment.paymentId} could not be written in ${MAX_ROUNDS} rounds`);
}

/** Null: nothing new. */
function nextRow(
  row: PaymentRow,
  { report, nowMs }: { readonly report: ProviderReport; readonly nowMs: number },
): PaymentRow | null {
  if (row.status === 'succeeded') return null;
  if (!isWhatWasAsked(row, report)) {
    if (row.failureKind === MISMATCH.kind) return null;
    return { ...failedRow(row, MISMATCH, nowMs), dueAtMs: null, version: row.version + 1 };
  }
  // What failed and was then given up has failed.
  const status = row.status === 'failed' && report.status === 'canceled' ? 'failed' : report.status;
  const failure = status === 'failed' ? (report.failure ?? undefined) : null;
  const next: PaymentRow = {
    ...row,
    status,
    providerRef: report.ref,
    cardRef: report.cardRef ?? row.cardRef,
    card: report.card === null ? row.card : JSON.stringify(report.card),
    failureKind: failure === undefined ? row.failureKind : (failure?.kind ?? null),
    failureRetry: failure === undefined ? row.failureRetry : (failure?.retry ?? null),
  };
  if (isSame(row, next)) return null;
  return {
    ...next,
    changedAtMs: nowMs,
    dueAtMs: nextLookMs(next, nowMs),
    version: row.version + 1,
  };
}

function isSame(row: PaymentRow, next: PaymentRow): boolean {
  return (['status', 'providerRef', 'cardRef', 'card', 'failureKind', 'failureRetry'] as const).every(
    (name) => row[name] === next[name],
  );
}

function failedRow(row: PaymentRow, failure: PaymentFailure, nowMs: number): PaymentRow {
  return { ...row, status: 'failed', failureKind: failure.kind, failureRetry: failure.retry, changedAtMs: nowMs };
}

/** Somebody else's payment, another amount, currency or customer, or less received than asked: no credit, an operator looks. */
function isWhatWasAsked(row: PaymentRow, report: ProviderReport): boolean {
  if (report.paymentId !== row.paymentId || report.accountId !== row.accountId) return false;
  if (report.customerRef !== row.customerRef) return false;
  if (row.providerRef !== null && row.providerRef !== report.ref) return false;
  if (!('amountMinor' in report) || row.kind === 'card_setup') return true;
  const askedMinor = minorFromMicros(micros(row.amountMicros), row.currency);
  if (report.currency !== row.currency || report.amountMinor !== askedMinor) return false;
  return report.status !== 'succeeded' || report.receivedMinor === askedMinor;
}

interface Write {
  readonly row: PaymentRow;
  readonly writes: readonly RowWrite[];
  readonly answers: CreditAnswers;
  /** The card that is not the saved one any more. */
  readonly replacedCardRef: string | null;
}

async function writesFor(
  room: PaymentRoom,
  {
    before,
    row,
    report,
  }: { readonly before: PaymentRow; readonly row: PaymentRow; readonly report: ProviderReport | null },
): Promise<Write> {
  const payer = row.isCardKept && row.status === 'succeeded' ? await readPayer(room, row) : null;
  const keeping = payer && row.cardGeneration > payer.cardGeneration ? withCard(payer, { row, report }) : null;
  const recharge = await readRecharge(room.store, row);
  const brake = await rechargeBrake(room, { row, recharge });
  const ended = recharge && (await rechargeAfter(room, { row, recharge }));
  const after = ended && brake.isOn ? { ...ended, pause: 'unusual_spend' } : ended;
  const writes: RowWrite[] = [{ table: 'payment', mode: 'next_version', row }];
  if (keeping) writes.push({ table: 'payer', mode: 'next_version', row: keeping });
  if (after && after !== recharge) writes.push({ table: 'auto_recharge', mode: 'next_version', row: after });
  writes.push(...(await papersFor(room, { before, row, isPaused: (after?.pause ?? null) !== null })));
  if (recharge) writes.push(...(await rechargeLimitMail(room, { before, row, recharge })));
  writes.push(...brake.alert);
  const answers = await answersOf(room, row);
  writes.push(...answers.writes);
  const replacedCardRef = keeping && payer?.cardRef !== keeping.cardRef ? (payer?.cardRef ?? null) : null;
  return { row, writes, answers, replacedCardRef };
}

/** A payment that a person made, and that is credit now, answers those who asked for it. */
async function answersOf(room: PaymentRoom, row: PaymentRow): Promise<CreditAnswers> {
  if (row.status !== 'succeeded' || row.kind !== 'top_up' || row.personName === null) return NO_ANSWERS;
  const addedMicros = micros(row.amountMicros);
  return await answersWithCredit(room.store, { wallet: row, adminName: row.personName, addedMicros });
}

/** The receipt of a payment, or the alert that it failed. Neither can keep the payment from being written. */
async function papersFor(
  room: PaymentRoom,
  { before, row, isPaused }: { readonly before: PaymentRow; readonly row: PaymentRow; readonly isPaused: boolean },
): Promise<readonly RowWrite[]> {
  const { accountId, officeId, walletId, paymentId, amountMicros, currency } = row;
  const atMs = room.clock.nowMs();
  const card = cardFrom(row.card);
  if (row.status === 'succeeded' && row.kind !== 'card_setup') {
    const kind = row.kind === 'auto_recharge' ? row.kind : 'top_up';
    const paid = { accountId, officeId, walletId, kind, amountMicros, currency, card, atMs } as const;
    const { personName: byName, availableMicros } = row;
    return [
      invoiceTaskWrite({ ...paid, taskId: `payment:${paymentId}`, reference: paymentId, byName, availableMicros }),
    ];
  }
  if (row.status !== 'failed' || row.kind === 'card_setup' || before.status === 'failed') return [];
  const failed = { amountMicros, currency, card, failure: failureOf(row) };
  const facts =
    row.kind === 'auto_recharge'
      ? ({ kind: 'recharge_failed', ...failed, isPaused } as const)
      : ({ kind: 'payment_declined', ...failed } as const);
  return await alertWritesOnce(room.store, { accountId, officeId, subject: paymentId, facts, atMs });
}

function withCard(
  payer: PayerRow,
  { row, report }: { readonly row: PaymentRow; readonly report: ProviderReport | null },
): PayerRow {
  const { cardRef, card } = row;
  return report?.card
    ? { ...payer, cardRef, card, cardGeneration: row.cardGeneration, version: payer.version + 1 }
    : payer;
}

async function rechargeAfter(
  room: PaymentRoom,
  { row, recharge }: { readonly row: PaymentRow; readonly recharge: AutoRechargeRow },
): Promise<AutoRechargeRow> {
  const { paymentId } = row;
  const atMs = room.clock.nowMs();
  if (row.status === 'succeeded') {
    if (row.kind !== 'auto_recharge') return afterCardProved(recharge);
    const notBeforeMs = atMs + (await secondsBetweenRecharges(room, row)) * 1_000;
    return afterRechargeSucceeded(recharge, { paymentId, notBeforeMs });
  }
  if (row.status === 'canceled' && row.providerRef === null) return afterRechargeWithdrawn(recharge, paymentId);
  const isOver = row.status === 'failed' || row.status === 'canceled';
  if (!isOver || row.kind !== 'auto_recharge') return recharge;
  const failure =
    row.failureKind === null
      ? null
      : { kind: row.failureKind as PaymentFailure['kind'], retry: row.failureRetry as PaymentFailure['retry'] };
  return afterRechargeFailed(recharge, { paymentId, failure, atMs });
}

/** Money that came is booked whatever is known of the office. */
async function secondsBetweenRecharges(room: PaymentRoom, row: PaymentRow): Promise<number> {
  const profile = (await room.offices.find(row))?.account.profile ?? 'default';
  return room.policy.of({ profile }).payments.autoRecharge.secondsBetween;
}

/** False: somebody else wrote in between. */
async function commit(room: PaymentRoom, { row, writes }: Write): Promise<boolean> {
  if (row.status !== 'succeeded' || row.kind === 'card_setup') return (await room.store.writeRows(writes)).applied;
  const result = await room.ledger.submit({
    kind: 'credit',
    operationId: `payment:${row.paymentId}`,
    accountId: row.accountId,
    walletId: row.walletId,
    atMs: room.clock.nowMs(),
    amountMicros: micros(row.amountMicros),
    sourceAccount: row.provider,
    entryKind: row.kind,
    reference: row.paymentId,
    alongside: writes,
  });
  if (result.applied) return !result.isRepeat;
  if (result.refusal.code === 'row_conflict') return false;
  throw new Error(`The ledger refused the credit of payment ${row.paymentId} with ${result.refusal.code}`);
}

async function afterCommit(room: PaymentRoom, done: Write & { readonly before: PaymentRow }): Promise<void> {
  const { row, before, answers, replacedCardRef } = done;
  publishPayment(room, row);
  if (row.failureKind === MISMATCH.kind && before.failureKind !== MISMATCH.kind) {
    const providerRef = row.providerRef ?? '';
    room.tell.notify({
      kind: 'payment_unexplained',
      key: `mismatch:${row.paymentId}`,
      providerRef,
      reason: 'mismatch',
    });
  }
  if (row.status === 'failed' && row.kind === 'auto_recharge' && before.status !== 'failed') {
    room.tell.notify({ kind: 'recharge_failed', key: `failed:${row.paymentId}`, payment: row });
  }
  if (row.status === 'succeeded' && row.kind !== 'card_setup') {
    answers.tell(room.publisher);
    room.notices.walletChanged(row);
    room.creditArrived(row);
    room.tell.notify({ kind: 'payment_succeeded', key: `receipt:${row.paymentId}`, payment: row });
    await collectDebt(room, row);
  }
  // A card that cannot be forgotten now does no harm: nothing refers to it any more.
  if (replacedCardRef !== null) await room.provider.forgetCard(replacedCardRef);
}
