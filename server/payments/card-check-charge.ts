/**
 * The charge of a card check and its way back. No entry of the ledger: the money is never credit. Every step can be done again: the
 * charge and the refund are named by the check's id, the row moves by its version.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { PaymentFailure } from '../../src/protocol/payment.ts';
import { mailWriteOnce } from '../mail/outbox.ts';
import type { CardCheckRow, RowWrite } from '../storage/rows.ts';
import { readCardCheck, type ShownCheck } from './card-check-row.ts';
import { readPayer } from './payer.ts';
import { type ProviderPayment, type ProviderReply, REPLAY_MS } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom, GIVEN_UP_AFTER_MS } from './payment-row.ts';

const MINUTE_MS = 60 * MILLISECONDS_PER_SECOND;
/** Given back after that, whatever came of it. */
const CHECK_LIVES_MS = 14 * 24 * 60 * MINUTE_MS;
const MAX_ROUNDS = 50;
const MAX_CHECKS = 50;

export function isCharging({ status }: CardCheckRow): boolean {
  return status === 'charging' || status === 'requires_action';
}

export async function chargeForCheck(room: PaymentRoom, row: CardCheckRow): Promise<ShownCheck> {
  const { checkId: paymentId, accountId, customerRef, currency, amountMinor, cardRef } = row;
  const method = { kind: 'saved_card', cardRef } as const;
  const request = { paymentId, accountId, customerRef, currency, amountMinor, method, purpose: 'card_check' } as const;
  return await applyReply(room, { row, reply: await room.provider.createPayment(request) });
}

/** How the charge stands at the provider now. */
export async function lookAtCheck(room: PaymentRoom, row: CardCheckRow): Promise<ShownCheck> {
  if (!isCharging(row) || row.providerRef === null) return { row };
  return await applyReply(room, { row, reply: await room.provider.getPayment(row.providerRef) });
}

async function applyReply(
  room: PaymentRoom,
  { row, reply }: { readonly row: CardCheckRow; readonly reply: ProviderReply<ProviderPayment> },
): Promise<ShownCheck> {
  switch (reply.outcome) {
    case 'answered': {
      const { failure, clientSecret } = reply.value;
      return { row: await applyCheckReport(room, { row, report: reply.value }), failure, clientSecret };
    }
    case 'refused':
      return {
        row: await move(room, row, (now) => (isCharging(now) ? ended(now, 'failed') : null)),
        failure: reply.failure,
      };
    case 'unknown':
      return { row };
  }
}

/** The one funnel: reply, report and sweep. A charge that comes after the end of its check is given back. */
export async function applyCheckReport(
  room: PaymentRoom,
  { row, report }: { readonly row: CardCheckRow; readonly report: ProviderPayment },
): Promise<CardCheckRow> {
  const failure: PaymentFailure['kind'] | null = isWhatWasAsked(row, report) ? null : 'mismatch';
  if (failure !== null) {
    const { ref: providerRef } = report;
    room.tell.notify({ kind: 'payment_unexplained', key: `mismatch:${row.checkId}`, providerRef, reason: 'mismatch' });
    return await move(room, row, (now) => (isCharging(now) ? ended(now, 'failed') : null));
  }
  const next = await move(room, row, (now) => afterReport(now, report));
  return isOwedBack(next) ? await giveBack(room, next) : next;
}

function afterReport(row: CardCheckRow, report: ProviderPayment): CardCheckRow | null {
  const providerRef = report.ref;
  if (report.status === 'succeeded') {
    if (row.isPaid) return null;
    const paid = { ...row, providerRef, isPaid: true };
    return isCharging(row) ? { ...paid, status: 'waiting', dueAtMs: row.createdAtMs + CHECK_LIVES_MS } : paid;
  }
  if (!isCharging(row)) return null;
  if (report.status === 'failed' || report.status === 'canceled') return { ...ended(row, 'failed'), providerRef };
  const status = report.status === 'requires_action' ? 'requires_action' : 'charging';
  return status === row.status && row.providerRef === providerRef ? null : { ...row, status, providerRef };
}

function isWhatWasAsked(row: CardCheckRow, report: ProviderPayment): boolean {
  if (report.customerRef !== row.customerRef || report.currency !== row.currency) return false;
  if (report.amountMinor !== row.amountMinor) return false;
  return report.status !== 'succeeded' || report.receivedMinor === row.amountMinor;
}

function ended(row: CardCheckRow, status: 'failed' | 'expired'): CardCheckRow {
  return { ...row, status, dueAtMs: null };
}

export function isOwedBack(row: CardCheckRow): boolean {
  return row.isPaid && !row.isRefunded && !isCharging(row) && row.status !== 'waiting';
}

