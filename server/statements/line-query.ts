/**
 * The statements that find lines. Every one walks along an index from where the page begins, whatever is asked for:
 *
 *   nothing else can keep a line out         as many lines as the page has
 *   more filters than the index has          at most `scannedLines`, then the page ends and says where to go on
 *   amount or duration of few lines          all of them (at most `sortedLines`), sorted
 */
import { type RawBuilder, sql } from 'kysely';
import type { StatementFlow, StatementSort } from '../../src/protocol/statement.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { searchable } from './statement-line.ts';
import type { LineRange, StatementView } from './statement-view.ts';

export interface LineLimits {
  /** Looked through for one page. */
  readonly scannedLines: number;
  /** Sorted for one page. */
  readonly sortedLines: number;
}

/** Some 10 ms each. */
export const LINE_LIMITS: LineLimits = { scannedLines: 2_000, sortedLines: 2_000 };

/** Columns that a line can be asked for by value, each with an index of its own. */
export type LineColumn = 'group_key' | 'person_id' | 'number_used' | 'destination' | 'reference';

export interface LineFilter {
  /** The first one is walked along; the others only keep lines out. */
  readonly values: readonly { readonly column: LineColumn; readonly value: string }[];
  readonly flow: StatementFlow | null;
  readonly text: string | null;
}

export interface LinePosition {
  /** What is sorted by; the sequence itself when that is time. */
  readonly key: number;
  readonly sequence: number;
}

export interface LineWalk {
  readonly view: StatementView;
  readonly range: LineRange;
  readonly filter: LineFilter;
  readonly sort: StatementSort;
  readonly isDescending: boolean;
  /** The last line of the page before. */
  readonly after: LinePosition | null;
  /** True: all that fits is sorted. False: the index has the order. */
  readonly isSorted: boolean;
  readonly limits: LineLimits;
}

const SORT_COLUMNS = { amount: 'amount_micros', duration: 'duration_seconds' } as const;

/** The next lines of a walk, at most `limit`. */
export async function linesOf(
  { db }: Pick<Store, 'db'>,
  walk: LineWalk,
  limit: number,
): Promise<readonly StatementLineRow[]> {
  return (await lineQuery<StatementLineRow>(walk, { limit, columns: sql`*` }).execute(db)).rows;
}

/** For whoever needs some columns of very many lines. */
export function lineQuery<Row>(
  walk: LineWalk,
  { limit, columns }: { readonly limit: number; readonly columns: RawBuilder<unknown> },
): RawBuilder<Row> {
  const rest = restOf(walk);
  const order = orderOf(walk);
  return isScan(walk)
    ? sql<Row>`SELECT ${columns} FROM (
        SELECT * FROM statement_line WHERE ${all(walkedOf(walk))} ORDER BY ${order} LIMIT ${walk.limits.scannedLines}
      ) AS scanned WHERE ${all(rest)} ORDER BY ${order} LIMIT ${limit}`
    : sql<Row>`SELECT ${columns} FROM statement_line
        WHERE ${all([...walkedOf(walk), ...rest])} ORDER BY ${order} LIMIT ${limit}`;
}

/** The last line that `linesOf` looked at when it looked at as many as it may; null when it came to the end. */
export async function lastScanned({ db }: Pick<Store, 'db'>, walk: LineWalk): Promise<LinePosition | null> {
  if (!isScan(walk)) return null;
  const { rows } = await sql<SortedColumns>`SELECT sequence, amount_micros, duration_seconds FROM statement_line
    WHERE ${all(walkedOf(walk))} ORDER BY ${orderOf(walk)} LIMIT 1 OFFSET ${walk.limits.scannedLines - 1}`.execute(db);
  const [line] = rows;
  return line ? positionOf(line, walk.sort) : null;
}

type SortedColumns = Pick<StatementLineRow, 'sequence' | 'amountMicros' | 'durationSeconds'>;

export function positionOf(line: SortedColumns, sort: StatementSort): LinePosition {
  const { sequence, amountMicros, durationSeconds } = line;
  return { sequence, key: { time: sequence, amount: amountMicros, duration: durationSeconds }[sort] };
}

