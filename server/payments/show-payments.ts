/** Payments of an office, as its admins see them. */

import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { PaymentPage, PaymentProgress } from '../../src/protocol/payment.ts';
import { refusal } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { PaymentRow } from '../storage/rows.ts';
import { cancelAtProvider, lookAtPayment, progressOf, stepOf } from './look-at-payment.ts';
import type { PaymentRoom } from './payment-room.ts';
import { paymentOf, readPayment } from './payment-row.ts';

const PAGE_SIZE = 50;

interface OnePayment {
  readonly identity: Identity;
  readonly paymentId: string;
}

export async function showPayment(room: PaymentRoom, asked: OnePayment): Promise<OfficeOutcome<PaymentProgress>> {
  const row = await ownPayment(room, asked);
  if (!row) return { ok: false, refusal: officeRefusal('payment_unknown') };
  // The secret of a step is only at the provider.
  const looked = stepOf(row) === null ? { row, clientSecret: null } : await lookAtPayment(room, row);
  return { ok: true, value: progressOf(looked) };
}

export async function finishPayment(room: PaymentRoom, asked: OnePayment): Promise<OfficeOutcome<PaymentProgress>> {
  const row = await ownPayment(room, asked);
  if (!row) return { ok: false, refusal: officeRefusal('payment_unknown') };
  return { ok: true, value: progressOf(await lookAtPayment(room, row)) };
}

export async function cancelPayment(room: PaymentRoom, asked: OnePayment): Promise<OfficeOutcome<PaymentProgress>> {
  const row = await ownPayment(room, asked);
  if (!row) return { ok: false, refusal: officeRefusal('payment_unknown') };
  const canceled = row.status === 'succeeded' ? row : await cancelAtProvider(room, row);
  return { ok: true, value: progressOf({ row: canceled, clientSecret: null }) };
}

export async function listPayments(
  room: Pick<PaymentRoom, 'store' | 'offices'>,
  { identity, cursor }: { readonly identity: Identity; readonly cursor: string | null },
): Promise<OfficeOutcome<PaymentPage>> {
  const office = await room.offices.find(identity);
  if (!office) return { ok: false, refusal: refusal('office_forbidden') };
  let query = room.store.db
    .selectFrom('payment')
    .selectAll()
    .where('accountId', '=', identity.accountId)
    .where('walletId', '=', office.office.walletId)
    .where('kind', '!=', 'card_setup');
  const before = cursor === null ? null : parseCursor(cursor);
  if (before) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('createdAtMs', 'paymentId'), '<', tuple(before.createdAtMs, before.paymentId)),
    );
  }
  const rows = await query
    .orderBy('createdAtMs', 'desc')
    .orderBy('paymentId', 'desc')
    .limit(PAGE_SIZE + 1)
    .execute();
  const page = rows.slice(0, PAGE_SIZE);
  const last = rows.length > PAGE_SIZE ? page.at(-1) : undefined;
  return {
    ok: true,
    value: { payments: page.map(paymentOf), nextCursor: last ? `${last.createdAtMs}:${last.paymentId}` : null },
  };
}

/** Null for another office's, which is answered as if it were not there. */
async function ownPayment(
  room: Pick<PaymentRoom, 'store'>,
  { identity, paymentId }: OnePayment,
): Promise<PaymentRow | null> {
  const row = await readPayment(room.store, { accountId: identity.accountId, paymentId });
  return row?.officeId === identity.officeId && row.kind !== 'card_setup' ? row : null;
}

/** Null for a text that is no cursor of ours: the first page. */
function parseCursor(text: string): { readonly createdAtMs: number; readonly paymentId: string } | null {
  const match = /^(\d{1,15}):(.+)$/.exec(text);
  return match?.[2] ? { createdAtMs: Number(match[1]), paymentId: match[2] } : null;
}
