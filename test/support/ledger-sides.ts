/** Two ways to the same rows: clients of the ledger, and the bare statements in commits of a given size. For benchmarks. */
import { DatabaseSync } from 'node:sqlite';
import { createLedger } from '../../server/ledger/ledger.ts';
import { type Ledger, MAX_BATCH, type Operation, type OperationResult } from '../../server/ledger/operation.ts';
import { openSqliteStore, type SqliteOptions } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { setPragmas } from '../../server/storage/sqlite/sqlite-pragmas.ts';
import type { Store } from '../../server/storage/store.ts';
import { ACCOUNT, creditOf } from './ledger-operations.ts';
import { callOperations, RawLedgerStatements, WALLET_COUNT, walletOf } from './ledger-workload.ts';

export interface LedgerSide {
  /** Authorizes and settles so many calls, all durable. Each round has calls of its own. */
  readonly run: (work: { readonly round: number; readonly calls: number }) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface LedgerSideOptions extends SqliteOptions {
  readonly clients: number;
  /** Told how long each operation took, from asking to the durable answer. */
  readonly onAnswer?: (durationMs: number) => void;
}

export async function openLedgerSide({ clients, onAnswer, ...options }: LedgerSideOptions): Promise<LedgerSide> {
  const store = await openFunded(options);
  const ledger = createLedger(store);
  const submit = async (operation: Operation) => {
    const startedAtMs = performance.now();
    assertApplied(await ledger.submit(operation));
    onAnswer?.(performance.now() - startedAtMs);
  };
  const runClient = async (client: number, { round, calls }: { readonly round: number; readonly calls: number }) => {
    for (let call = client; call < calls; call += clients) {
      const { hold, settle } = callOperations(round, call);
      await submit(hold);
      await submit(settle);
    }
  };
  return {
    run: async (work) => {
      await Promise.all(Array.from({ length: clients }, (_, client) => runClient(client, work)));
    },
    close: async () => {
      await closeBoth(ledger, store);
    },
  };
}

async function closeBoth(ledger: Ledger & { close(): Promise<void> }, store: Store): Promise<void> {
  await ledger.close();
  await store.close();
}

/** In the same waves as 64 clients: so many authorizations, then their settlements. */
export async function openRawSide({
  path,
  operationsPerCommit,
}: {
  readonly path: string;
  readonly operationsPerCommit: number;
}): Promise<LedgerSide> {
  await (await openFunded({ path })).close();
  const database = new DatabaseSync(path);
  setPragmas(database, 'writer');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const raw = new RawLedgerStatements(database);
  const wave = operationsPerCommit;
  const runOne = (round: number, index: number) => {
    const call = Math.floor(index / (2 * wave)) * wave + (index % wave);
    if (index % (2 * wave) < wave) raw.hold(round, call);
    else raw.settle(round, call);
  };
  return {
    run: async ({ round, calls }) => {
      for (let start = 0; start < calls * 2; start += operationsPerCommit) {
        begin.run();
        const end = Math.min(calls * 2, start + operationsPerCommit);
        for (let index = start; index < end; index += 1) runOne(round, index);
        commit.run();
      }
    },
    close: async () => database.close(),
  };
}

export async function ratePerSecond(
  side: LedgerSide,
  work: { readonly round: number; readonly calls: number },
): Promise<number> {
  const startedAtMs = performance.now();
  await side.run(work);
  return (work.calls * 2 * 1_000) / (performance.now() - startedAtMs);
}

async function openFunded(options: SqliteOptions): Promise<Store> {
  const store = await openSqliteStore(options);
  const database = new DatabaseSync(options.path);
  // Ten thousand wallets, each opened durably, would take longer than the benchmark.
  database.exec(`INSERT INTO wallet(account_id, wallet_id, currency)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${WALLET_COUNT - 1})
    SELECT '${ACCOUNT}', 'wallet-' || i, 'USD' FROM n`);
  database.close();
  for (let first = 0; first < WALLET_COUNT; first += MAX_BATCH) {
    const credits = Array.from({ length: Math.min(MAX_BATCH, WALLET_COUNT - first) }, (_, index) =>
      creditOf(1_000_000_000, { operationId: `fund-${first + index}`, walletId: walletOf(first + index) }),
    );
    (await store.applyBatch(credits)).forEach(assertApplied);
  }
  return store;
}

function assertApplied(result: OperationResult): void {
  if (!result.applied || result.isRepeat) throw new Error(`Not applied: ${JSON.stringify(result)}`);
}
