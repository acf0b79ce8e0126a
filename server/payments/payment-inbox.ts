/**
 * Reports of the provider: stored before they are answered, worked on afterwards, done once the thing they speak of is booked. A report
 * that was seen but not done is worked on again; one that nobody understands stays, and the operator is told.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { PaymentEventRow, PaymentRow } from '../storage/rows.ts';
import { applyReport } from './apply-report.ts';
import { applyCheckReport } from './card-check-charge.ts';
import { readCardCheck } from './card-check-row.ts';
import { forgetSavedCard } from './card-setup.ts';
import type { ProviderEvent, ProviderReply } from './payment-provider.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readPayment, readPaymentByRef } from './payment-row.ts';
import { applyDispute, applyRefund } from './returned-money.ts';

const MAX_EVENTS = 100;
const FIRST_RETRY_MS = MILLISECONDS_PER_SECOND;
const LONGEST_RETRY_MS = 60 * 60 * MILLISECONDS_PER_SECOND;
/** Some three days of trying. */
const MAX_ATTEMPTS = 80;
/** How far back events are listed, and the longest that a delivery is late for without being missed. */
const LISTED_MS = 3 * 24 * 60 * 60 * MILLISECONDS_PER_SECOND;

/** Durable when it resolves. Nothing changes for one that is there already. */
export async function storeEvent(room: PaymentRoom, event: ProviderEvent): Promise<PaymentEventRow> {
  const nowMs = room.clock.nowMs();
  const row: PaymentEventRow = {
    provider: room.provider.kind,
    eventId: event.eventId,
    type: event.type,
    subject: event.subject,
    ref: event.ref,
    receivedAtMs: nowMs,
    attempts: 0,
    dueAtMs: nowMs,
    doneAtMs: null,
    problem: null,
  };
  await room.store.writeRows([{ table: 'payment_event', mode: 'insert', row }]);
  return row;
}

/** What is due, oldest first. */
export async function workOnInbox(room: PaymentRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('payment_event')
    .selectAll()
    .where('provider', '=', room.provider.kind)
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .orderBy('dueAtMs')
    .limit(MAX_EVENTS)
    .execute();
  for (const event of due) await workOnEvent(room, event);
}

/** Never throws: what goes wrong is kept with the event, and tried again. */
export async function workOnEvent(room: PaymentRoom, event: PaymentEventRow): Promise<void> {
  const nowMs = room.clock.nowMs();
  const problem = await problemWith(room, event).catch((cause: unknown) => String(cause));
  const attempts = event.attempts + 1;
  const isGivenUp = attempts >= MAX_ATTEMPTS;
  if (problem !== null)
    room.log('a report of the payment provider waits', { eventId: event.eventId, problem, attempts });
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
  const row: PaymentEventRow = {
    ...event,
    attempts,
    dueAtMs: problem === null || isGivenUp ? null : nowMs + waitMs,
    doneAtMs: problem === null ? nowMs : null,
    problem: problem?.slice(0, 200) ?? null,
  };
  await room.store.writeRows([{ table: 'payment_event', mode: 'upsert', row }]).catch(() => undefined);
}

/** Null: done, or nothing of ours. */
async function problemWith(room: PaymentRoom, event: PaymentEventRow): Promise<string | null> {
  switch (event.subject) {
    case 'payment':
      return await reportedPayment(room, event.ref);
    case 'setup':
      return await reportedSetup(room, event.ref);
    case 'refund':
      return await reported(await room.provider.getRefund(event.ref), (refund) =>
        ofPayment(room, refund.paymentRef, (payment) => applyRefund(room, { payment, refund })),
      );
    case 'refunded_payment':
      return await reported(await room.provider.refundsOf(event.ref), (refunds) =>
        ofPayment(room, event.ref, async (payment) => {
          for (const refund of refunds) await applyRefund(room, { payment, refund });
        }),
      );
    case 'dispute':
      return await reported(await room.provider.getDispute(event.ref), (dispute) =>
        ofPayment(room, dispute.paymentRef, (payment) => applyDispute(room, { payment, dispute })),
      );
    case 'card':
      return await reportedCard(room, event.ref);
    default:
      return null;
  }
}

async function reported<Value>(
  reply: ProviderReply<Value>,
  use: (value: Value) => Promise<string | null>,
): Promise<string | null> {
  return reply.outcome === 'answered' ? await use(reply.value) : reply.cause;
}

