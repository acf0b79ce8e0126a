/** How long the credit lasts at the pace of the last seven days, today among them. */
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { StatementForecast } from '../../src/protocol/statement.ts';
import { readWallet } from '../accounts/wallet.ts';
import type { Store } from '../storage/store.ts';
import { daysBefore, localDays, nextDay } from './local-days.ts';
import { type StatementView, totalsOf } from './statement-view.ts';

const DAYS = 7;
/** Beyond that a pace of seven days says nothing. */
const MAX_FORECAST_MS = 366 * 24 * 3_600_000;

export async function readForecast(
  store: Store,
  { view, nowMs }: { readonly view: StatementView; readonly nowMs: number },
): Promise<StatementForecast> {
  const { account, office } = view.office;
  const calendar = localDays(view.mark.timeZone);
  const today = calendar.dayOf(nowMs);
  const from = daysBefore(today, DAYS - 1);
  const sums = await totalsOf(store, { view, days: { from, to: today } })
    .select(['day', 'usageMicros'])
    .execute();
  const spent = new Map(sums.map(({ day, usageMicros }) => [day, usageMicros]));
  const days = daysFrom(from, DAYS).map((day) => ({ day, spentMicros: micros(Math.max(0, spent.get(day) ?? 0)) }));
  const { availableMicros } = await readWallet(store, office);
  const paceMicros = days.reduce((sum, { spentMicros }) => sum + spentMicros, 0);
  const paceMs = nowMs - calendar.startOf(from);
  return {
    currency: account.currency,
    timeZone: view.mark.timeZone,
    days,
    availableMicros,
    lastsUntilMs: lastsUntil({ availableMicros, paceMicros, paceMs, nowMs }),
  };
}

/** Null when nothing was spent, or when it lasts so long that nobody needs to know. */
export function lastsUntil(pace: {
  readonly availableMicros: Micros;
  /** So much in so long. */
  readonly paceMicros: number;
  readonly paceMs: number;
  readonly nowMs: number;
}): number | null {
  if (pace.paceMicros <= 0) return null;
  const lastsMs = (pace.availableMicros / pace.paceMicros) * pace.paceMs;
  return lastsMs > MAX_FORECAST_MS ? null : Math.floor(pace.nowMs + lastsMs);
}

function daysFrom(day: string, count: number): string[] {
  const days = [day];
  while (days.length < count) days.push(nextDay(days.at(-1) ?? day));
  return days;
}
