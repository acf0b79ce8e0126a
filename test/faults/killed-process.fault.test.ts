/** The process of a server is killed with SIGKILL under load, or its disk loses its power: its callers ask the next one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { FaultDisk } from '../support/fault-disk.ts';
import { readHistory } from '../support/fault-load-child.ts';
import { FaultPostgres } from '../support/fault-postgres.ts';
import { faultRounds, faultRow, report } from '../support/fault-table.ts';
import { type FaultVerdict, NOTHING_WRONG, verdictOf } from '../support/fault-verdict.ts';
import { OperationHistory } from '../support/operation-history.ts';

const CHILD = join(import.meta.dirname, '../support/fault-load-child.ts');
/** A life under load, more or less. */
const LIFE_MS = { least: 100, most: 900 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-killed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Fault {
  readonly fault: string;
  readonly rounds: number;
  /** Of the store, for the child and for the look at it afterwards. */
  readonly place: string;
  /** What happens before the process is killed. */
  readonly before?: () => void;
  /** What happens once it is gone. */
  readonly after?: () => void;
}

/** One history over all rounds: each also checks all those before it. */
async function killAgainAndAgain({ fault, rounds, place, before, after }: Fault): Promise<void> {
  const history = new OperationHistory();
  const verdicts: FaultVerdict[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const historyFile = join(folder, `${fault}-${round}`.replaceAll(/\W/g, '-'));
    const heardBytes = await liveAndDie({ place, historyFile, round, ...(before ? { before } : {}) });
    after?.();
    readHistory(historyFile, { history, heardBytes });
    const isSqlite = !place.startsWith('postgres:');
    const store = await (isSqlite ? openSqliteStore({ path: place }) : openPostgresStore({ url: place }));
    const verdict = await verdictOf(store, { history, ...(isSqlite ? { sqlitePath: place } : {}) });
    await store.close();
    verdicts.push(verdict);
    expect(verdict, `round ${round}`).toEqual(NOTHING_WRONG);
  }
  const acknowledged = history.acknowledged.length;
  report(faultRow({ fault, rounds, acknowledged, verdicts, longestOutageMs: null }));
  expect(acknowledged).toBeGreaterThan(rounds * 50);
}

interface Life {
  readonly place: string;
  readonly historyFile: string;
  readonly round: number;
  readonly before?: () => void;
}

/**
 * How much of the history was written before anything happened. A disk whose power is being cut may report a sync as done that was
 * not (the kernel's journal is aborted while the data is on its way); in a real power cut there is nobody left to hear of it.
 */
async function liveAndDie({ place, historyFile, round, before }: Life): Promise<number> {
  writeFileSync(historyFile, '');
  // What a process says whose disk is gone is no news.
  const stderr = before ? 'ignore' : 'inherit';
  const child = spawn(process.execPath, [CHILD, place, historyFile, `r${round}`], {
    stdio: ['ignore', 'pipe', stderr],
  });
  const exited = once(child, 'exit');
  let heardBytes = Number.POSITIVE_INFINITY;
  try {
    const [said] = await Promise.race([once(child.stdout, 'data'), exited]);
    expect(String(said)).toBe('ready\n');
    await delay(LIFE_MS.least + Math.random() * (LIFE_MS.most - LIFE_MS.least));
    if (before) heardBytes = statSync(historyFile).size;
    before?.();
  } finally {
    child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  // Without its disk it may have ended by itself.
  if (!before) expect(signal).toBe('SIGKILL');
  return heardBytes;
}

describe('a server process that is killed under load', () => {
  test('kill -9 on PostgreSQL', async () => {
    const postgres = await FaultPostgres.start();
    try {
      await killAgainAndAgain({
        fault: 'kill -9 of a server process, PostgreSQL',
        rounds: faultRounds(2),
        place: postgres.server.url(),
      });
    } finally {
      await postgres.remove();
    }
  });

  test('kill -9 on SQLite', async () => {
    await killAgainAndAgain({
      fault: 'kill -9 of a server process, SQLite',
      rounds: faultRounds(2),
      place: join(folder, 'killed.sqlite'),
    });
  });
});

const noPowerCut = FaultDisk.missing({ canLosePower: true });

describe('a disk that loses its power under load', () => {
  test('SQLite has everything that it acknowledged', async (context) => {
    if (noPowerCut !== null) return context.skip(noPowerCut);
    const disk = FaultDisk.make({ sizeMiB: 192 });
    try {
      await killAgainAndAgain({
        fault: 'power cut, SQLite',
        rounds: faultRounds(2),
        place: join(disk.folder, 'data.sqlite'),
        before: () => disk.cutPower(),
        after: () => {
          disk.unplug();
          disk.plugIn();
        },
      });
    } finally {
      disk.remove();
    }
  });
});
