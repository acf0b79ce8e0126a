/** The sweep that runs by itself, at once and of everything that is open: for an operator who does not want to wait. */
import type { PaymentEventRow, PaymentRow } from '../storage/rows.ts';
import { collectDebts } from './debt.ts';
import { sweepPayment } from './look-at-payment.ts';
import { fetchMissedEvents, workOnEvent } from './payment-inbox.ts';
import type { PaymentRoom } from './payment-room.ts';
import { readPayment } from './payment-row.ts';

export interface Swept {
  readonly payments: number;
  /** Of those, how many are another now. */
  readonly changed: number;
  /** Reports whose delivery was lost. */
  readonly missedReports: number;
  /** Reports that nobody could work on, those that were given up among them. */
  readonly openReports: number;
}

/** Read at once. */
const PAGE_ROWS = 200;

export async function sweepNow(room: PaymentRoom): Promise<Swept> {
  const missedReports = await fetchMissedEvents(room);
  const reports = await openReports(room);
  for (const report of reports) await workOnEvent(room, report);
  let payments = 0;
  let changed = 0;
  for (
    let page = await openPayments(room, null);
    page.length > 0;
    page = await openPayments(room, page.at(-1) ?? null)
  ) {
    for (const row of page) {
      await sweepPayment(room, row);
      if ((await readPayment(room.store, row))?.status !== row.status) changed += 1;
    }
    payments += page.length;
  }
  await collectDebts(room);
  return { payments, changed, missedReports, openReports: (await openReports(room)).length };
}

function openPayments(room: PaymentRoom, after: PaymentRow | null): Promise<readonly PaymentRow[]> {
  let query = room.store.db
    .selectFrom('payment')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('provider', '=', room.provider.kind);
  if (after !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('accountId', 'paymentId'), '>', tuple(after.accountId, after.paymentId)),
    );
  }
  return query.orderBy('accountId').orderBy('paymentId').limit(PAGE_ROWS).execute();
}

/** Not done, whether they wait for another try or were given up. */
export function openReports(room: {
  readonly store: Pick<PaymentRoom['store'], 'db'>;
  readonly provider?: Pick<PaymentRoom['provider'], 'kind'>;
}): Promise<readonly PaymentEventRow[]> {
  const query = room.store.db.selectFrom('payment_event').selectAll().where('doneAtMs', 'is', null);
  const ofProvider = room.provider ? query.where('provider', '=', room.provider.kind) : query;
  return ofProvider.orderBy('receivedAtMs').limit(PAGE_ROWS).execute();
}
