/** Where the statements of a benchmark are, on either store. */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { CopyTarget } from '../../server/storage/copy/copy-target.ts';
import { openPostgresCopyTarget } from '../../server/storage/copy/postgres-copy-target.ts';
import { openSqliteCopyTarget } from '../../server/storage/copy/sqlite-copy-target.ts';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { writeStatementCrowd } from '../support/statement-crowd.ts';

export interface Place {
  readonly store: 'SQLite' | 'PostgreSQL';
  /** A path or a database URL. */
  readonly at: string;
}

export function openPlace({ store, at }: Place): Promise<Store> {
  return store === 'SQLite' ? openSqliteStore({ path: at }) : openPostgresStore({ url: at });
}

/** Makes the tables and fills them; `left` of the lines are for the server to make. */
export async function fillPlace(place: Place, { lines, left }: { readonly lines: number; readonly left: number }) {
  await (await openPlace(place)).close();
  const indexes = await takeIndexes(place);
  const target = place.store === 'SQLite' ? openSqliteCopyTarget(place.at) : await openPostgresCopyTarget(place.at);
  await fillTarget(target, { lines, left });
  // Rows first and then their indexes: half the time of both at once. PostgreSQL looks at so many new rows by itself soon afterwards.
  await run(place, [...indexes, ...(place.store === 'PostgreSQL' ? ['VACUUM ANALYZE'] : [])]);
}

async function fillTarget(target: CopyTarget, { lines, left }: { readonly lines: number; readonly left: number }) {
  try {
    await writeStatementCrowd(target, { entries: lines, projected: lines - left });
    await target.commit();
  } finally {
    await target.close();
  }
}

/** Drops the indexes of lines; what makes them again. */
async function takeIndexes(place: Place): Promise<readonly string[]> {
  const found = await run(place, [
    place.store === 'SQLite'
      ? "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index' AND tbl_name = 'statement_line' AND sql IS NOT NULL"
      : `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
          WHERE tablename = 'statement_line' AND indexname LIKE 'statement_line_%' AND indexdef NOT LIKE 'CREATE UNIQUE%'`,
  ]);
  await run(
    place,
    found.map(({ name }) => `DROP INDEX ${name}`),
  );
  return found.map(({ definition }) => String(definition));
}

/** The rows of the last statement. */
async function run({ store, at }: Place, statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  if (store === 'SQLite') {
    const database = new DatabaseSync(at);
    const rows = statements.map((statement) => database.prepare(statement).all());
    database.close();
    return rows.at(-1) ?? [];
  }
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  let rows: readonly Record<string, unknown>[] = [];
  for (const statement of statements) rows = (await client.query(statement)).rows;
  await client.end();
  return rows;
}

/** An empty database on the server that TEST_DATABASE_URL names, or on one that lives as long as `work`. */
export async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  const settings = { shared_buffers: '256MB', max_wal_size: '4GB', maintenance_work_mem: '256MB' };
  const server = given === undefined ? await PostgresServer.start({ isDurable: true, settings }) : null;
  const admin = given ?? server?.url() ?? '';
  const name = `statements_bench_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(admin);
    url.pathname = `/${name}`;
    await work(url.href);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.end();
    await server?.remove();
  }
}
