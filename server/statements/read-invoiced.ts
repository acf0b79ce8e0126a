/** What is paid by invoice (C-21): no entry of the wallet and so no line, but part of what was used in the month. */
import { sql } from 'kysely';
import { kindWords } from '../../src/protocol/kind-words.ts';
import { micros } from '../../src/protocol/money.ts';
import type { StatementInvoiced } from '../../src/protocol/statement.ts';
import type { Store } from '../storage/store.ts';
import { localDays, nextDay } from './local-days.ts';
import type { DayRange, StatementView } from './statement-view.ts';

export async function readInvoiced(
  { db }: Pick<Store, 'db'>,
  { view, days }: { readonly view: StatementView; readonly days: DayRange },
): Promise<StatementInvoiced[]> {
  const { accountId, walletId } = view.office.office;
  const calendar = localDays(view.office.account.timeZone);
  let query = db
    .selectFrom('service_charge')
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    // Literally: SQLite does not know from a parameter that its index holds all of them.
    .where(sql<boolean>`paid_by = 'invoice' AND status = 'settled'`)
    .where('costMicros', '>', 0);
  if (days.from !== null) query = query.where('endedAtMs', '>=', calendar.startOf(days.from));
  if (days.to !== null) query = query.where('endedAtMs', '<', calendar.startOf(nextDay(days.to)));
  const rows = await query
    .select(['kind', 'unit'])
    .select(({ fn }) => [
      fn.sum('units').as('units'),
      fn.countAll().as('chargeCount'),
      fn.sum('costMicros').as('amountMicros'),
    ])
    .groupBy(['kind', 'unit'])
    .execute();
  return rows
    .map(({ kind, unit, units, chargeCount, amountMicros }) => ({
      kind,
      title: kindWords(kind),
      unit,
      units: Number(units),
      chargeCount: Number(chargeCount),
      amountMicros: micros(Number(amountMicros)),
    }))
    .toSorted((a, b) => b.amountMicros - a.amountMicros || (a.kind < b.kind ? -1 : 1));
}
