/**
 * The inventory from a CSV file: headers in any order, quoted fields, prices as decimals of the currency unit. All or nothing: a bad row
 * is reported with line, column, value and reason, and nothing is stored.
 *
 *   number,country,type,region,features,currency,setup,monthly,inbound_per_minute
 *   +12025550101,US,local,"Washington, DC",voice sms,USD,1.00,1.50,0.0085
 */
import { parse } from 'csv-parse/sync';
import { type Micros, parseMicros } from '../../src/protocol/money.ts';
import { NUMBER_FEATURES, NUMBER_TYPES } from '../../src/protocol/number.ts';
import { isE164 } from '../../src/protocol/phone-number.ts';
import type { NumberRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface NumberRowError {
  /** 1 is the line with the headers. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

export type NumberImport =
  | { readonly ok: true; readonly imported: number }
  | { readonly ok: false; readonly errors: readonly NumberRowError[] };

const COLUMNS = [
  'number',
  'country',
  'type',
  'region',
  'features',
  'currency',
  'setup',
  'monthly',
  'inbound_per_minute',
] as const;
type Column = (typeof COLUMNS)[number];
type Cells = Readonly<Record<Column, string>>;

/** Rows that are written together; the whole file is checked before the first. */
const WRITTEN_TOGETHER = 10_000;

export async function importNumbers(
  store: Store,
  file: { readonly accountId: string; readonly csv: string },
): Promise<NumberImport> {
  const parsed = parseNumbers(file);
  if (!parsed.ok) return parsed;
  if (parsed.rows.length > WRITTEN_TOGETHER) {
    return fileError(`more than ${WRITTEN_TOGETHER} numbers; split the file, so that each part is applied as a whole`);
  }
  const writes: RowWrite[] = parsed.rows.map((row) => ({ table: 'number', mode: 'upsert', row }));
  const { applied, conflict } = await store.writeRows(writes);
  if (!applied) throw new Error(`The numbers could not be stored: conflict in ${conflict}`);
  return { ok: true, imported: writes.length };
}

export function parseNumbers(file: {
  readonly accountId: string;
  readonly csv: string;
}): { readonly ok: true; readonly rows: readonly NumberRow[] } | Extract<NumberImport, { ok: false }> {
  const table = readTable(file.csv);
  if (!table.ok) return table;
  const errors: NumberRowError[] = [];
  const rows: NumberRow[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of table.lines) {
    const problems = problemsOf(cells, { line, seen });
    errors.push(...problems);
    seen.set(cells.number, line);
    if (problems.length === 0) rows.push(rowOf(cells, file.accountId));
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, rows };
}

interface Line {
  readonly line: number;
  readonly cells: Cells;
}

function readTable(
  csv: string,
): { readonly ok: true; readonly lines: readonly Line[] } | Extract<NumberImport, { ok: false }> {
  let records: readonly { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
  try {
    // csv-parse types `info` records as unknown; with `info: true` each is { info, record }.
    records = parse(csv, { bom: true, info: true, skip_empty_lines: true, trim: true }) as unknown as typeof records;
  } catch (cause) {
    return fileError(cause instanceof Error ? cause.message : String(cause));
  }
  const [head, ...body] = records;
  const names = head?.record.map((name) => name.toLowerCase()) ?? [];
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) return fileError(`columns are missing: ${missing.join(', ')}`);
  const lines = body.map(({ info, record }) => ({
    line: info.lines,
    // Every column is in `names`, and csv-parse gives each record as many cells as there are headers.
    cells: Object.fromEntries(COLUMNS.map((column) => [column, record[names.indexOf(column)] ?? ''])) as Cells,
  }));
  return { ok: true, lines };
}

function fileError(reason: string): Extract<NumberImport, { ok: false }> {
  return { ok: false, errors: [{ line: 1, column: '', value: '', reason }] };
}

const RULES: Readonly<Record<Column, (value: string) => string | null>> = {
  number: (value) => (isE164(value) ? null : 'is not an E.164 number such as +12025550101'),
  country: (value) => (/^[A-Z]{2}$/.test(value) ? null : 'is not an ISO 3166-1 country such as US'),
  type: (value) => (NUMBER_TYPES.some((type) => type === value) ? null : `is none of ${NUMBER_TYPES.join(', ')}`),
  region: (value) => (value.length <= 80 ? null : 'is longer than 80 characters'),
  features: (value) =>
    featuresIn(value).every((feature) => NUMBER_FEATURES.some((known) => known === feature))
      ? null
      : `has something other than ${NUMBER_FEATURES.join(', ')}`,
  currency: (value) => (/^[A-Z]{3}$/.test(value) ? null : 'is not an ISO 4217 currency such as USD'),
  setup: priceProblem,
  monthly: priceProblem,
  inbound_per_minute: priceProblem,
};

function problemsOf(
  cells: Cells,
  context: { readonly line: number; readonly seen: ReadonlyMap<string, number> },
): NumberRowError[] {
  const problems = COLUMNS.flatMap((column) => {
    const reason = RULES[column](cells[column]);
    return reason === null ? [] : [{ line: context.line, column, value: cells[column], reason }];
  });
  const before = context.seen.get(cells.number);
  if (before === undefined) return problems;
  return [
    ...problems,
    { line: context.line, column: 'number', value: cells.number, reason: `is in line ${before} already` },
  ];
}

function priceProblem(value: string): string | null {
  const price = parseMicros(value);
  return price === null || price < 0 ? 'is not a price such as 1.50 (at most six decimals)' : null;
}

function rowOf(cells: Cells, accountId: string): NumberRow {
  return {
    accountId,
    number: cells.number,
    country: cells.country,
    type: cells.type,
    region: cells.region,
    features: featuresIn(cells.features).join(' '),
    currency: cells.currency,
    setupMicros: priceOf(cells.setup),
    monthlyMicros: priceOf(cells.monthly),
    inboundPerMinuteMicros: priceOf(cells.inbound_per_minute),
    carrier: null,
  };
}

function featuresIn(value: string): readonly string[] {
  return value.split(/[\s;,|]+/).filter((feature) => feature !== '');
}

function priceOf(value: string): Micros {
  const price = parseMicros(value);
  if (price === null) throw new Error(`A price was checked and is none: ${value}`);
  return price;
}
