/**
 * The cells of a statement that say for people what other cells say for the chain. People change the one they see, so both must say the
 * same; a file may do without any of them.
 */
import { MICROS_PER_UNIT } from '../../src/protocol/money.ts';
import type { LinkedEntry } from './entry-link.ts';

const REPEATING_COLUMNS = ['date', 'time', 'amount', 'balance'] as const;

export type RepeatingColumn = (typeof REPEATING_COLUMNS)[number];

/** Where each of them is in a record; those that the file has. */
export type RepeatingPlan = Readonly<Partial<Record<RepeatingColumn, number>>>;

export interface BadRepeat {
  readonly column: RepeatingColumn;
  readonly expected: string;
  readonly found: string;
}

export function planRepeats(names: readonly string[]): RepeatingPlan {
  return Object.fromEntries(
    REPEATING_COLUMNS.filter((column) => names.includes(column)).map((column) => [column, names.indexOf(column)]),
  );
}

/** Returns the first cell that says something else than the entry. */
export function badRepeat(record: readonly string[], plan: RepeatingPlan, entry: LinkedEntry): BadRepeat | null {
  return (
    badUnits('amount', record[plan.amount ?? -1], entry.amountMicros) ??
    badUnits('balance', record[plan.balance ?? -1], entry.balanceMicros) ??
    badTime(record[plan.date ?? -1], record[plan.time ?? -1], entry.atMs)
  );
}

/** Compared as numbers: 25 is 25.00. Both are the nearest number to the same decimal, so equal amounts are equal exactly. */
function badUnits(column: 'amount' | 'balance', cell: string | undefined, amountMicros: number): BadRepeat | null {
  const units = amountMicros / MICROS_PER_UNIT;
  // An export may have written an apostrophe before a negative number.
  const text = cell?.replace(/^'-/, '-').trim();
  if (text === undefined || (text !== '' && Number(text) === units)) return null;
  return { column, expected: String(units), found: cell ?? '' };
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** All clocks of the world are a whole number of quarters of an hour from UTC, at most so many. */
const QUARTER_MS = 15 * MINUTE_MS;
const EARLIEST_OFFSET_MS = -12 * 60 * MINUTE_MS;
const LATEST_OFFSET_MS = 14 * 60 * MINUTE_MS;

/** The file does not say which time zone its dates are of: that it is some clock's of the world can be checked, and no more. */
function badTime(date: string | undefined, time: string | undefined, atMs: number): BadRepeat | null {
  if (date === undefined || time === undefined) return null;
  const offsetMs = Date.parse(`${date}T${time}Z`) - Math.floor(atMs / SECOND_MS) * SECOND_MS;
  const isOnEarth = offsetMs >= EARLIEST_OFFSET_MS && offsetMs <= LATEST_OFFSET_MS && offsetMs % QUARTER_MS === 0;
  if (isOnEarth) return null;
  const utc = new Date(Math.max(-MAX_DATE_MS, Math.min(atMs, MAX_DATE_MS)))
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
  return { column: 'date', expected: `${utc} UTC, in some time zone`, found: `${date} ${time}` };
}

/** Beyond it JavaScript has no dates. */
const MAX_DATE_MS = 8_640_000_000_000_000;
