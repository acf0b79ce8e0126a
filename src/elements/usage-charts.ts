/** From the sums of a month to what the charts draw: the same numbers, laid out by day. */
import { addMicros, type Micros, micros, ZERO_MICROS } from '../protocol/money.ts';
import type { StatementDayRow, StatementForecast, StatementSummary } from '../protocol/statement.ts';
import type { ChartModel, ChartPoint, ChartSeries } from './spend-chart-model.ts';
import { MAX_SERIES } from './spend-colours.ts';
import type { Texts } from './texts.ts';
import { dayAfter, dayName, dayOf, daysBetween, dayTick } from './usage-text.ts';

/** How far ahead the balance is drawn. */
const MAX_FORECAST_DAYS = 14;
/** A period of years is drawn from its end. */
const MAX_DAYS = 366;

export interface ChartFacts {
  readonly summary: StatementSummary;
  readonly forecast: StatementForecast | null;
  readonly texts: Texts;
}

/** Spend on usage by day, stacked by group: what most was spent on at the bottom, small groups as one. */
export function spendByDay({ summary, forecast, texts }: ChartFacts): ChartModel {
  const days = daysOf(summary, forecast);
  const rows = new Map(summary.days.map((row) => [row.day, row]));
  const groups = summary.groups.filter(({ flow, spentMicros }) => flow === 'usage' && spentMicros > 0);
  const own = groups.length > MAX_SERIES ? groups.slice(0, MAX_SERIES - 1) : groups;
  const ownKeys = new Set(own.map(({ groupKey }) => groupKey));
  const series: ChartSeries[] = own.map(({ groupKey, title }) => ({
    name: title,
    amounts: days.map((day) => spentOn(rows.get(day), (key) => key === groupKey)),
    isForecast: false,
  }));
  if (groups.length > own.length)
    series.push({
      name: texts.say('use.chart.other'),
      amounts: days.map((day) => spentOn(rows.get(day), (key) => !ownKeys.has(key))),
      isForecast: false,
    });
  return {
    shape: 'stacked',
    title: texts.say('use.chart.days'),
    points: pointsOf(days, texts),
    series,
    currency: summary.currency,
  };
}

/** The balance at the end of each day, and, for the running month, where the pace of the last week leads. */
export function balanceOverTime({ summary, forecast, texts }: ChartFacts): ChartModel {
  const days = daysOf(summary, forecast);
  const ahead = forecast === null ? [] : daysAhead(days.at(-1), forecast);
  const balances = balancesOf(days, summary);
  const today = balances.at(-1) ?? ZERO_MICROS;
  const facts: ChartSeries = {
    name: texts.say('use.chart.balance.name'),
    amounts: [...balances, ...ahead.map(() => null)],
    isForecast: false,
  };
  const expected: ChartSeries = {
    name: texts.say(forecast !== null && forecast.rents.length > 0 ? 'use.chart.forecast.rent' : 'use.chart.forecast'),
    amounts: [
      ...days.slice(1).map(() => null),
      today,
      ...ahead.map((_day, index) => left(today, { day: index + 1, forecast })),
    ],
    isForecast: true,
  };
  return {
    shape: 'lines',
    title: texts.say('use.chart.balance.title'),
    points: pointsOf([...days, ...ahead], texts),
    series: ahead.length === 0 ? [facts] : [facts, expected],
    currency: summary.currency,
  };
}

/** Every day of the period up to today, also those without a line. */
function daysOf({ from, to, days }: StatementSummary, forecast: StatementForecast | null): string[] {
  const first = from ?? days[0]?.day;
  const last = to ?? days.at(-1)?.day;
  if (first === undefined || last === undefined) return [];
  const today = forecast?.days.at(-1)?.day ?? days.at(-1)?.day ?? last;
  const end = today < last && today >= first ? today : last;
  const count = Math.min(daysBetween(first, end) + 1, MAX_DAYS);
  return Array.from({ length: count }, (_one, index) => dayAfter(end, index - count + 1));
}

/** None unless today is the last day that is drawn: a month that is over has nothing ahead. */
function daysAhead(last: string | undefined, { days, lastsUntilMs, timeZone }: StatementForecast): string[] {
  if (last === undefined || lastsUntilMs === null || days.at(-1)?.day !== last) return [];
  const count = Math.min(daysBetween(last, dayOf(lastsUntilMs, timeZone)), MAX_FORECAST_DAYS);
  return Array.from({ length: Math.max(0, count) }, (_one, index) => dayAfter(last, index + 1));
}

function balancesOf(days: readonly string[], summary: StatementSummary): Micros[] {
  const rows = new Map(summary.days.map((row) => [row.day, row.balanceMicros]));
  let balance = summary.openingMicros;
  return days.map((day) => {
    balance = rows.get(day) ?? balance;
    return balance;
  });
}

/** What is left after so many days: rents are taken on theirs, and the rest leads to nothing by a straight line. */
function left(
  today: Micros,
  { day, forecast }: { readonly day: number; readonly forecast: StatementForecast | null },
): Micros {
  const last = forecast?.days.at(-1)?.day;
  if (forecast === null || forecast.lastsUntilMs === null || last === undefined) return ZERO_MICROS;
  const end = dayOf(forecast.lastsUntilMs, forecast.timeZone);
  const total = Math.max(1, daysBetween(last, end));
  // A rent of the last day may be what the credit does not cover.
  const rents = forecast.rents.filter((rent) => rent.day < end);
  const sum = (due: StatementForecast['rents']): Micros => addMicros(...due.map(({ amountMicros }) => amountMicros));
  const notDue = sum(rents.filter((rent) => rent.day > dayAfter(last, day)));
  const spent = Math.max(0, today - sum(rents)) * Math.max(0, 1 - day / total);
  return addMicros(micros(Math.floor(spent)), notDue);
}

function spentOn(row: StatementDayRow | undefined, isMeant: (groupKey: string) => boolean): Micros {
  const amounts = (row?.usage ?? []).filter(({ groupKey }) => isMeant(groupKey)).map(({ spentMicros }) => spentMicros);
  return addMicros(...amounts);
}

function pointsOf(days: readonly string[], { locale }: Texts): ChartPoint[] {
  return days.map((day) => ({ tick: dayTick(day, locale), name: dayName(day, locale) }));
}
