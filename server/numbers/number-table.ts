/**
 * CSV tables about numbers: headers in any order, quoted fields, prices as decimals of the currency unit. All wrong cells are told at once.
 */
import { parse } from 'csv-parse/sync';
import { type Micros, parseMicros } from '../../src/protocol/money.ts';
import { NUMBER_FEATURES, NUMBER_TYPES } from '../../src/protocol/number.ts';
import { isE164 } from '../../src/protocol/phone-number.ts';

export interface NumberRowError {
  /** 1 is the line with the headers. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

export interface BadTable {
  readonly ok: false;
  readonly errors: readonly NumberRowError[];
}

const RULES = {
  number: (value: string) => (isE164(value) ? null : 'is not an E.164 number such as +12025550101'),
  country: (value: string) => (/^[A-Z]{2}$/.test(value) ? null : 'is not an ISO 3166-1 country such as US'),
  type: (value: string) =>
    NUMBER_TYPES.some((type) => type === value) ? null : `is none of ${NUMBER_TYPES.join(', ')}`,
  region: (value: string) => (value.length <= 80 ? null : 'is longer than 80 characters'),
  features: (value: string) =>
    featuresIn(value).every((feature) => NUMBER_FEATURES.some((known) => known === feature))
      ? null
      : `has something other than ${NUMBER_FEATURES.join(', ')}`,
  currency: (value: string) => (/^[A-Z]{3}$/.test(value) ? null : 'is not an ISO 4217 currency such as USD'),
  setup: priceProblem,
  monthly: priceProblem,
  inbound_per_minute: priceProblem,
} as const;

export type NumberColumn = keyof typeof RULES;
export type Cells<Column extends NumberColumn> = Readonly<Record<Column, string>>;

/** Rows that are written together; the whole file is checked before the first. */
export const WRITTEN_TOGETHER = 10_000;

/** `key`: the columns that say what a row is about, which no two rows may share. The first of them is named when two do. */
export function readNumberTable<Column extends NumberColumn>(
  csv: string,
  { columns, key }: { readonly columns: readonly Column[]; readonly key: readonly [Column, ...Column[]] },
): { readonly ok: true; readonly rows: readonly Cells<Column>[] } | BadTable {
  const table = readLines(csv, columns);
  if (!table.ok) return table;
  const seen = new Map<string, number>();
  const errors = table.lines.flatMap(({ line, cells }) => {
    const identity = JSON.stringify(key.map((column) => cells[column]));
    const before = seen.get(identity);
    seen.set(identity, line);
    const wrong = wrongCells({ line, cells }, columns);
    const [column] = key;
    const isRepeat = { line, column, value: cells[column], reason: `is in line ${before} already` };
    return before === undefined ? wrong : [...wrong, isRepeat];
  });
  if (errors.length > 0) return { ok: false, errors };
  if (table.lines.length > WRITTEN_TOGETHER) {
    return fileError(`more than ${WRITTEN_TOGETHER} rows; split the file, so that each part is applied as a whole`);
  }
  return { ok: true, rows: table.lines.map(({ cells }) => cells) };
}

interface Line<Column extends NumberColumn> {
  readonly line: number;
  readonly cells: Cells<Column>;
}

function readLines<Column extends NumberColumn>(
  csv: string,
  columns: readonly Column[],
): { readonly ok: true; readonly lines: readonly Line<Column>[] } | BadTable {
  let records: readonly { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
  try {
    // csv-parse types `info` records as unknown; with `info: true` each is { info, record }.
    records = parse(csv, { bom: true, info: true, skip_empty_lines: true, trim: true }) as unknown as typeof records;
  } catch (cause) {
    return fileError(cause instanceof Error ? cause.message : String(cause));
  }
  const [head, ...body] = records;
  const names = head?.record.map((name) => name.toLowerCase()) ?? [];
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) return fileError(`columns are missing: ${missing.join(', ')}`);
  const lines = body.map(({ info, record }) => ({
    line: info.lines,
    // Every column is in `names`, and csv-parse gives each record as many cells as there are headers.
    cells: Object.fromEntries(
      columns.map((column) => [column, record[names.indexOf(column)] ?? '']),
    ) as unknown as Cells<Column>,
  }));
  return { ok: true, lines };
}

function wrongCells<Column extends NumberColumn>(
  { line, cells }: Line<Column>,
  columns: readonly Column[],
): readonly NumberRowError[] {
  return columns.flatMap((column) => {
    const reason = RULES[column](cells[column]);
    return reason === null ? [] : [{ line, column, value: cells[column], reason }];
  });
}

function fileError(reason: string): BadTable {
  return { ok: false, errors: [{ line: 1, column: '', value: '', reason }] };
}

function priceProblem(value: string): string | null {
  const price = parseMicros(value);
  return price === null || price < 0 ? 'is not a price such as 1.50 (at most six decimals)' : null;
}

export function featuresIn(value: string): readonly string[] {
  return value.split(/[\s;,|]+/).filter((feature) => feature !== '');
}

/** Of a cell that was checked. */
export function pricesOf(cells: Cells<'setup' | 'monthly' | 'inbound_per_minute'>) {
  return {
    setupMicros: priceOf(cells.setup),
    monthlyMicros: priceOf(cells.monthly),
    inboundPerMinuteMicros: priceOf(cells.inbound_per_minute),
  };
}

/** Of a cell that was checked. */
export function priceOf(value: string): Micros {
  const price = parseMicros(value);
  if (price === null) throw new Error(`A price was checked and is none: ${value}`);
  return price;
}
