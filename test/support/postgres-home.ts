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
}

/** Rejects with one clear sentence when there is no PostgreSQL to be had: such a test fails, it is never skipped. */
export async function createPostgresHome({ isEmpty = false }: PostgresHomeOptions = {}): Promise<PostgresHome> {
  const server = await postgresOfRun();
  const name = `credit_phone_test_${randomUUID().replaceAll('-', '')}`;
  await withClient(server.url, (client) =>
    client.query(`CREATE DATABASE "${name}"${isEmpty ? '' : ` TEMPLATE "${server.template}"`}`),
  );
  const url = databaseUrlOf(server.url, name);
  return {
    url,
    open: () => openPostgresStore({ url }),
    query: <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      withClient(url, async (client) => {
        // Several statements are only possible without values.
        const result = values.length === 0 ? await client.query<Row>(sql) : await client.query<Row>(sql, values);
        return result.rows;
      }),
    cutConnections: async () => {
      const { rowCount } = await withClient(server.url, (client) =>
        client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]),
      );
      return rowCount ?? 0;
    },
    remove: async () => {
      await withClient(server.url, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    },
  };
}

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
