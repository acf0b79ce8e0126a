/** The store for many servers: PostgreSQL 15 or newer. */
import pg from 'pg';
import { type Store, UnavailableError } from '../store.ts';
import { type DatabaseUrl, parseDatabaseUrl } from './database-url.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { errorTranslator, isMistake, type Translate } from './postgres-error.ts';
import { createPostgresKysely } from './postgres-kysely.ts';
import { PostgresNews } from './postgres-news.ts';
import { connectionSettings, createPool, type PoolRole } from './postgres-pool.ts';
import { PostgresStore } from './postgres-store.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:5432/database?sslmode=verify-full */
  readonly url: string;
}

/** As the server numbers itself. */
const OLDEST_VERSION = 150_000;
/** A step may have to write every entry of a large installation anew. */
const MIGRATION_STATEMENT_MS = 3_600_000;

/**
 * Connects, and brings the tables up to this version. Rejects with one sentence that names host and cause: UnavailableError when
 * trying again may help, Error when somebody must put something right first (a wrong password, no such database, newer tables).
 */
export async function openPostgresStore({ url }: PostgresOptions): Promise<Store> {
  const address = parseDatabaseUrl(url);
  if ('wrong' in address) throw new Error(`DATABASE_URL ${address.wrong}.`);
  const translate = errorTranslator(address);
  try {
    await prepareDatabase(address);
    return await openParts(address, translate);
  } catch (reason) {
    throw openError(reason, { address, translate });
  }
}

function openError(
  reason: unknown,
  { address, translate }: { readonly address: DatabaseUrl; readonly translate: Translate },
): Error {
  const known = translate(reason);
  if (known instanceof UnavailableError) {
    return isMistake(reason) ? new Error(known.message, { cause: known.cause }) : known;
  }
  const words = known instanceof Error ? known.message : String(known);
  return new Error(`${address.place} ${words}`, { cause: known });
}

async function prepareDatabase({ url }: DatabaseUrl): Promise<void> {
  const client = new pg.Client(connectionSettings(url, MIGRATION_STATEMENT_MS));
  // Told to the query that runs, too.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('SHOW server_version_num');
    if (Number(rows[0]?.version) < OLDEST_VERSION) throw new Error('is too old: PostgreSQL 15 or newer is needed');
    await migratePostgres(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function openParts(address: DatabaseUrl, translate: Translate): Promise<Store> {
  const poolFor = (role: PoolRole) => createPool(address, { role, translate });
  const [ledger, writer, reader] = [poolFor('ledger'), poolFor('writer'), poolFor('reader')];
  const news = new PostgresNews(address, () => {
    for (const pool of [ledger, writer, reader]) pool.abandon();
  });
  await news.start();
  return new PostgresStore({ place: address.place, ledger, writer, db: createPostgresKysely(reader, translate), news });
}
