/**
 * What numbers of carriers cost our customers, from a CSV file of the operator: a carrier's own price is not the customer's. All or
 * nothing.
 *
 *   country,type,currency,setup,monthly,inbound_per_minute
 *   US,local,USD,0.20,1.00,0.0085
 */
import type { NumberPriceRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type BadTable, pricesOf, readNumberTable } from './number-table.ts';

const COLUMNS = ['country', 'type', 'currency', 'setup', 'monthly', 'inbound_per_minute'] as const;

export async function importNumberPrices(
  store: Store,
  { accountId, csv }: { readonly accountId: string; readonly csv: string },
): Promise<{ readonly ok: true; readonly imported: number } | BadTable> {
  const table = readNumberTable(csv, { columns: COLUMNS, key: ['country', 'type', 'currency'] });
  if (!table.ok) return table;
  const writes = table.rows.map((cells): RowWrite => {
    const { country, type, currency } = cells;
    const row: NumberPriceRow = { accountId, country, type, currency, ...pricesOf(cells) };
    return { table: 'number_price', mode: 'upsert', row };
  });
  const { applied, conflict } = await store.writeRows(writes);
  if (!applied) throw new Error(`The prices could not be stored: conflict in ${conflict}`);
  return { ok: true, imported: writes.length };
}
