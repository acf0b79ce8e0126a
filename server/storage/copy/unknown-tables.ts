import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { INSTALLATION_TABLES, TABLES_LEFT_BEHIND } from './installation-tables.ts';

/** Tables that a copy would forget: someone added them without saying whether they belong to an installation. */
export async function unknownTables(db: Kysely<Database>): Promise<readonly string[]> {
  const known = new Set<string>([...INSTALLATION_TABLES.map(({ name }) => name), ...TABLES_LEFT_BEHIND]);
  return (await tableNames(db)).filter((name) => !known.has(name));
}

/** Every table beside ours in the same schema, and ours. */
export async function tableNames(db: Kysely<Database>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables();
  const ourSchema = tables.find(({ name }) => name === 'schema_migration')?.schema;
  return tables.filter(({ isView, schema }) => !isView && schema === ourSchema).map(({ name }) => name);
}
