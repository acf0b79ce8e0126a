/** Reads a table whole, page by page in the order of its key; the same query text for every store. */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { AnyRow, InstallationTable } from './installation-tables.ts';

export async function* tablePages(
  db: Kysely<Database>,
  { name, columns, keys, pageRows }: InstallationTable,
): AsyncGenerator<readonly AnyRow[]> {
  const refs = (names: readonly string[]) => sql.join(names.map((column) => sql.ref(column)));
  let last: AnyRow | undefined;
  do {
    const after = last && sql`where (${refs(keys)}) > (${sql.join(keys.map((key) => last?.[key]))})`;
    const { rows } = await sql<AnyRow>`
      select ${refs(columns)} from ${sql.table(name)} ${after ?? sql``} order by ${refs(keys)} limit ${pageRows}
    `.execute(db);
    if (rows.length > 0) yield rows;
    last = rows.length === pageRows ? rows.at(-1) : undefined;
  } while (last !== undefined);
}

/** Rows of each table. */
export async function countRows(
  db: Kysely<Database>,
  tables: readonly InstallationTable[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await sql<{ readonly found: number | string }>`
      select count(*) as found from ${sql.table(name)}
    `.execute(db);
    counts.set(name, Number(rows[0]?.found));
  }
  return counts;
}
