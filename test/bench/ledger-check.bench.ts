/**
 * What checking a ledger costs beyond reading it: `ledger check` against a bare cursor over the same columns of the same rows, in
 * alternating rounds of processes of their own, so that memory is that of one check.
 *
 *   node test/bench/ledger-check.bench.ts [ENTRIES]      1,000,000 entries unless given; ten million take 4 GB in the temporary folder
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { checkLedger } from '../../server/ledger/check-ledger.ts';
import { openSqliteCopyTarget } from '../../server/storage/copy/sqlite-copy-target.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { writeLedgerCrowd } from '../support/ledger-crowd.ts';
import { median, printMeasure } from './measure.ts';

const GOAL_RATIO = 0.5;
const GOAL_MEGABYTES = 200;
const ROUNDS = 3;
const ENTRIES = 1_000_000;

/** The columns that the check reads. */
const CURSORS = [
  'SELECT account_id, wallet_id, balance_micros, held_micros, version FROM wallet',
  'SELECT account_id, operation_id, wallet_balance_micros, wallet_held_micros, wallet_version FROM operation',
  'SELECT account_id, operation_id, line, wallet_id, ledger_account, amount_micros FROM entry',
  `SELECT entry.account_id, entry.wallet_id, entry.operation_id, entry.at_ms, entry.entry_kind, entry.reference,
     entry.amount_micros, entry.sequence, entry.balance_micros, entry.link, other.ledger_account
   FROM entry LEFT JOIN entry AS other ON other.account_id = entry.account_id AND other.operation_id = entry.operation_id
     AND other.line = 1
   WHERE entry.ledger_account = 'wallet' ORDER BY entry.account_id, entry.wallet_id, entry.sequence`,
  'SELECT account_id, hold_id, wallet_id, total_micros, captured_micros, limits FROM hold',
  'SELECT account_id, limit_key, used FROM limit_counter',
];

interface Outcome {
  readonly entries: number;
  readonly seconds: number;
  /** How much larger the process became than before its first row. */
  readonly megabytes: number;
}

// As server/operator/main.mjs does it.
setFlagsFromString('--semi-space-growth-factor=1');
const [argument = String(ENTRIES), role, path = ''] = process.argv.slice(2);
if (role === 'check') console.log(JSON.stringify(await timeCheck(path)));
else if (role === 'cursor') console.log(JSON.stringify(timeCursor(path)));
else await bench(Number(argument));

async function bench(entries: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
  try {
    const file = join(folder, 'ledger.db');
    await (await openSqliteStore({ path: file })).close();
    const target = openSqliteCopyTarget(file);
    await writeLedgerCrowd(target, { entries });
    await target.commit();
    await target.close();
    const outcomes: { readonly check: Outcome; readonly cursor: Outcome }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      outcomes.push({ check: await inProcess('check', file), cursor: await inProcess('cursor', file) });
    }
    report(outcomes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(outcomes: readonly { readonly check: Outcome; readonly cursor: Outcome }[]): void {
  const rate = ({ entries, seconds }: Outcome) => entries / seconds;
  const entries = (outcomes[0]?.check.entries ?? 0).toLocaleString('en-US');
  const ratio = median(outcomes.map(({ check, cursor }) => rate(check) / rate(cursor)));
  const megabytes = Math.max(...outcomes.map(({ check }) => check.megabytes));
  const name = `ledger check: SQLite, ${entries} entries with their operations and holds`;
  const value = median(outcomes.map(({ check }) => rate(check)));
  printMeasure({ name, value, unit: 'entries/s', ratio, goal: { atLeast: GOAL_RATIO } });
  printMeasure({
    name: 'ledger check: growth of the process',
    value: megabytes,
    unit: 'MB',
    goal: { atMost: GOAL_MEGABYTES },
  });
  if (ratio < GOAL_RATIO || megabytes > GOAL_MEGABYTES) process.exitCode = 1;
}

async function inProcess(side: 'check' | 'cursor', file: string): Promise<Outcome> {
  const child = spawn(process.execPath, [import.meta.filename, argument, side, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) printed += chunk;
  // Written by the two functions below.
  return JSON.parse(printed) as Outcome;
}

async function timeCheck(file: string): Promise<Outcome> {
  const store = await openSqliteStore({ path: file });
  const before = process.memoryUsage.rss();
  let most = before;
  const startedAt = performance.now();
  const { entries, differenceCount } = await checkLedger(store, {
    onProgress: () => {
      most = Math.max(most, process.memoryUsage.rss());
    },
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await store.close();
  if (differenceCount > 0) throw new Error(`${differenceCount} differences in a ledger that nobody touched`);
  return { entries, seconds, megabytes: (most - before) / 1e6 };
}

function timeCursor(file: string): Outcome {
  const database = new DatabaseSync(file, { readOnly: true });
  let entries = 0;
  const startedAt = performance.now();
  for (const sql of CURSORS) {
    for (const row of database.prepare(sql).iterate()) if ('line' in row) entries += 1;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  database.close();
  return { entries, seconds, megabytes: 0 };
}
