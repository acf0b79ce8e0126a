/** For the month picker (D-25): months that have lines. */
import { micros } from '../../src/protocol/money.ts';
import type { StatementMonths } from '../../src/protocol/statement.ts';
import type { Store } from '../storage/store.ts';
import { localDays, monthOf } from './local-days.ts';
import { type StatementView, totalsOf } from './statement-view.ts';

export async function readMonths(
  store: Pick<Store, 'db'>,
  { view, nowMs }: { readonly view: StatementView; readonly nowMs: number },
): Promise<StatementMonths> {
  const days = await totalsOf(store, { view, days: { from: null, to: null } })
    .select(['day', 'lineCount', 'spentMicros'])
    .orderBy('day', 'desc')
    .execute();
  const { timeZone } = view.mark;
  return {
    timeZone,
    currentMonth: monthOf(localDays(timeZone).dayOf(nowMs)),
    months: [...Map.groupBy(days, ({ day }) => monthOf(day))].map(([month, ofMonth]) => ({
      month,
      lineCount: ofMonth.reduce((sum, { lineCount }) => sum + lineCount, 0),
      spentMicros: micros(ofMonth.reduce((sum, { spentMicros }) => sum + spentMicros, 0)),
    })),
  };
}
