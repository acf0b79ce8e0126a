/** A top-up by hand. The row is committed before the provider is asked, and one top-up of a wallet is under way at a time. */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Micros } from '../../src/protocol/money.ts';
import { type OfficeOutcome, type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { PaymentProgress, StartPayment } from '../../src/protocol/payment.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import type { PayerRow, PaymentRow } from '../storage/rows.ts';
import { amountRefusal } from './amount-refusal.ts';
import { readTerms } from './billing-terms.ts';
import { mayCardPay } from './card-check-row.ts';
import { emptyPayment } from './empty-payment.ts';
import { cancelAtProvider, lookAtPayment, progressOf } from './look-at-payment.ts';
import { ON_ACCOUNT, payOnAccount } from './pay-on-account.ts';
import { ensurePayer, readPayer } from './payer.ts';
import type { PaymentRoom } from './payment-room.ts';
import { isOver, readPayment } from './payment-row.ts';
import { publishPayment } from './publish-payment.ts';
import { sendPayment } from './send-payment.ts';

/** A form that its maker left open this long ago gives way to another admin. */
const ABANDONED_AFTER_MS = 10 * 60 * MILLISECONDS_PER_SECOND;
/** Requests that meet on one wallet. */
const MAX_ROUNDS = 10;

export interface StartPaymentRequest extends StartPayment {
  readonly identity: Identity;
}

type No = { readonly ok: false; readonly refusal: Refusal | OfficeRefusal };

export async function startPayment(
  room: PaymentRoom,
  request: StartPaymentRequest,
): Promise<OfficeOutcome<PaymentProgress>> {
  const { identity, paymentId } = request;
  const known = await readPayment(room.store, { accountId: identity.accountId, paymentId });
  if (known) return await repeated(room, { request, known });
  const office = await room.offices.find(identity);
  if (!office) return no(refusal('office_forbidden'));
  if (request.currency !== office.account.currency) {
    return no(officeRefusal('currency_mismatch', { currency: office.account.currency }));
  }
  const wrong = amountRefusal(request.amountMicros, {
    policy: room.policy.of(office.account),
    currency: request.currency,
  });
  if (wrong) return no(wrong);
  const terms = await readTerms(room.store, identity);
  if (terms?.isInvoiced || request.payWith === 'invoice') return await onAccount(room, { request, office });
  const payer = await ensurePayer(room, office);
  if (payer.outcome !== 'answered') return no(officeRefusal('provider_unavailable'));
  if (request.payWith === 'saved_card' && payer.value.cardRef === null) return no(officeRefusal('card_missing'));
  // A new card has to be saved and confirmed before it pays.
  const cardRef = request.payWith === 'saved_card' ? payer.value.cardRef : null;
  if (!(await mayCardPay(room.store, { ...payer.value, cardRef }))) return no(officeRefusal('card_unconfirmed'));
  const begun = await begin(room, { request, office });
  if (!begun.ok) return begun;
  if (!begun.isNew) return await repeated(room, { request, known: begun.row });
  return { ok: true, value: progressOf(await sendPayment(room, begun.row)) };
}

async function onAccount(
  room: PaymentRoom,
  { request, office }: { readonly request: StartPaymentRequest; readonly office: Office },
): Promise<OfficeOutcome<PaymentProgress>> {
  const meanwhile = await paidMeanwhile(room, { request, wallet: office.office });
  if (meanwhile) return no(meanwhile);
  const done = await payOnAccount(room, { request, office });
  return 'row' in done ? await repeated(room, { request, known: done.row }) : no(done.refusal);
}

/** A double click, a reload, a lost answer: the same payment, as it stands. The first content counts. */
async function repeated(
  room: PaymentRoom,
  { request, known }: { readonly request: StartPaymentRequest; readonly known: PaymentRow },
): Promise<OfficeOutcome<PaymentProgress>> {
  const isSame =
    known.officeId === request.identity.officeId &&
    known.kind === 'top_up' &&
    known.amountMicros === request.amountMicros &&
    (known.method === ON_ACCOUNT || known.method === request.payWith);
  if (!isSame) return no(refusal('id_reused'));
  return { ok: true, value: progressOf(await lookAtPayment(room, known)) };
}

async function begin(
  room: PaymentRoom,
  asked: { readonly request: StartPaymentRequest; readonly office: Office },
): Promise<{ readonly ok: true; readonly row: PaymentRow; readonly isNew: boolean } | No> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const payer = await readPayer(room, asked.office.office);
    if (payer === null) return no(officeRefusal('provider_unavailable'));
    // The same request came twice at once, and the other one was first.
    const known = await readPayment(room.store, { ...payer, paymentId: asked.request.paymentId });
    if (known) return { ok: true, row: known, isNew: false };
    const reason = await whyNotNow(room, { request: asked.request, payer });
    if (reason) return no(reason);
    const row = newPayment(room, { ...asked, payer });
    const keeping = row.isCardKept ? { lastGeneration: row.cardGeneration } : {};
    const next = { ...payer, ...keeping, openPaymentId: row.paymentId, version: payer.version + 1 };
    const { applied } = await room.store.writeRows([
      { table: 'payer', mode: 'next_version', row: next },
      { table: 'payment', mode: 'insert', row },
    ]);
    if (applied) {
      publishPayment(room, row);
      return { ok: true, row, isNew: true };
    }
  }
  return no(officeRefusal('payment_pending'));
}

