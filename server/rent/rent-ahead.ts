/** What rent takes of a wallet: overdue now, set aside, and on the next rent day. For the screen of credit as well as for the list. */
import { micros } from '../../src/protocol/money.ts';
import type { RentAhead } from '../../src/protocol/owned-number.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { priceOf } from './decide-rent.ts';
import { dueMicros } from './own-number-view.ts';
import { dayAt } from './rent-calendar.ts';

export interface RentAheadQuestion extends WalletAddress {
  readonly currency: string;
  /** The account's. */
  readonly timeZone: string;
  readonly nowMs: number;
}

export async function rentAhead(store: Pick<Store, 'db'>, question: RentAheadQuestion): Promise<RentAhead> {
  const { accountId, walletId, currency, timeZone, nowMs } = question;
  const today = dayAt(nowMs, timeZone);
  const rows = await store.db
    .selectFrom('number_owner')
    .innerJoin('office', (join) =>
      join
        .onRef('office.accountId', '=', 'number_owner.accountId')
        .onRef('office.officeId', '=', 'number_owner.officeId'),
    )
    .selectAll('number_owner')
    .where('number_owner.accountId', '=', accountId)
    .where('office.walletId', '=', walletId)
    .where('number_owner.state', 'in', ['active', 'late'])
    .execute();
  return {
    currency,
    overdueMicros: sumOf(rows, (row) => dueMicros({ row, today })),
    setAsideMicros: sumOf(rows, (row) => row.heldMicros),
    next: nextOf(rows),
  };
}

function nextOf(rows: readonly NumberOwnerRow[]): RentAhead['next'] {
  const paid = rows.filter((row) => row.state === 'active' && row.rentDay !== '' && priceOf(row) > 0);
  const day = paid.map(({ rentDay }) => rentDay).toSorted()[0];
  const ofDay = paid.filter(({ rentDay }) => rentDay === day);
  const [first] = ofDay;
  if (day === undefined || first === undefined) return null;
  return { day, amountMicros: sumOf(ofDay, priceOf), number: first.number, numberCount: ofDay.length };
}

function sumOf(rows: readonly NumberOwnerRow[], amountOf: (row: NumberOwnerRow) => number) {
  return micros(rows.reduce((sum, row) => sum + amountOf(row), 0));
}
