/** The disk of the SQLite file is full: callers are told, nothing is lost, and it goes on by itself when there is room again. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLedger } from '../../server/ledger/ledger.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { FaultDisk } from '../support/fault-disk.ts';
import { FaultLoad, openWallets } from '../support/fault-load.ts';
import { faultRounds, faultRow, report } from '../support/fault-table.ts';
import { NOTHING_WRONG, verdictOf } from '../support/fault-verdict.ts';
import { OperationHistory } from '../support/operation-history.ts';

const MISSING = FaultDisk.missing({ canLosePower: false });
const DISK_MIB = 96;
/** Left for the database when the disk is being filled: some commits go on until it is full in the middle of one. */
const ROOM_BYTES = 300_000;
const BETWEEN_FAULTS = 500;
const FULL_MS = 500;

describe('a disk that is full', () => {
  test('SQLite says so, loses nothing, and goes on when there is room again', async (context) => {
    if (MISSING !== null) return context.skip(MISSING);
    const disk = FaultDisk.make({ sizeMiB: DISK_MIB });
    try {
      await fillAgainAndAgain(disk);
    } finally {
      disk.remove();
    }
  });
});

async function fillAgainAndAgain(disk: FaultDisk): Promise<void> {
  const path = join(disk.folder, 'data.sqlite');
  const ballast = join(disk.folder, 'ballast');
  const rounds = faultRounds(2);
  const history = new OperationHistory();
  const store = await openSqliteStore({ path });
  await openWallets(store);
  const ledger = createLedger(store);
  const load = new FaultLoad({ submit: (operation) => ledger.submit(operation), history, prefix: 'full' });
  for (let round = 0; round < rounds; round += 1) {
    await load.untilAnswered(BETWEEN_FAULTS);
    const { bavail, bsize } = statfsSync(disk.folder);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - ROOM_BYTES), 'x'));
    const before = load.unavailableCount;
    await expect.poll(() => load.unavailableCount).toBeGreaterThan(before);
    await delay(FULL_MS);
    rmSync(ballast);
  }
  await load.untilAnswered(BETWEEN_FAULTS);
  await load.stop();
  const verdict = await verdictOf(store, { history, sqlitePath: path });
  await ledger.close();
  await store.close();
  const acknowledged = history.acknowledged.length;
  const longestOutageMs = load.longestWaitMs;
  report(faultRow({ fault: 'full disk, SQLite', rounds, acknowledged, verdicts: [verdict], longestOutageMs }));
  expect([...load.reasons]).toEqual(['The data file is unavailable: the disk is full']);
  expect(verdict).toEqual(NOTHING_WRONG);
}
