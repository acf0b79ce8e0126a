/** Kysely over our own pool: the same queries as over SQLite, errors in our words. */
import { CamelCasePlugin, Kysely, type PostgresCursor, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { PoolClient } from 'pg';
import type { Database } from '../schema.ts';
import { endsConnection, type Translate } from './postgres-error.ts';
import type { PostgresPool } from './postgres-pool.ts';

/** Closes `pool` when it is destroyed. */
export function createPostgresKysely(pool: PostgresPool, translate: Translate): Kysely<Database> {
  // Kysely knows connections by identity.
  const known = new WeakMap<PoolClient, PostgresPoolClient>();
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => {
          const client = await pool.borrow();
          const kept = known.get(client) ?? translated(client, translate);
          known.set(client, kept);
          return kept;
        },
        end: () => pool.close(),
      },
    }),
    plugins: [new CamelCasePlugin()],
  });
}

function translated(client: PoolClient, translate: Translate): PostgresPoolClient {
  let isBroken = false;
  const query = (statement: string | PostgresCursor<unknown>, values?: readonly unknown[]) => {
    if (typeof statement !== 'string') throw new TypeError('Cursors are not used here');
    return client.query(statement, [...(values ?? [])]).catch((reason: unknown) => {
      isBroken ||= endsConnection(reason);
      throw translate(reason);
    });
  };
  // Kysely's two forms of one function; a cursor is only handed in where one was configured.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(isBroken) };
}
