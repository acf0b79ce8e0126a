/**
 * The call history in IndexedDB, by Dexie: it knows the browsers' faults with IndexedDB that a store of our own would have to learn
 * one by one. It is heavy, so it is loaded when the history is first used, and never on the way to the first paint.
 */
import type { Dexie, EntityTable } from 'dexie';
import type { CallHistory, HistoryEntry } from '../phone/ports.ts';
import { createMemoryHistory } from './memory-history.ts';

export interface CallHistoryOptions {
  /** For the host page's developers. */
  readonly log: (message: string, detail?: Readonly<Record<string, string>>) => void;
  readonly databaseName?: string;
  /** The oldest calls of all people beyond this number are forgotten. */
  readonly maxCalls?: number;
}

const DATABASE_NAME = 'credit-phone';
const MAX_CALLS = 1_000;

/** Opens nothing until the first use. Where there is no IndexedDB, calls are remembered until the page goes, and the log says so. */
export function createCallHistory(options: CallHistoryOptions): CallHistory {
  let opening: Promise<CallHistory> | null = null;
  const opened = () => {
    opening ??= openOrRemember(options);
    return opening;
  };
  return {
    put: async (entry) => (await opened()).put(entry),
    list: async (query) => (await opened()).list(query),
    unsettled: async (query) => (await opened()).unsettled(query),
  };
}

async function openOrRemember(options: CallHistoryOptions): Promise<CallHistory> {
  try {
    return await openDatabase(options);
  } catch (cause) {
    options.log('The browser keeps no call history here; it lasts until the page is left.', { cause: String(cause) });
    return createMemoryHistory();
  }
}

/** IndexedDB has no index over booleans. */
type StoredCall = HistoryEntry & { readonly isOpen: 0 | 1 };

type CallDatabase = Dexie & { readonly calls: EntityTable<StoredCall, 'callId'> };

async function openDatabase(options: CallHistoryOptions): Promise<CallHistory> {
  const { Dexie: DexieClass } = await import('dexie/dist/modern/dexie.mjs');
  // `stores` makes the tables that its text names; this is the one place where the type is told about them.
  const database = new DexieClass(options.databaseName ?? DATABASE_NAME) as CallDatabase;
  database.version(1).stores({ calls: 'callId, [personId+startedAtMs], [personId+isOpen], startedAtMs' });
  await database.open();
  return new DexieHistory(database, options.maxCalls ?? MAX_CALLS);
}

class DexieHistory implements CallHistory {
  readonly #database: CallDatabase;
  readonly #maxCalls: number;

  constructor(database: CallDatabase, maxCalls: number) {
    this.#database = database;
    this.#maxCalls = maxCalls;
  }

  async put(entry: HistoryEntry): Promise<void> {
    const { calls } = this.#database;
    await this.#database.transaction('rw', calls, async () => {
      await calls.put({ ...entry, isOpen: entry.isSettled ? 0 : 1 });
      const surplus = (await calls.count()) - this.#maxCalls;
      if (surplus > 0) await calls.bulkDelete(await calls.orderBy('startedAtMs').limit(surplus).primaryKeys());
    });
  }

  async list(query: { readonly personId: string; readonly limit: number }): Promise<readonly HistoryEntry[]> {
    const ofPerson = this.#database.calls
      .where('[personId+startedAtMs]')
      .between([query.personId, -Infinity], [query.personId, Infinity]);
    const newestFirst = await ofPerson.reverse().limit(query.limit).toArray();
    return newestFirst.map(entryOf);
  }

  async unsettled(query: { readonly personId: string }): Promise<readonly HistoryEntry[]> {
    const open = await this.#database.calls.where({ personId: query.personId, isOpen: 1 }).toArray();
    return open.map(entryOf);
  }
}

function entryOf({ isOpen: _isOpen, ...entry }: StoredCall): HistoryEntry {
  return entry;
}