function isScan(walk: LineWalk): boolean {
  return !walk.isSorted && restOf(walk).length > 0;
}

type Condition = RawBuilder<unknown>;

function all(conditions: readonly Condition[]): Condition {
  return sql.join(conditions, sql` AND `);
}

/** What the index that is walked along knows by itself. */
function walkedOf(walk: LineWalk): Condition[] {
  const { accountId, walletId } = walk.view.mark;
  const conditions = [sql`account_id = ${accountId}`, sql`wallet_id = ${walletId}`];
  if (isOfTime(walk)) {
    conditions.push(...walk.filter.values.slice(0, 1).map(hasValue), ...rangeOf(walk));
  }
  const { sort, after } = walk;
  if (after !== null && sort !== 'time') conditions.push(isFurther({ ...walk, sort }, after));
  return conditions;
}

/** What only a look at the line itself tells. */
function restOf(walk: LineWalk): Condition[] {
  const { range, filter } = walk;
  const conditions = isOfTime(walk)
    ? filter.values.slice(1).map(hasValue)
    : [...filter.values.map(hasValue), ...(isWhole(walk) ? [] : rangeOf(walk))];
  if (range.fromMs !== null) conditions.push(sql`at_ms >= ${range.fromMs}`);
  if (range.toMs !== null) conditions.push(sql`at_ms < ${range.toMs}`);
  if (filter.flow !== null) conditions.push(sql`flow = ${filter.flow}`);
  if (filter.text !== null) conditions.push(sql`search_text LIKE ${patternOf(filter.text)} ESCAPE '!'`);
  return conditions;
}

/** Walked along are the lines of the wallet, or those of one value, in the order of time. */
function isOfTime({ sort, isSorted }: LineWalk): boolean {
  return sort === 'time' || isSorted;
}

function isWhole({ view, range }: LineWalk): boolean {
  return range.firstSequence === 1 && range.lastSequence === view.mark.sequence;
}

function hasValue({ column, value }: LineFilter['values'][number]): Condition {
  return sql`${sql.raw(column)} = ${value}`;
}

/**
 * In the order of time the position of the page is a bound of the range, not a third condition: SQLite begins at one lower bound of an
 * index, the first it meets, and would read all earlier pages again for each page.
 */
function rangeOf({ range, sort, isDescending, after }: LineWalk): Condition[] {
  const turn = sort === 'time' ? after : null;
  const first = turn && !isDescending ? Math.max(range.firstSequence, turn.sequence + 1) : range.firstSequence;
  const last = turn && isDescending ? Math.min(range.lastSequence, turn.sequence - 1) : range.lastSequence;
  return [sql`sequence >= ${first}`, sql`sequence <= ${last}`];
}

function isFurther(
  { sort, isSorted, isDescending }: LineWalk & { readonly sort: 'amount' | 'duration' },
  { key, sequence }: LinePosition,
): Condition {
  const further = sql.raw(isDescending ? '<' : '>');
  return sql`(${sortKey({ sort, isSorted })}, sequence) ${further} (${key}, ${sequence})`;
}

function orderOf({ sort, isSorted, isDescending }: LineWalk): Condition {
  const direction = sql.raw(isDescending ? 'DESC' : 'ASC');
  if (sort === 'time') return sql`sequence ${direction}`;
  return sql`${sortKey({ sort, isSorted })} ${direction}, sequence ${direction}`;
}

/** An expression has no index: so what is to be sorted is not walked along instead. */
function sortKey({ sort, isSorted }: { readonly sort: 'amount' | 'duration'; readonly isSorted: boolean }): Condition {
  return sql.raw(isSorted ? `${SORT_COLUMNS[sort]} + 0` : SORT_COLUMNS[sort]);
}

/** A number is looked for as it is stored, however it is written: "+49 (171) 39" has no blanks there. */
function patternOf(text: string): string {
  const isNumber = /^[+\d\s()./-]+$/.test(text) && /\d/.test(text);
  const wanted = searchable(isNumber ? text.replace(/[^+\d]/g, '') : text.trim());
  return `%${wanted.replace(/[!%_]/g, '!$&')}%`;
}
