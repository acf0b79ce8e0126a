/**
 * Credit for an account that pays by invoice (REQUIREMENTS D-15): usable at once, no card, and a line on the next invoice. What is open
 * is counted in the account's terms, whose version goes along with the credit: of many requests on many servers none passes the ceiling.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { type Micros, micros } from '../../src/protocol/money.ts';
import { type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import { answersWithCredit } from '../accounts/answer-with-credit.ts';
import type { Office } from '../accounts/office-directory.ts';
import { invoiceTaskWrite } from '../invoices/invoice-task.ts';
import type { Identity } from '../services.ts';
import type { BillingTermsRow, PaymentRow } from '../storage/rows.ts';
import { openedTermsWrite, readTerms } from './billing-terms.ts';
import { collectDebt } from './debt.ts';
import { emptyPayment } from './empty-payment.ts';
import { nextInvoiceDateMs } from './invoice-date.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readPayment } from './payment-row.ts';
import { publishPayment } from './publish-payment.ts';

/** Stands in for the provider of a payment that goes on an invoice. */
export const ON_ACCOUNT = 'invoice';
const MAX_ROUNDS = 50;
const WAIT_MS = MILLISECONDS_PER_SECOND / 200;

export interface OnAccountRequest {
  readonly identity: Identity;
  readonly paymentId: string;
  readonly amountMicros: Micros;
}

export async function payOnAccount(
  room: PaymentRoom,
  { request, office }: { readonly request: OnAccountRequest; readonly office: Office },
): Promise<{ readonly row: PaymentRow } | { readonly refusal: Refusal | OfficeRefusal }> {
  const { accountId, walletId } = office.office;
  const { currency } = office.account;
  await room.store.openWallet({ accountId, walletId, currency });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const terms = await readTerms(room.store, office.office);
    const leftMicros = terms === null ? 0 : terms.ceilingMicros - terms.openMicros;
    if (!terms?.isInvoiced || leftMicros < request.amountMicros) {
      return { refusal: officeRefusal('credit_ceiling', { mostMicros: micros(Math.max(0, leftMicros)), currency }) };
    }
    const row = paymentRow(room, { request, office });
    const answers = await answersWithCredit(room.store, {
      wallet: office.office,
      adminName: request.identity.name,
      addedMicros: request.amountMicros,
    });
    const result = await room.ledger.submit({
      kind: 'credit',
      operationId: `payment:${row.paymentId}`,
      accountId,
      walletId,
      atMs: room.clock.nowMs(),
      amountMicros: request.amountMicros,
      sourceAccount: ON_ACCOUNT,
      entryKind: row.kind,
      reference: row.paymentId,
      alongside: [...writesFor({ row, terms, office }), ...answers.writes],
    });
    if (result.applied && !result.isRepeat) {
      answers.tell(room.publisher);
      return { row: await credited(room, row) };
    }
    const known = await readPayment(room.store, row);
    if (known) return { row: known };
    if (!result.applied && result.refusal.code === 'id_reused') return { refusal: refusal('id_reused') };
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS * round));
  }
  return { refusal: refusal('unavailable') };
}

function writesFor(made: { readonly row: PaymentRow; readonly terms: BillingTermsRow; readonly office: Office }) {
  const { row, terms, office } = made;
  const {
    accountId,
    officeId,
    walletId,
    paymentId,
    amountMicros,
    currency,
    createdAtMs: atMs,
    personName: byName,
  } = row;
  const line = { accountId, officeId, walletId, amountMicros, currency, byName, atMs, reference: paymentId } as const;
  const dueAtMs = nextInvoiceDateMs(atMs, office.account.timeZone);
  return [
    { table: 'payment', mode: 'insert', row },
    openedTermsWrite(terms, { accountId, amountMicros }),
    invoiceTaskWrite({ ...line, kind: 'on_account', taskId: `payment:${paymentId}`, dueAtMs }),
  ] as const;
}

function paymentRow(
  room: PaymentRoom,
  { request, office }: { readonly request: OnAccountRequest; readonly office: Office },
): PaymentRow {
  const { accountId, officeId, walletId } = office.office;
  const { personId, name: personName } = request.identity;
  return {
    ...emptyPayment(room, { payer: { accountId, walletId, provider: ON_ACCOUNT, customerRef: '' }, officeId }),
    paymentId: request.paymentId,
    kind: 'top_up',
    status: 'succeeded',
    amountMicros: request.amountMicros,
    currency: office.account.currency,
    personId,
    personName,
    method: ON_ACCOUNT,
    dueAtMs: null,
  };
}

async function credited(room: PaymentRoom, row: PaymentRow): Promise<PaymentRow> {
  publishPayment(room, row);
  room.notices.walletChanged(row);
  room.creditArrived(row);
  await collectDebt(room, row);
  return row;
}
