/** How a payment stands at the provider now: for the browser that comes back, for reports and for the sweep. */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { PaymentProgress, PaymentStep } from '../../src/protocol/payment.ts';
import type { PaymentRow } from '../storage/rows.ts';
import type { ProviderReport } from './apply-report.ts';
import { applyRefusal, applyWithdrawal } from './apply-report.ts';
import { readPayer } from './payer.ts';
import { type ProviderReply, REPLAY_MS } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { GIVEN_UP_AFTER_MS, isOver, nextLookMs, paymentOf } from './payment-row.ts';
import { readRecharge } from './read-recharge.ts';
import { applyReply, type SentPayment, sendPayment } from './send-payment.ts';

/** A provider that did not answer is asked again to give something up. */
const CANCEL_AGAIN_MS = 60 * 60 * MILLISECONDS_PER_SECOND;

/** A payment that was never answered is left to the sweep: another request may be sending it this moment. */
export async function lookAtPayment(room: PaymentRoom, row: PaymentRow): Promise<SentPayment> {
  if (row.providerRef === null || row.provider !== room.provider.kind) return { row, clientSecret: null };
  const reply = await current(room, { ...row, providerRef: row.providerRef });
  // The provider knows no such payment: that is no refusal of what it has told before.
  return reply.outcome === 'refused' ? { row, clientSecret: null } : await applyReply(room, { row, reply });
}

/** The sweep's look: finds what was lost, sends what never arrived, gives up what nobody finished, and says when to look again. */
export async function sweepPayment(room: PaymentRoom, row: PaymentRow): Promise<void> {
  const ageMs = room.clock.nowMs() - row.createdAtMs;
  const looked = row.providerRef === null ? await lookForLost(room, row) : (await lookAtPayment(room, row)).row;
  if (ageMs > GIVEN_UP_AFTER_MS && looked.providerRef !== null && isWaitingForSomebody(looked)) {
    await giveUp(room, { was: row.dueAtMs, row: looked });
    return;
  }
  const dueAtMs = isOver(looked) && looked.providerRef === null ? null : nextLookMs(looked, room.clock.nowMs());
  await lookLater(room, { was: row.dueAtMs, row: looked, dueAtMs });
}

/** Gives it up at the provider; what succeeded before stays so and is credited. */
export async function cancelAtProvider(room: PaymentRoom, row: PaymentRow): Promise<PaymentRow> {
  return (await cancel(room, row)).row;
}

export function progressOf({ row, clientSecret }: SentPayment): PaymentProgress {
  const kind = stepOf(row);
  return {
    payment: paymentOf(row),
    step: kind === null || clientSecret === null ? null : { kind, clientSecret },
  };
}

/** What somebody has to do; null when nothing, or when nothing would help. */
export function stepOf(row: PaymentRow): PaymentStep['kind'] | null {
  if (row.status === 'card_needed') return 'card';
  if (row.status === 'requires_action') return 'authenticate';
  if (row.status !== 'failed') return null;
  if (row.failureRetry === 'authenticate') return row.method === 'new_card' ? 'card' : 'authenticate';
  return row.failureRetry === 'new_card' && row.method === 'new_card' ? 'card' : null;
}

function current(
  room: PaymentRoom,
  row: PaymentRow & { readonly providerRef: string },
): Promise<ProviderReply<ProviderReport>> {
  return row.kind === 'card_setup'
    ? room.provider.getCardSetup(row.providerRef)
    : room.provider.getPayment(row.providerRef);
}

async function lookForLost(room: PaymentRoom, row: PaymentRow): Promise<PaymentRow> {
  if (row.kind !== 'card_setup') {
    const { accountId, customerRef, paymentId, createdAtMs } = row;
    const found = await room.provider.findPayment({ accountId, customerRef, paymentId, sinceMs: createdAtMs });
    if (found.outcome !== 'answered') return row;
    if (found.value) return (await applyReply(room, { row, reply: { outcome: 'answered', value: found.value } })).row;
  }
  if (row.kind === 'auto_recharge' && !(await isStillWanted(room, row))) return await applyWithdrawal(room, row);
  // The same key is the same payment for so long only; after that, sending it could be a second charge.
  if (room.clock.nowMs() - row.createdAtMs < REPLAY_MS) return (await sendPayment(room, row)).row;
  return await applyRefusal(room, { payment: row, failure: { kind: 'provider_unavailable', retry: 'later' } });
}

/** The last look, once the provider has decided: what failed stays failed, and a form for a card takes no money that could be given up. */
async function giveUp(
  room: PaymentRoom,
  { was, row }: { readonly was: number | null; readonly row: PaymentRow },
): Promise<void> {
  const given = await cancel(room, row);
  const dueAtMs = given.isDecided ? null : room.clock.nowMs() + CANCEL_AGAIN_MS;
  await lookLater(room, { was, row: given.row, dueAtMs });
}

async function cancel(
  room: PaymentRoom,
  row: PaymentRow,
): Promise<{ readonly row: PaymentRow; readonly isDecided: boolean }> {
  if (row.providerRef === null || row.kind === 'card_setup') return { row, isDecided: true };
  const reply = await room.provider.cancelPayment(row.providerRef);
  if (reply.outcome !== 'answered') return { row, isDecided: reply.outcome === 'refused' };
  return { row: (await applyReply(room, { row, reply })).row, isDecided: true };
}

/**
 * Nothing is charged that the admins have withdrawn since: turned off or paused, of another amount, or to a card that is not theirs now.
 */
async function isStillWanted(room: PaymentRoom, row: PaymentRow): Promise<boolean> {
  const settings = await readRecharge(room.store, row);
  const payer = await readPayer(room, row);
  if (!settings?.isOn || settings.pause !== null) return false;
  return settings.amountMicros === row.amountMicros && payer?.cardRef === row.cardRef;
}

function isWaitingForSomebody(row: PaymentRow): boolean {
  return row.status === 'card_needed' || row.status === 'requires_action' || row.status === 'failed';
}

async function lookLater(
  room: PaymentRoom,
  { was, row, dueAtMs }: { readonly was: number | null; readonly row: PaymentRow; readonly dueAtMs: number | null },
): Promise<void> {
  // Something new was learnt and the next look was written with it.
  if (row.dueAtMs !== was || was === null) return;
  const next = { ...row, dueAtMs, version: row.version + 1 };
  // Not written: somebody else did, and what is due stands in their row.
  await room.store.writeRows([{ table: 'payment', mode: 'next_version', row: next }]);
}
