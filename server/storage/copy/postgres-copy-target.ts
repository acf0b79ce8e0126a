import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { type DatabaseUrl, parseDatabaseUrl } from '../postgres/database-url.ts';
import { errorTranslator, type Translate } from '../postgres/postgres-error.ts';
import { connectionSettings } from '../postgres/postgres-pool.ts';
import { postgresText } from '../postgres/row-write-functions.ts';
import type { Database } from '../schema.ts';
import { sqlName } from '../table-columns.ts';
import type { CopyTarget } from './copy-target.ts';
import { type AnyRow, INSTALLATION_TABLES, type InstallationTable } from './installation-tables.ts';

/** A page of rows takes a second at most; sums over a table of many millions take minutes. */
const STATEMENT_MS = 3_600_000;

/** The database has its tables already. Locks them: nobody else writes until it is closed, whoever reads goes on reading. */
export async function openPostgresCopyTarget(url: string): Promise<CopyTarget> {
  const address = parseDatabaseUrl(url);
  if ('wrong' in address) throw new Error(`The address of the database ${address.wrong}.`);
  const translate = errorTranslator(address);
  const client = new pg.Client(connectionSettings(address.url, STATEMENT_MS));
  // Told to the query that runs, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await begin(client);
  } catch (reason) {
    await client.end().catch(() => undefined);
    throw translate(reason);
  }
  return copyTarget(client, address, translate);
}

async function begin(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  // Checking takes longer than a server's patience with idle transactions; and what is acknowledged is on the disk.
  await client.query(`
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
    SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`);
  const tables = INSTALLATION_TABLES.map(({ name }) => client.escapeIdentifier(name));
  await client.query(`LOCK TABLE ${tables.join(', ')} IN EXCLUSIVE MODE`);
}

function copyTarget(client: pg.Client, { place }: DatabaseUrl, translate: Translate): CopyTarget {
  const query = async (text: string, values: unknown[] = []) => {
    try {
      return await client.query(text, values);
    } catch (reason) {
      throw translate(reason);
    }
  };
  return {
    place,
    db: kyselyOn(query),
    storable: storableRow,
    write: async (table, rows) => {
      await query(insertOf(table), [rowsJson(table, rows)]);
    },
    commit: async () => {
      await query('COMMIT');
    },
    close: async () => {
      // The end of the connection is the end of its transaction.
      await client.end().catch(() => undefined);
    },
  };
}

/** On this one connection, inside its transaction. */
function kyselyOn(query: (text: string, values?: unknown[]) => Promise<pg.QueryResult>): Kysely<Database> {
  const connection: PostgresPoolClient = {
    // The form with a cursor is missing: nothing here streams.
    query: query as unknown as PostgresPoolClient['query'],
    release: () => undefined,
  };
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool: { connect: async () => connection, end: async () => undefined } }),
    plugins: [new CamelCasePlugin()],
  });
}

function insertOf({ name, columns }: InstallationTable): string {
  const names = columns.map(sqlName).join(', ');
  return `INSERT INTO "${name}"(${names}) SELECT ${names} FROM json_populate_recordset(NULL::"${name}", $1::json)`;
}

function rowsJson({ columns }: InstallationTable, rows: readonly AnyRow[]): string {
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map((column) => [sqlName(column), valueIn(row, column)]))),
  );
}

function valueIn(row: AnyRow, column: string): string | number | boolean | null {
  const value = row[column];
  if (value === undefined) throw new TypeError(`A row lacks ${column}`);
  return value;
}

function storableRow(row: AnyRow): AnyRow {
  const isStorable = (value: AnyRow[string]) => typeof value !== 'string' || postgresText(value) === value;
  if (Object.values(row).every(isStorable)) return row;
  const cells = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'string' ? postgresText(value) : value,
  ]);
  return Object.fromEntries(cells);
}
