/** The settings that durability and speed rest on. Each is read back: SQLite ignores what it does not understand without a word. */
import type { DatabaseSync } from 'node:sqlite';

interface Pragma {
  readonly name: string;
  readonly set: string | number;
  /** What SQLite answers when it is honoured. */
  readonly answer: string | number;
}

/** How long a statement waits for another process (the command line, a backup) before it is refused. */
const BUSY_TIMEOUT_MS = 2_000;

const WRITER_PRAGMAS: readonly Pragma[] = [
  { name: 'busy_timeout', set: BUSY_TIMEOUT_MS, answer: BUSY_TIMEOUT_MS },
  // Readers never wait for the writer, and a commit is one append and one sync.
  { name: 'journal_mode', set: 'WAL', answer: 'wal' },
  // Sync at each commit: in WAL mode NORMAL loses acknowledged commits in a power cut.
  { name: 'synchronous', set: 'FULL', answer: 2 },
  // Pages (of 4 KiB) before the log is moved into the file: fewer, longer pauses. Up to 1.4 times the commits of the default 1,000.
  { name: 'wal_autocheckpoint', set: 10_000, answer: 10_000 },
  { name: 'foreign_keys', set: 1, answer: 1 },
  // Negative: KiB. More is slower: a commit after a page was split walks through all pages that are kept (pcache1TruncateUnsafe), which
  // was half of the time of a commit at 64 MiB. What is not kept here the system still has.
  { name: 'cache_size', set: -16_384, answer: -16_384 },
];

/** For a connection whose commits log-sync.ts makes durable, and nobody else's. */
const SYNCED_APART_PRAGMAS: readonly Pragma[] = [
  { name: 'synchronous', set: 'NORMAL', answer: 1 },
  // What log-checkpoints.ts does before it comes to that.
  { name: 'wal_autocheckpoint', set: 40_000, answer: 40_000 },
];

const READER_PRAGMAS: readonly Pragma[] = [
  { name: 'busy_timeout', set: BUSY_TIMEOUT_MS, answer: BUSY_TIMEOUT_MS },
  { name: 'query_only', set: 1, answer: 1 },
];

const PRAGMAS = { writer: WRITER_PRAGMAS, synced_apart: SYNCED_APART_PRAGMAS, reader: READER_PRAGMAS } as const;

/** Throws an Error that names the setting and what SQLite made of it. */
export function setPragmas(database: DatabaseSync, role: keyof typeof PRAGMAS): void {
  for (const pragma of PRAGMAS[role]) {
    database.exec(`PRAGMA ${pragma.name} = ${pragma.set}`);
    const [answer] = Object.values(database.prepare(`PRAGMA ${pragma.name}`).get() ?? {});
    if (answer !== pragma.answer) {
      throw new Error(`cannot be used safely: ${pragma.name} was set to ${pragma.set} but is ${answer}`);
    }
  }
}
