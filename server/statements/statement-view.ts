/** What one person reads of: the wallet of an office, up to the last entry of now. */
import type { StatementPeriod } from '../../src/protocol/statement.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { StatementMarkRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { firstDayOf, isCalendarDay, lastDayOf, localDays, nextDay } from './local-days.ts';

export interface StatementView {
  readonly office: Office;
  readonly mark: StatementMarkRow;
}

/** Calendar days, both inclusive; null: open on that side. */
export interface DayRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** What the lines of a period are found by. */
export interface LineRange {
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Where clocks of servers differ, lines of other days are between the two: these are the limits then. Otherwise null. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly lineCount: number;
}

/** Days that no calendar has are none: nothing is found there. */
export function dayRange({ month, from, to }: StatementPeriod): DayRange {
  if (month !== undefined) return { from: firstDayOf(month), to: lastDayOf(month) };
  return { from: from ?? null, to: to === undefined ? null : lastReal(to) };
}

/** 31 February ends where February does. */
function lastReal(day: string): string {
  return isCalendarDay(day) ? day : lastDayOf(day.slice(0, 7));
}

/** The sums of a dimension on days of a range. */
export function sumsOf(
  { db }: Pick<Store, 'db'>,
  {
    view,
    dimensions,
    days,
  }: { readonly view: StatementView; readonly dimensions: readonly string[]; readonly days: DayRange },
) {
  const { accountId, walletId, epoch } = view.mark;
  let query = db
    .selectFrom('statement_sum')
    .where('accountId', '=', accountId)
    .where('walletId', '=', walletId)
    .where('dimension', 'in', dimensions)
    .where('epoch', '=', epoch);
  if (days.from !== null) query = query.where('day', '>=', days.from);
  if (days.to !== null) query = query.where('day', '<=', days.to);
  return query;
}

/** The sums of all lines on days of a range. */
export function totalsOf(
  store: Pick<Store, 'db'>,
  { view, days }: { readonly view: StatementView; readonly days: DayRange },
) {
  return sumsOf(store, { view, dimensions: ['total'], days }).where('value', '=', '');
}

function wholeRange({ sequence }: StatementMarkRow): LineRange | null {
  if (sequence === 0) return null;
  return { firstSequence: 1, lastSequence: sequence, lineCount: sequence, fromMs: null, toMs: null };
}

/** Null when the period has no lines. */
export async function lineRange(
  store: Pick<Store, 'db'>,
  { view, days }: { readonly view: StatementView; readonly days: DayRange },
): Promise<LineRange | null> {
  const { mark } = view;
  if (days.from === null && days.to === null) return wholeRange(mark);
  const found = await totalsOf(store, { view, days })
    .select(({ fn }) => [
      fn.min('firstSequence').as('firstSequence'),
      fn.max('lastSequence').as('lastSequence'),
      fn.sum('lineCount').as('lineCount'),
    ])
    .executeTakeFirst();
  if (!found?.lineCount) return null;
  const [firstSequence, lineCount] = [Number(found.firstSequence), Number(found.lineCount)];
  const lastSequence = Math.min(Number(found.lastSequence), mark.sequence);
  const range = { firstSequence, lastSequence, lineCount };
  if (lineCount === lastSequence - firstSequence + 1) return { ...range, fromMs: null, toMs: null };
  const calendar = localDays(mark.timeZone);
  return {
    ...range,
    fromMs: days.from === null ? null : calendar.startOf(days.from),
    toMs: days.to === null ? null : calendar.startOf(nextDay(days.to)),
  };
}
