/**
 * The inventory from a CSV file. All or nothing: a bad row is reported with line, column, value and reason, and nothing is stored.
 *
 *   number,country,type,region,features,currency,setup,monthly,inbound_per_minute
 *   +12025550101,US,local,"Washington, DC",voice sms,USD,1.00,1.50,0.0085
 */
import type { NumberRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type BadTable, type Cells, featuresIn, pricesOf, readNumberTable } from './number-table.ts';

export type NumberImport = { readonly ok: true; readonly imported: number } | BadTable;

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

interface NumberFile {
  readonly accountId: string;
  readonly csv: string;
}

export async function importNumbers(store: Store, file: NumberFile): Promise<NumberImport> {
  const parsed = parseNumbers(file);
  if (!parsed.ok) return parsed;
  const writes: RowWrite[] = parsed.rows.map((row) => ({ table: 'number', mode: 'upsert', row }));
  const { applied, conflict } = await store.writeRows(writes);
  if (!applied) throw new Error(`The numbers could not be stored: conflict in ${conflict}`);
  return { ok: true, imported: writes.length };
}

export function parseNumbers({
  accountId,
  csv,
}: NumberFile): { readonly ok: true; readonly rows: readonly NumberRow[] } | BadTable {
  const table = readNumberTable(csv, { columns: COLUMNS, key: ['number'] });
  return table.ok ? { ok: true, rows: table.rows.map((cells) => rowOf(cells, accountId)) } : table;
}

function rowOf(cells: Cells<(typeof COLUMNS)[number]>, accountId: string): NumberRow {
  const { number, country, type, region, currency } = cells;
  const features = featuresIn(cells.features).join(' ');
  return { accountId, number, country, type, region, features, currency, ...pricesOf(cells), carrier: null };
}
