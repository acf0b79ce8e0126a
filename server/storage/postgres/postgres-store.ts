import type { Kysely } from 'kysely';
import type { Operation, OperationResult } from '../../ledger/operation.ts';
import type { RowWrite } from '../rows.ts';
import type { Database } from '../schema.ts';
import { type Claim, type NewWallet, type Store, UnavailableError } from '../store.ts';
import { repeatLostRaces } from './lost-races.ts';
import { applyLedgerBatch } from './postgres-ledger-batch.ts';
import type { PostgresNews } from './postgres-news.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { PostgresRowWriter, type RowsOutcome } from './postgres-row-writer.ts';
import { postgresText } from './row-write-functions.ts';

export interface PostgresParts {
  readonly place: string;
  readonly ledger: PostgresPool;
  readonly writer: PostgresPool;
  readonly db: Kysely<Database>;
  readonly news: PostgresNews;
}

/** Keeps nothing: any number of these on one database are one store. */
export class PostgresStore implements Store {
  readonly place: string;
  readonly db: Kysely<Database>;
  readonly news: PostgresNews;
  /** A second one would wait for the first one's row locks. */
  readonly batchesAtOnce = 1;
  readonly #ledger: PostgresPool;
  readonly #writer: PostgresPool;
  readonly #rowWriter: PostgresRowWriter;
  #closing: Promise<void> | null = null;

  constructor({ place, ledger, writer, db, news }: PostgresParts) {
    this.place = place;
    this.db = db;
    this.news = news;
    this.#ledger = ledger;
    this.#writer = writer;
    this.#rowWriter = new PostgresRowWriter(writer, place);
  }

  async applyBatch(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    this.#assertOpen();
    return repeatLostRaces(() => this.#ledger.use((client) => applyLedgerBatch(client, operations)));
  }

  async writeRows(writes: readonly RowWrite[]): Promise<RowsOutcome> {
    this.#assertOpen();
    return this.#rowWriter.write(writes);
  }

  async openWallet({ accountId, walletId, currency }: NewWallet): Promise<void> {
    this.#assertOpen();
    const found = await this.#writer.use(async (client) => {
      const wallet = [postgresText(accountId), postgresText(walletId)];
      await client.query(
        'INSERT INTO wallet(account_id, wallet_id, currency) VALUES($1, $2, $3) ON CONFLICT DO NOTHING',
        [...wallet, currency],
      );
      // A statement of its own: the first one does not see a row that another server made meanwhile.
      const { rows } = await client.query<{ currency: string }>(
        'SELECT currency FROM wallet WHERE account_id = $1 AND wallet_id = $2',
        wallet,
      );
      return rows[0]?.currency;
    });
    if (found !== currency) {
      throw new Error(`The wallet ${walletId} of ${accountId} is in ${found}, not in ${currency}`);
    }
  }

  async claim({ name, holder, forMs }: Claim): Promise<boolean> {
    this.#assertOpen();
    return this.#writer.use(async (client) => {
      const { rowCount } = await client.query(
        `WITH clock AS (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms)
         INSERT INTO claim SELECT $1, $2, now_ms + $3 FROM clock
         ON CONFLICT(name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
         WHERE claim.holder = excluded.holder OR claim.until_ms <= excluded.until_ms - $3`,
        [name, holder, forMs],
      );
      return rowCount === 1;
    });
  }

  async check(): Promise<void> {
    this.#assertOpen();
    await this.#writer.use((client) =>
      client.query(
        `INSERT INTO store_probe VALUES(1, 1)
         ON CONFLICT(probe_id) DO UPDATE SET commits = store_probe.commits + 1`,
      ),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#rowWriter.drain();
    await Promise.all([this.#ledger.close(), this.#writer.close(), this.db.destroy(), this.news.close()]);
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw new UnavailableError(`The store (${this.place}) is closed`);
  }
}
