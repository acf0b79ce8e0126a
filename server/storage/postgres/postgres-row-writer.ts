/** Row writes in groups: what comes while one group is in flight goes along with the next, in one round trip and one commit. */
import type { RowWrite } from '../rows.ts';
import { UnavailableError } from '../store.ts';
import { repeatLostRaces } from './lost-races.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { rowWritesJson } from './row-write-functions.ts';

/** Row writes that may wait for the next group. */
const MAX_WAITING_ROW_WRITES = 8_192;
/** Calls of writeRows that share a transaction; more would keep locks for long. */
const MAX_GROUPS = 256;

export interface RowsOutcome {
  readonly applied: boolean;
  readonly conflict: string | null;
}

interface WaitingRows {
  readonly json: string;
  readonly resolve: (outcome: RowsOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

export class PostgresRowWriter {
  readonly #pool: PostgresPool;
  readonly #place: string;
  #waiting: WaitingRows[] = [];
  #running: Promise<void> | null = null;

  constructor(pool: PostgresPool, place: string) {
    this.#pool = pool;
    this.#place = place;
  }

  write(writes: readonly RowWrite[]): Promise<RowsOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MAX_WAITING_ROW_WRITES) {
        throw new UnavailableError(`${this.#place} has ${MAX_WAITING_ROW_WRITES} writes waiting`);
      }
      this.#waiting.push({ json: rowWritesJson(writes), resolve, reject });
      this.#running ??= this.#writeWaiting();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #writeWaiting(): Promise<void> {
    // What comes in the same turn of the event loop goes together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) await this.#writeGroups(this.#waiting.splice(0, MAX_GROUPS));
    this.#running = null;
  }

  async #writeGroups(groups: readonly WaitingRows[]): Promise<void> {
    try {
      const conflicts = await this.#writeTogether(groups);
      groups.forEach(({ resolve }, index) => {
        const conflict = conflicts[index] ?? null;
        resolve({ applied: conflict === null, conflict });
      });
    } catch (reason) {
      if (groups.length === 1 || reason instanceof UnavailableError) {
        for (const { reject } of groups) reject(reason);
        return;
      }
      // One bad write must not take the others with it.
      for (const group of groups) await this.#writeGroups([group]);
    }
  }

  async #writeTogether(groups: readonly WaitingRows[]): Promise<readonly (string | null)[]> {
    const json = `[${groups.map((group) => group.json).join(',')}]`;
    return repeatLostRaces(() =>
      this.#pool.use(async (client) => {
        const { rows } = await client.query<{ conflicts: (string | null)[] }>({
          name: 'write_row_groups',
          text: 'SELECT write_row_groups($1) AS conflicts',
          values: [json],
        });
        const [row] = rows;
        if (row?.conflicts.length !== groups.length) throw new Error('Not every group of rows has an answer');
        return row.conflicts;
      }),
    );
  }
}
