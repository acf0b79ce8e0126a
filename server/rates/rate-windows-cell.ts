/**
 * Time-of-day windows in one cell of a rate deck:
 *
 *   Mon-Fri 18:00-08:00 0.01 | Sat,Sun 00:00-24:00 0.008 60/60 fee 0.05
 *   days    local time  price                     increments connection fee (both as in the row when left out)
 */
import type { RateStep, RateWindow } from '../../src/protocol/rate.ts';
import { CellError, readFee, readIncrements } from './rate-cell.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WINDOW =
  /^(?<days>[a-z,-]+)\s+(?<from>\d{2}:\d{2}(?::\d{2})?)-(?<to>\d{2}:\d{2}(?::\d{2})?)\s+(?<price>[\d.]+)(?:\s+(?<increments>\d+(?:\/\d+)?))?(?:\s+fee\s+(?<fee>[\d.]+))?$/i;

/** What a window takes from its row, and how a price becomes steps there. */
export interface WindowContext {
  readonly connectionFeeMicros: RateWindow['connectionFeeMicros'];
  readonly steps: (price: string, increments: { readonly initial: number; readonly next: number } | null) => RateStep[];
}

export function readWindows(cell: string, context: WindowContext): RateWindow[] {
  return cell.split('|').map((text) => readWindow(text.trim(), context));
}

function readWindow(text: string, context: WindowContext): RateWindow {
  const groups = WINDOW.exec(text)?.groups;
  if (!groups) throw new CellError('a window looks like "Mon-Fri 18:00-08:00 0.01"');
  const { days = '', from = '', to = '', price = '', increments, fee } = groups;
  return {
    days: readDays(days),
    fromTime: readTime(from, { last: '23:59:59' }),
    toTime: readTime(to, { last: '24:00:00' }),
    connectionFeeMicros: fee === undefined ? context.connectionFeeMicros : readFee(fee),
    steps: context.steps(price, increments === undefined ? null : readIncrements(increments)),
  };
}

/** "Mon-Fri", "Sat,Sun", "Fri-Mon", "daily"; ISO weekdays, 1 is Monday. */
export function readDays(text: string): number[] {
  if (/^(daily|every ?day|all)$/i.test(text.trim())) return [1, 2, 3, 4, 5, 6, 7];
  const days = text.split(',').flatMap((part) => {
    const [first, last = first] = part.trim().split('-').map(readDay);
    if (first === undefined || last === undefined) throw new CellError(`"${part}" is no day of the week`);
    const length = ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, offset) => ((first - 1 + offset) % 7) + 1);
  });
  return [...new Set(days)].sort();
}

function readDay(name: string): number {
  const day = DAYS.indexOf(name.trim().toLowerCase().slice(0, 3));
  if (day < 0) throw new CellError(`"${name}" is no day of the week`);
  return day + 1;
}

function readTime(text: string, { last }: { readonly last: string }): string {
  const time = text.length === 5 ? `${text}:00` : text;
  const isTime = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time) || time === last;
  if (!isTime) throw new CellError(`"${text}" is no time of day`);
  return time;
}