export async function giveBack(room: PaymentRoom, row: CardCheckRow): Promise<CardCheckRow> {
  if (row.providerRef === null) return row;
  const { checkId, accountId, providerRef: paymentRef, amountMinor } = row;
  const refund = await room.provider.refund({ refundId: `check:${accountId}:${checkId}`, paymentRef, amountMinor });
  if (refund.outcome === 'answered' && refund.value.status === 'taken') {
    return await move(room, row, (now) => (now.isRefunded ? null : { ...now, isRefunded: true, dueAtMs: null }));
  }
  const cause = refund.outcome === 'answered' ? 'the bank gave it back to us' : refund.outcome;
  room.log('the charge of a card check could not be given back yet', { checkId, cause });
  return await move(room, row, (now) => ({ ...now, dueAtMs: room.clock.nowMs() + MINUTE_MS }));
}

/** The check is over because of its age or because the card was changed. */
export async function expireCheck(room: PaymentRoom, row: CardCheckRow): Promise<CardCheckRow> {
  const over = await move(room, row, (now) => (now.status === 'waiting' ? { ...now, status: 'expired' } : null));
  return isOwedBack(over) ? await giveBack(room, over) : over;
}

/** What waits: charges without an answer, checks that are too old, refunds that did not get through. */
export async function sweepCardChecks(room: PaymentRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('card_check')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .where('provider', '=', room.provider.kind)
    .orderBy('dueAtMs')
    .limit(MAX_CHECKS)
    .execute();
  for (const row of due) {
    await sweep(room, row).catch((cause: unknown) => {
      room.log('a card check could not be looked at', { checkId: row.checkId, cause: String(cause) });
    });
  }
}

async function sweep(room: PaymentRoom, row: CardCheckRow): Promise<void> {
  if (isOwedBack(row)) return void (await giveBack(room, row));
  if (row.status === 'waiting') return void (await expireCheck(room, row));
  if (!isCharging(row)) return;
  const ageMs = room.clock.nowMs() - row.createdAtMs;
  const { row: looked } = row.providerRef === null ? await findCharge(room, row, ageMs) : await lookAtCheck(room, row);
  if (!isCharging(looked)) return;
  if (ageMs > GIVEN_UP_AFTER_MS && looked.providerRef !== null) {
    await applyReply(room, { row: looked, reply: await room.provider.cancelPayment(looked.providerRef) });
    return;
  }
  await move(room, looked, (now) => (isCharging(now) ? { ...now, dueAtMs: room.clock.nowMs() + MINUTE_MS } : null));
}

/** The answer was lost: perhaps it was charged. The same id is the same charge for so long only. */
async function findCharge(room: PaymentRoom, row: CardCheckRow, ageMs: number): Promise<ShownCheck> {
  const { accountId, customerRef, checkId: paymentId, createdAtMs: sinceMs } = row;
  const found = await room.provider.findPayment({ accountId, customerRef, paymentId, sinceMs });
  if (found.outcome !== 'answered') return { row };
  if (found.value !== null) return await applyReply(room, { row, reply: { outcome: 'answered', value: found.value } });
  if (ageMs < REPLAY_MS) return await chargeForCheck(room, row);
  return { row: await move(room, row, (now) => (isCharging(now) ? ended(now, 'failed') : null)) };
}

/** Decides on the row as it is now, as often as somebody else writes in between. Null: nothing to do. */
export async function move(
  room: PaymentRoom,
  row: CardCheckRow,
  next: (now: CardCheckRow) => CardCheckRow | null,
): Promise<CardCheckRow> {
  let now = row;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const wanted = next(now);
    if (wanted === null) return now;
    const moved = { ...wanted, version: now.version + 1 };
    const writes: RowWrite[] = [
      { table: 'card_check', mode: 'next_version', row: moved },
      ...(await mailFor(room, { now, moved })),
    ];
    if ((await room.store.writeRows(writes)).applied) return moved;
    now = (await readCardCheck(room.store, now)) ?? now;
  }
  throw new Error(`Card check ${row.checkId} could not be written in ${MAX_ROUNDS} rounds`);
}

async function mailFor(
  room: PaymentRoom,
  { now, moved }: { readonly now: CardCheckRow; readonly moved: CardCheckRow },
): Promise<readonly RowWrite[]> {
  if (now.status === moved.status) return [];
  const kind = moved.status === 'waiting' ? 'card_check' : moved.status === 'locked' ? 'card_check_locked' : null;
  if (kind === null) return [];
  const { accountId, officeId, checkId: subject } = moved;
  const payer = await readPayer(room, moved);
  const card = payer?.cardRef === moved.cardRef ? cardFrom(payer.card) : null;
  return await mailWriteOnce(room.store, {
    accountId,
    officeId,
    subject,
    facts: { kind, card },
    atMs: room.clock.nowMs(),
  });
}
