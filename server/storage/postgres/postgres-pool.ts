/** Connections to PostgreSQL, kept in small pools by what they are for, and the settings that durability and liveness rest on. */
import pg, { type Client, type ClientBase, type ClientConfig } from 'pg';
import type { DatabaseUrl } from './database-url.ts';
import { endsConnection, type Translate } from './postgres-error.ts';
import { POSTGRES_TYPES } from './postgres-types.ts';

/** What a connection is for. */
export type PoolRole = 'ledger' | 'writer' | 'reader';

interface RoleSettings {
  readonly connections: number;
  /** A connection that nobody used for so long is given back to the server; 0 keeps it. */
  readonly idleMs: number;
  readonly statementMs: number;
}

const ROLES: Readonly<Record<PoolRole, RoleSettings>> = {
  // One batch in flight a process: two at once are slower than one, the database being the limit.
  ledger: { connections: 1, idleMs: 0, statementMs: 10_000 },
  // One for groups of rows, one for what comes in between.
  writer: { connections: 2, idleMs: 60_000, statementMs: 20_000 },
  reader: { connections: 4, idleMs: 60_000, statementMs: 60_000 },
};

const CONNECT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
/** Whoever leaves a transaction open loses it, and its locks with it. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** An answer that takes longer than the statement may is not coming: the server, or the way to it, is gone. */
const ANSWER_GRACE_MS = 5_000;

/** Settings of every connection, also of those outside a pool. */
export function connectionSettings(url: string, statementMs: number): ClientConfig {
  return {
    connectionString: url,
    application_name: 'credit-phone',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    query_timeout: statementMs + ANSWER_GRACE_MS,
    types: POSTGRES_TYPES,
  };
}

export interface PostgresPool {
  /** Runs `work` on a connection of its own. Rejects with UnavailableError when it is not the work's fault. */
  use<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result>;
  /** A connection for Kysely; to be given back. */
  borrow(): Promise<pg.PoolClient>;
  /**
   * Ends all connections at once, at work or idle, since the other side is silent: a machine that died says nothing, and each of them
   * would find out for itself only when its own statement has taken too long. What ran on them is told that the connection was lost.
   */
  abandon(): void;
  /** Waits for what runs. */
  close(): Promise<void>;
}

export function createPool(
  { url }: DatabaseUrl,
  { role, translate }: { role: PoolRole; translate: Translate },
): PostgresPool {
  const { connections, idleMs, statementMs } = ROLES[role];
  const clients = new Set<ClientBase>();
  const pool = new pg.Pool({
    ...connectionSettings(url, statementMs),
    max: connections,
    idleTimeoutMillis: idleMs,
    onConnect: (client: ClientBase) => {
      // The pool listens only while a connection is idle: lost at work, it would end the process. Its query is told anyway.
      client.on('error', () => undefined);
      clients.add(client);
      client.once('end', () => clients.delete(client));
      return setSession(client, { role, statementMs });
    },
  });
  // An idle connection was lost: the pool has dropped it already, and the next who needs one makes another.
  pool.on('error', () => undefined);
  return new WatchedPool(pool, { translate, clients });
}

class WatchedPool implements PostgresPool {
  readonly #pool: pg.Pool;
  readonly #translate: Translate;
  readonly #clients: ReadonlySet<ClientBase>;
  readonly #running = new Set<Promise<unknown>>();

  constructor(pool: pg.Pool, parts: { readonly translate: Translate; readonly clients: ReadonlySet<ClientBase> }) {
    this.#pool = pool;
    this.#translate = parts.translate;
    this.#clients = parts.clients;
  }

  abandon(): void {
    for (const client of this.#clients) {
      // A pool makes nothing but Clients; its types promise less.
      (client as Client).connection.stream.destroy(new Error('Connection terminated: nobody answers'));
    }
  }

  use<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    const running = this.#use(work).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  async borrow(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (reason) {
      throw this.#translate(reason);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#running]);
    await this.#pool.end();
  }

  async #use<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.borrow();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (reason) {
      client.release(endsConnection(reason));
      throw this.#translate(reason);
    }
  }
}

/** By statement and not by start-up options, which a URL may overrule and connection poolers refuse. */
async function setSession(
  client: ClientBase,
  { role, statementMs }: { readonly role: PoolRole; readonly statementMs: number },
): Promise<void> {
  await client.query(
    `SELECT set_config('statement_timeout', $1, false),
      set_config('idle_in_transaction_session_timeout', $2, false),
      set_config('default_transaction_isolation', 'read committed', false),
      -- Writers keep what the server says, so that a database that was set to read only stays so.
      set_config('default_transaction_read_only', CASE $3 WHEN 'reader' THEN 'on'
        ELSE current_setting('default_transaction_read_only') END, false),
      -- Never off: an acknowledged commit is on the disk. Stricter settings of the server (a synchronous standby) stay.
      set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)`,
    [String(statementMs), String(IDLE_IN_TRANSACTION_MS), role],
  );
}
