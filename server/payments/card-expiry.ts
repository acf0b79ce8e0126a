/** Tells the billing people 30 and 7 days and one day before the saved card ends, once each (REQUIREMENTS 2.3 no. 8). */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Card } from '../../src/protocol/payment.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import type { PayerRow } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';
import { cardFrom } from './payment-row.ts';

const DAY_MS = 24 * 3_600 * MILLISECONDS_PER_SECOND;
/** The nearest first: a card that is saved in its last days is told of once for them. */
const WARNED_DAYS = [1, 7, 30] as const;
const PAGE_ROWS = 500;

export async function warnOfEndingCards(room: PaymentRoom): Promise<void> {
  let last: PayerRow | undefined;
  do {
    const page = await payersAfter(room, last);
    for (const payer of page) await warn(room, payer);
    last = page.at(-1);
  } while (last !== undefined);
}

/** A card is good to the end of its month. */
export function daysLeft(card: Pick<Card, 'expiryMonth' | 'expiryYear'>, nowMs: number): number {
  return Math.ceil((Date.UTC(card.expiryYear, card.expiryMonth, 1) - nowMs) / DAY_MS);
}

async function warn(room: PaymentRoom, { accountId, officeId, cardRef, card: json }: PayerRow): Promise<void> {
  const card = cardFrom(json);
  if (card === null || cardRef === null) return;
  const atMs = room.clock.nowMs();
  const left = daysLeft(card, atMs);
  const days = WARNED_DAYS.find((warned) => left <= warned);
  if (days === undefined || left <= 0) return;
  // The expiry is part of it: a bank may renew a card under the same id.
  const subject = `${officeId}:${cardRef}:${card.expiryYear}-${card.expiryMonth}:${days}`;
  const facts = { kind: 'card_expiring', card, days } as const;
  const writes = await alertWritesOnce(room.store, { accountId, officeId, subject, facts, atMs });
  if (writes.length > 0) await room.store.writeRows(writes);
}

function payersAfter(room: PaymentRoom, last: PayerRow | undefined): Promise<PayerRow[]> {
  let query = room.store.db
    .selectFrom('payer')
    .selectAll()
    .where('provider', '=', room.provider.kind)
    .where('cardRef', 'is not', null);
  if (last) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('accountId', 'walletId'), '>', tuple(last.accountId, last.walletId)),
    );
  }
  return query.orderBy('accountId').orderBy('walletId').limit(PAGE_ROWS).execute();
}
