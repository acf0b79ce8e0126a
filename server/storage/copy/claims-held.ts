import { sql } from 'kysely';
import type { Store } from '../store.ts';

/** Pieces of periodic work that some server holds now: while there are any, a server is at work or has died just now. */
export async function claimsHeld({ db }: Pick<Store, 'db'>, nowMs: number): Promise<number> {
  const { rows } = await sql<{ readonly held: number | string }>`
    select count(*) as held from claim where until_ms > ${nowMs}
  `.execute(db);
  return Number(rows[0]?.held);
}
