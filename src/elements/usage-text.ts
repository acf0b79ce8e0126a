/** Days, months and names of statements as people read them: in the account's time zone, which need not be the browser's (L-21). */
import type { StatementLine } from '../protocol/statement.ts';
import type { Texts } from './texts.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(shape)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, shape);
  formatters.set(key, made);
  return made;
}

/** "2026-03" -> "March 2026". */
export function monthText(month: string, locale: string): string {
  return formatter(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(dateOf(`${month}-01`));
}

/** "2026-03-12" -> "Thu, Mar 12". */
export function dayName(day: string, locale: string): string {
  return formatter(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(dateOf(day));
}

/** "2026-03-12" -> "12". */
export function dayTick(day: string, locale: string): string {
  return formatter(locale, { day: 'numeric', timeZone: 'UTC' }).format(dateOf(day));
}

/** "2026-03-31" and 1 -> "2026-04-01". */
export function dayAfter(day: string, days: number): string {
  const date = dateOf(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Whole days from the first to the second. */
export function daysBetween(from: string, to: string): number {
  return Math.round((dateOf(to).getTime() - dateOf(from).getTime()) / 86_400_000);
}

/** The calendar day of a moment, "2026-03-12". */
export function dayOf(atMs: number, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return formatter('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(atMs);
}

/** "Mar 12, 2026". */
export function dateText(atMs: number, { locale, timeZone }: Place): string {
  return formatter(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone }).format(atMs);
}

/** "14:05:09": on a bill two calls may have the same minute. */
export function clockTimeText(atMs: number, { locale, timeZone }: Place): string {
  const shape = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone } as const;
  return formatter(locale, shape).format(atMs);
}

interface Place {
  readonly locale: string;
  readonly timeZone: string;
}

/** "Thursday afternoon" within a week of today, "April 12" beyond; null today, when a part of the day may be the one that it is already. */
export function untilText(
  untilMs: number,
  { texts, timeZone, today }: { readonly texts: Texts; readonly timeZone: string; readonly today: string },
): string | null {
  const { locale } = texts;
  const days = daysBetween(today, dayOf(untilMs, timeZone));
  if (days <= 0) return null;
  if (days > 6) return formatter(locale, { day: 'numeric', month: 'long', timeZone }).format(untilMs);
  const part = partOfDay(Number(formatter('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(untilMs)));
  return texts.say(`run.${part}`, { day: formatter(locale, { weekday: 'long', timeZone }).format(untilMs) });
}

function partOfDay(hour: number): 'night' | 'morning' | 'afternoon' | 'evening' {
  if (hour < 6 || hour >= 22) return 'night';
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
}

/** What a line went to: "Germany, mobile", else the name of its type. */
export function targetText({ destination, otherNumber, title }: StatementLine): string {
  return destination ?? otherNumber ?? title;
}

/** "1,204". */
export function countText(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** "1,204 items". */
export function countedText(
  stem: 'use.lines' | 'use.toll_free' | 'use.international',
  count: number,
  texts: Texts,
): string {
  return texts.count(stem, count, { shown: countText(count, texts.locale) });
}

function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
