/** A database of its own on the PostgreSQL of the test run, with all tables, that goes away after the test. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import type { Store } from '../../server/storage/store.ts';

export interface PostgresHome {
  /** For DATABASE_URL. */
  readonly url: string;
  open(): Promise<Store>;
  /** One statement or several, past the store, for what a test must see or spoil. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<readonly Row[]>;
  /** Ends all connections of the database, as a restart of the server would. Resolves to how many. */
  cutConnections(): Promise<number>;
  remove(): Promise<void>;
}

export interface PostgresHomeOptions {
  /** True: no tables yet. */
  readonly isEmpty?: boolean;
  /** True: the test changes tables or settings, so nobody may have this database after it. */
  readonly isSpoiled?: boolean;
}

/** Databases of tests that are over. Emptying one takes a tenth of making another. */
const unused: string[] = [];

/** Rejects with one clear sentence when there is no PostgreSQL to be had: such a test fails, it is never skipped. */
export async function createPostgresHome(options: PostgresHomeOptions = {}): Promise<PostgresHome> {
  const server = await postgresOfRun();
  const name = (isFresh(options) ? undefined : unused.pop()) ?? (await createDatabase(server, options));
  const url = databaseUrlOf(server.url, name);
  return {
    url,
    open: () => openPostgresStore({ url }),
    query: <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      withClient(url, async (client) => {
        // Several statements are only possible without values; the last one answers.
        if (values.length > 0) return (await client.query<Row>(sql, values)).rows;
        const results: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await client.query<Row>(sql);
        return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
      }),
    cutConnections: () => cutConnections(server, name),
    remove: async () => {
      if (isFresh(options)) {
        await withClient(server.url, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
      } else {
        await withClient(url, (client) => client.query(EMPTY_ALL_TABLES));
        unused.push(name);
      }
    },
  };
}

function isFresh({ isEmpty = false, isSpoiled = false }: PostgresHomeOptions): boolean {
  return isEmpty || isSpoiled;
}

async function createDatabase(server: PostgresOfRun, { isEmpty = false }: PostgresHomeOptions): Promise<string> {
  const name = `${server.template}_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const template = isEmpty ? '' : ` TEMPLATE "${server.template}"`;
  await withClient(server.url, (client) => client.query(`CREATE DATABASE "${name}"${template}`));
  return name;
}

async function cutConnections(server: PostgresOfRun, name: string): Promise<number> {
  const { rowCount } = await withClient(server.url, (client) =>
    client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [name]),
  );
  return rowCount ?? 0;
}

/** As a replica applies changes: without the triggers that forbid it. Nobody of the test before may still be there. */
const EMPTY_ALL_TABLES = `
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE
  one text;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration' LOOP
    EXECUTE format('DELETE FROM %I', one);
  END LOOP;
END $$`;

export interface PostgresOfRun {
  /** Of a database that is there to administrate the others. */
  readonly url: string;
  /** A database with all tables and no rows. */
  readonly template: string;
}

/** The server of this test run; started by the first who asks. */
export async function postgresOfRun(): Promise<PostgresOfRun> {
  const response = await fetch(inject('postgresControl'));
  // Written by postgres-global-setup.ts.
  const found = (await response.json()) as PostgresOfRun & { readonly error?: string };
  if (found.error !== undefined) throw new Error(found.error);
  return found;
}

/** The same server and user, another database. */
export function databaseUrlOf(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
