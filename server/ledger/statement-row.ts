/** One row of a statement file, read at the border: texts become an entry with its links, or the cell that cannot be one. */
import type { LinkedEntry } from './entry-link.ts';
import { STATEMENT_COLUMNS, type StatementColumn } from './statement-columns.ts';
import { type BadRepeat, badRepeat, planRepeats, type RepeatingPlan } from './statement-repeats.ts';

export interface StatementRow {
  /** What was linked. Nearly always one; a text that begins like an escaped one can have been either, see textIn. */
  readonly readings: readonly [LinkedEntry, ...LinkedEntry[]];
  readonly currency: string;
  readonly previousLink: string;
  readonly link: string;
  /** A cell for people that says something else than what was linked. */
  readonly badRepeat: BadRepeat | null;
}

/** Why a cell is not what it should be. */
export interface BadCell {
  readonly column: StatementColumn;
  readonly expected: string;
  readonly found: string;
}

/** Where each column is in a record. */
export type StatementPlan = Readonly<Record<StatementColumn, number>> & { readonly repeats: RepeatingPlan };

const COLUMNS = Object.entries(STATEMENT_COLUMNS) as readonly (readonly [StatementColumn, string])[];

/** Returns one sentence when these are not the columns of a statement. */
export function planStatement(header: readonly string[]): StatementPlan | { readonly wrong: string } {
  const names = header.map((name) => unescaped(name.trim()));
  const missing = COLUMNS.filter(([, name]) => !names.includes(name)).map(([, name]) => name);
  if (missing.length > 0) return { wrong: `its first line lacks the columns ${missing.join(', ')}` };
  const twice = COLUMNS.find(([, name]) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) return { wrong: `its first line has the column ${twice[1]} twice` };
  const places = Object.fromEntries(COLUMNS.map(([column, name]) => [column, names.indexOf(name)]));
  // One place for each of the columns.
  return { ...places, repeats: planRepeats(names) } as StatementPlan;
}

export function readStatementRow(record: readonly string[], plan: StatementPlan): StatementRow | BadCell {
  const cell = (column: StatementColumn) => record[plan[column]] ?? '';
  const bad =
    NUMBERS.map((column) => badNumber(column, cell(column))).find((found) => found !== null) ??
    LINKS.map((column) => badLink(column, cell(column))).find((found) => found !== null);
  if (bad) return bad;
  const number = (column: StatementColumn) => Number(unescaped(cell(column)));
  const entry: LinkedEntry = {
    accountId: unescaped(cell('account')),
    walletId: unescaped(cell('wallet')),
    sequence: number('sequence'),
    operationId: unescaped(cell('operation')),
    atMs: number('atMs'),
    entryKind: unescaped(cell('kind')),
    reference: unescaped(cell('reference')),
    otherAccount: unescaped(cell('otherAccount')),
    amountMicros: number('amountMicros'),
    balanceMicros: number('balanceMicros'),
  };
  return {
    readings: [entry, ...otherReadings(entry, cell)],
    currency: unescaped(cell('currency')),
    previousLink: cell('previousLink'),
    link: cell('link'),
    badRepeat: badRepeat(record, plan.repeats, entry),
  };
}

const NUMBERS = ['sequence', 'atMs', 'amountMicros', 'balanceMicros'] as const;
const LINKS = ['previousLink', 'link'] as const;
const WHOLE_NUMBER = /^(0|-?[1-9]\d*)$/;
const LINK = /^[0-9a-f]{64}$/;

function badNumber(column: (typeof NUMBERS)[number], cell: string): BadCell | null {
  const text = unescaped(cell);
  const value = Number(text);
  if (!WHOLE_NUMBER.test(text) || !Number.isSafeInteger(value))
    return { column, expected: 'a whole number', found: cell };
  if (column === 'sequence' && value < 1) return { column, expected: '1 or more', found: cell };
  if (column === 'amountMicros' && value === 0) return { column, expected: 'an amount other than 0', found: cell };
  return null;
}

function badLink(column: (typeof LINKS)[number], cell: string): BadCell | null {
  return LINK.test(cell) ? null : { column, expected: '64 digits from 0 to f', found: cell };
}

/**
 * Before what a spreadsheet would take for a formula, an export writes an apostrophe (the signs of csv-stringify's `escape_formulas`;
 * a negative number may have one or not).
 */
const ESCAPED = /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

function unescaped(cell: string): string {
  return ESCAPED.test(cell) ? cell.slice(1) : cell;
}

/**
 * A text that begins with an apostrophe and such a sign itself is exported as it is, and reads like an escaped one: what was linked
 * tells which it is.
 */
function otherReadings(entry: LinkedEntry, cell: (column: StatementColumn) => string): readonly LinkedEntry[] {
  const asWritten = {
    accountId: cell('account'),
    walletId: cell('wallet'),
    operationId: cell('operation'),
    entryKind: cell('kind'),
    reference: cell('reference'),
    otherAccount: cell('otherAccount'),
  };
  const ambiguous = Object.entries(asWritten).filter(([, text]) => ESCAPED.test(text));
  let readings: readonly LinkedEntry[] = [entry];
  for (const [field, text] of ambiguous) {
    readings = readings.flatMap((reading) => [reading, { ...reading, [field]: text }]);
  }
  return readings.slice(1);
}
