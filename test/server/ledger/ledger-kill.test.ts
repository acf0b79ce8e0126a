import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../../server/storage/store.ts';
import type { AcknowledgedLine } from '../../support/ledger-crash-child.ts';
import { ledgerFaults, lostOperations, operationsDoneAgain } from '../../support/ledger-invariants.ts';
import { ACCOUNT } from '../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

const ROUNDS = 20;
/** One round in five is killed while it opens the file, the others while 64 clients work. */
const OPENING_ROUNDS = 5;
const CHILD = resolve(import.meta.dirname, '../../support/ledger-crash-child.ts');

describe('kill -9 of a process under load', () => {
  let home: SqliteHome;
  beforeAll(async () => {
    home = await createSqliteHome();
  });
  afterAll(() => home.remove());

  test(`${ROUNDS} kills at random points: no acknowledged operation lost, none done twice, the books in order`, async () => {
    let acknowledgedCount = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = await killOneProcess(home, round);
      acknowledgedCount += lines.length;
      const store = await home.open();
      expect(await faultsAfter(store, { lines, path: home.path }), `round ${round}`).toEqual(NO_FAULTS);
      await store.close();
    }
    process.stdout.write(`${ROUNDS} kills, ${acknowledgedCount} acknowledged operations\n`);
    expect(acknowledgedCount).toBeGreaterThan(1_000);
  }, 120_000);
});

const NO_FAULTS = { lost: [], doneAgain: [], changed: [], ledger: [], isWalletChangedByRepeats: false };

async function faultsAfter(
  store: Store,
  { lines, path }: { readonly lines: readonly AcknowledgedLine[]; readonly path: string },
): Promise<typeof NO_FAULTS> {
  const operations = lines.map(({ operation }) => operation);
  const acknowledged = new Set(operations.map(({ operationId }) => operationId));
  const lost = await lostOperations(store, { accountId: ACCOUNT, acknowledged });
  const wallets = () => store.db.selectFrom('wallet').selectAll().execute();
  const before = await wallets();
  const doneAgain = await operationsDoneAgain(store, operations);
  const answers = await store.applyBatch(operations);
  const changed = lines.filter(
    ({ result }, index) => !isDeepStrictEqual({ ...result, isRepeat: true }, answers[index]),
  );
  const isWalletChangedByRepeats = !isDeepStrictEqual(await wallets(), before);
  const ledger = await ledgerFaults(store, { sqlitePath: path });
  // Empty when all is well; typed as such so that a failure shows what is in them.
  return { lost, doneAgain, changed, ledger, isWalletChangedByRepeats } as typeof NO_FAULTS;
}

/** Starts the child, kills it at a random point, and returns what it had acknowledged. */
async function killOneProcess(home: SqliteHome, round: number): Promise<AcknowledgedLine[]> {
  const acknowledgedPath = join(home.folder, `acknowledged-${round}`);
  await writeFile(acknowledgedPath, '');
  const child = spawn(process.execPath, [CHILD, home.path, acknowledgedPath, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const isOpeningRound = round % OPENING_ROUNDS === 0;
  // Or it ended by itself, which the expectation below tells.
  if (!isOpeningRound) await Promise.race([once(child.stdout, 'data'), exited]);
  await delay(Math.random() * (isOpeningRound ? 300 : 400));
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const text = await readFile(acknowledgedPath, 'utf8');
  // A line that was cut by the kill was never complete: its operation is not acknowledged.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AcknowledgedLine);
}
