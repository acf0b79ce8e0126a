/**
 * A process to be killed: a load on one store. Usage: node fault-load-child.ts STORE HISTORY_FILE PREFIX, where STORE is the path of a
 * SQLite file or a postgres: address.
 *
 * The history says what is asked before it is, and what was answered after it was, each by a synchronous write: once written it
 * survives the process, on whatever disk the store is.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Operation, OperationResult } from '../../server/ledger/operation.ts';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { FaultLoad, openWallets } from './fault-load.ts';
import type { OperationHistory } from './operation-history.ts';

interface HistoryLine {
  readonly operation: Operation;
  /** null: only asked. */
  readonly result: OperationResult | null;
}

/**
 * Adds what a child has written to what is known already. Answers that stand after `heardBytes` came when nobody could hear them any
 * more; those operations count as asked.
 */
export function readHistory(
  file: string,
  {
    history,
    heardBytes = Number.POSITIVE_INFINITY,
  }: { readonly history: OperationHistory; readonly heardBytes?: number },
): void {
  let bytes = 0;
  // A line that was cut by the kill was never complete: its operation was not sent, or not acknowledged.
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    bytes += Buffer.byteLength(line) + 1;
    // Written by the child below.
    const { operation, result } = JSON.parse(line) as HistoryLine;
    if (result === null) history.asked(operation);
    else if (bytes <= heardBytes) history.answered(operation, result);
  }
}

async function main([place = '', historyFile = '', prefix = '']: readonly string[]): Promise<void> {
  const store = await (place.startsWith('postgres:')
    ? openPostgresStore({ url: place })
    : openSqliteStore({ path: place }));
  await openWallets(store);
  const ledger = createLedger(store);
  const file = openSync(historyFile, 'a');
  const write = (line: HistoryLine) => writeSync(file, `${JSON.stringify(line)}\n`);
  const load = new FaultLoad({
    prefix,
    submit: (operation) => ledger.submit(operation),
    history: {
      asked: (operation) => write({ operation, result: null }),
      answered: (operation, result) => write({ operation, result }),
    },
  });
  process.stdout.write('ready\n');
  await load.untilAnswered(Number.POSITIVE_INFINITY);
}

if (import.meta.main) await main(process.argv.slice(2));