/** Another top-up of this wallet, not finished, or finished since the screen was drawn. */
async function whyNotNow(
  room: PaymentRoom,
  { request, payer }: { readonly request: StartPaymentRequest; readonly payer: PayerRow },
): Promise<OfficeRefusal | null> {
  const { accountId, openPaymentId } = payer;
  if (openPaymentId !== null) {
    const open = await readPayment(room.store, { accountId, paymentId: openPaymentId });
    if (open && !(await givesWay(room, { open, request }))) return pendingRefusal('payment_pending', open);
  }
  return await paidMeanwhile(room, { request, wallet: payer });
}

async function paidMeanwhile(
  room: PaymentRoom,
  { request, wallet }: { readonly request: StartPaymentRequest; readonly wallet: WalletAddress },
): Promise<OfficeRefusal | null> {
  if (request.lastPaymentId === undefined) return null;
  const last = await lastSucceeded(room, wallet);
  return last && last.paymentId !== request.lastPaymentId ? pendingRefusal('payment_meanwhile', last) : null;
}

/** Over already, or a form that was left: given up at the provider, so that it cannot be charged any more. */
async function givesWay(
  room: PaymentRoom,
  { open, request }: { readonly open: PaymentRow; readonly request: StartPaymentRequest },
): Promise<boolean> {
  if (open.status === 'succeeded' || open.status === 'canceled') return true;
  if (open.status === 'failed' && open.method !== 'new_card') return true;
  const isWaiting = open.status === 'card_needed' || open.status === 'requires_action' || open.status === 'failed';
  const isOwn = open.personId === request.identity.personId;
  const isAbandoned = room.clock.nowMs() - open.changedAtMs > ABANDONED_AFTER_MS;
  if (!isWaiting || !(isOwn || isAbandoned || open.status === 'failed')) return false;
  const row = await cancelAtProvider(room, open);
  // It was paid this very moment: nobody wants to pay again without having seen that.
  return row.status === 'succeeded' ? false : isOver(row);
}

export async function lastSucceeded(
  room: Pick<PaymentRoom, 'store'>,
  wallet: { readonly accountId: string; readonly walletId: string },
): Promise<PaymentRow | null> {
  const row = await room.store.db
    .selectFrom('payment')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('status', '=', 'succeeded')
    .where('kind', '!=', 'card_setup')
    .orderBy('changedAtMs', 'desc')
    .orderBy('paymentId')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

function pendingRefusal(code: 'payment_pending' | 'payment_meanwhile', row: PaymentRow): OfficeRefusal {
  return officeRefusal(code, { paymentId: row.paymentId, byName: row.personName });
}

function newPayment(
  room: PaymentRoom,
  asked: { readonly request: StartPaymentRequest; readonly office: Office; readonly payer: PayerRow },
): PaymentRow {
  const { request, office, payer } = asked;
  const isCardKept = request.payWith === 'new_card' && request.keepsCard;
  return {
    ...emptyPayment(room, { payer, officeId: office.office.officeId }),
    paymentId: request.paymentId,
    kind: 'top_up',
    amountMicros: request.amountMicros satisfies Micros,
    currency: request.currency,
    personId: request.identity.personId,
    personName: request.identity.name,
    method: request.payWith,
    isCardKept,
    cardGeneration: isCardKept ? payer.lastGeneration + 1 : 0,
    cardRef: request.payWith === 'saved_card' ? payer.cardRef : null,
    card: request.payWith === 'saved_card' ? payer.card : null,
  };
}

function no(reason: Refusal | OfficeRefusal): No {
  return { ok: false, refusal: reason };
}
