/** How long the credit lasts at the pace of the last seven days, today among them, and with the rents that are known to fall due. */
import { micros } from '../../src/protocol/money.ts';
import type { StatementForecast } from '../../src/protocol/statement.ts';
import { readWallet } from '../accounts/wallet.ts';
import { type ComingRent, comingRents } from '../rent/coming-rents.ts';
import type { Store } from '../storage/store.ts';
import { groupValue } from './day-sums.ts';
import { FORECAST_DAYS, lastsUntil } from './lasts-until.ts';
import { daysAfter, daysBefore, localDays, nextDay } from './local-days.ts';
import { type StatementView, sumsOf } from './statement-view.ts';

const DAYS = 7;
/** Rents of the week are no part of its pace: those that come are reckoned on their days. */
const RENT_GROUP = groupValue({ flow: 'usage', groupKey: 'number_renewal' });

export async function readForecast(
  store: Store,
  { view, nowMs }: { readonly view: StatementView; readonly nowMs: number },
): Promise<StatementForecast> {
  const { account, office } = view.office;
  const calendar = localDays(view.mark.timeZone);
  const today = calendar.dayOf(nowMs);
  const from = daysBefore(today, DAYS - 1);
  const [{ days, rentMicros }, { availableMicros }, coming] = await Promise.all([
    weekFrom(store, { view, from, today }),
    readWallet(store, office),
    comingRents(store, { ...office, untilDay: daysAfter(today, FORECAST_DAYS) }),
  ]);
  const lastsUntilMs = lastsUntil({
    availableMicros,
    paceMicros: days.reduce((sum, { spentMicros }) => sum + spentMicros, 0) - rentMicros,
    paceMs: nowMs - calendar.startOf(from),
    nowMs,
    // One of today that is not taken yet is taken now.
    rents: coming.map(({ day, amountMicros }) => ({ atMs: Math.max(nowMs, calendar.startOf(day)), amountMicros })),
  });
  return {
    currency: account.currency,
    timeZone: view.mark.timeZone,
    days,
    availableMicros,
    lastsUntilMs,
    rents: rentsUntil(coming, lastsUntilMs === null ? null : calendar.dayOf(lastsUntilMs)),
  };
}

interface Week {
  readonly days: StatementForecast['days'];
  /** How much of it was rent. */
  readonly rentMicros: number;
}

async function weekFrom(
  store: Store,
  { view, from, today }: { readonly view: StatementView; readonly from: string; readonly today: string },
): Promise<Week> {
  const sums = await sumsOf(store, { view, dimensions: ['total', 'group'], days: { from, to: today } })
    .where('value', 'in', ['', RENT_GROUP])
    .select(['day', 'dimension', 'value', 'usageMicros'])
    .execute();
  const spent = new Map(
    sums.filter(({ dimension }) => dimension === 'total').map(({ day, usageMicros }) => [day, usageMicros]),
  );
  const rents = sums.filter(({ value }) => value === RENT_GROUP);
  return {
    days: daysFrom(from, DAYS).map((day) => ({ day, spentMicros: micros(Math.max(0, spent.get(day) ?? 0)) })),
    rentMicros: rents.reduce((sum, { usageMicros }) => sum + usageMicros, 0),
  };
}

function rentsUntil(coming: readonly ComingRent[], lastDay: string | null): StatementForecast['rents'] {
  return lastDay === null ? [] : coming.filter(({ day }) => day <= lastDay);
}

function daysFrom(day: string, count: number): string[] {
  const days = [day];
  while (days.length < count) days.push(nextDay(days.at(-1) ?? day));
  return days;
}