async function reportedPayment(room: PaymentRoom, ref: string): Promise<string | null> {
  return await reported(await room.provider.getPayment(ref), async (report) => {
    const { accountId, paymentId } = report;
    const payment =
      accountId !== null && paymentId !== null ? await readPayment(room.store, { accountId, paymentId }) : null;
    if (payment) {
      await applyReport(room, { payment, report });
      return null;
    }
    const check =
      accountId !== null && paymentId !== null
        ? await readCardCheck(room.store, { accountId, checkId: paymentId })
        : null;
    if (check) {
      await applyCheckReport(room, { row: check, report });
      return null;
    }
    // Other software may use the same account at the provider; only customers of ours concern us.
    if (!(await isOurCustomer(room, report.customerRef)) || report.status !== 'succeeded') return null;
    room.tell.notify({ kind: 'payment_unexplained', key: `unknown:${ref}`, providerRef: ref, reason: 'unknown' });
    return 'a payment of our customer that nobody here began';
  });
}

async function reportedSetup(room: PaymentRoom, ref: string): Promise<string | null> {
  return await reported(await room.provider.getCardSetup(ref), async (report) => {
    const { accountId, paymentId } = report;
    if (accountId === null || paymentId === null) return null;
    const payment = await readPayment(room.store, { accountId, paymentId });
    if (payment?.kind === 'card_setup') await applyReport(room, { payment, report });
    return null;
  });
}

/** A refund or dispute may be heard of before its payment: that is booked first. */
async function ofPayment(
  room: PaymentRoom,
  paymentRef: string,
  use: (payment: PaymentRow) => Promise<void>,
): Promise<string | null> {
  const address = { provider: room.provider.kind, providerRef: paymentRef };
  const known = await readPaymentByRef(room.store, address);
  if (known?.status !== 'succeeded') {
    const problem = await reportedPayment(room, paymentRef);
    if (problem !== null) return problem;
  }
  const payment = await readPaymentByRef(room.store, address);
  if (payment === null) return null;
  if (payment.status !== 'succeeded') return 'its payment has not succeeded here';
  await use(payment);
  return null;
}

/** Detached, or renewed by the bank with another expiry. */
async function reportedCard(room: PaymentRoom, cardRef: string): Promise<string | null> {
  const payer = await room.store.db
    .selectFrom('payer')
    .selectAll()
    .where('provider', '=', room.provider.kind)
    .where('cardRef', '=', cardRef)
    .executeTakeFirst();
  if (!payer) return null;
  return await reported(await room.provider.getCard({ cardRef, customerRef: payer.customerRef }), async (card) => {
    if (card === null) {
      await forgetSavedCard(room, { payer, cardRef });
      return null;
    }
    const row = { ...payer, card: JSON.stringify(card), version: payer.version + 1 };
    if (row.card === payer.card) return null;
    const { applied } = await room.store.writeRows([{ table: 'payer', mode: 'next_version', row }]);
    return applied ? null : 'the payer was changed meanwhile';
  });
}

async function isOurCustomer(room: PaymentRoom, customerRef: string | null): Promise<boolean> {
  if (customerRef === null) return false;
  const payer = await room.store.db
    .selectFrom('payer')
    .select('walletId')
    .where('provider', '=', room.provider.kind)
    .where('customerRef', '=', customerRef)
    .executeTakeFirst();
  return payer !== undefined;
}

/** Deliveries can be lost: the provider's own list is compared now and then. Resolves to how many were missing. */
export async function fetchMissedEvents(room: PaymentRoom): Promise<number> {
  const listed = await room.provider.listEvents(room.clock.nowMs() - LISTED_MS);
  if (listed.outcome !== 'answered') return 0;
  let missing = 0;
  for (const event of listed.value) {
    if (await isKnown(room, event)) continue;
    await storeEvent(room, event);
    missing += 1;
  }
  return missing;
}

async function isKnown(room: PaymentRoom, { eventId }: ProviderEvent): Promise<boolean> {
  const row = await room.store.db
    .selectFrom('payment_event')
    .select('eventId')
    .where('provider', '=', room.provider.kind)
    .where('eventId', '=', eventId)
    .executeTakeFirst();
  return row !== undefined;
}
