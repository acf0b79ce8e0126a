/** Pages of lines: filtered, sorted, one after the other (L-21, D-25). */

import * as z from 'zod/mini';
import { micros } from '../../src/protocol/money.ts';
import {
  MAX_STATEMENT_PAGE_SIZE,
  STATEMENT_PAGE_SIZE,
  type StatementFilter,
  type StatementLine,
  type StatementLinePage,
  type StatementQuery,
  statementPartSchema,
} from '../../src/protocol/statement.ts';
import type { StatementLineRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { groupTitle } from './group-title.ts';
import { countLines } from './line-count.ts';
import { lineCursor, readLineCursor } from './line-cursor.ts';
import {
  LINE_LIMITS,
  type LineFilter,
  type LineLimits,
  type LineWalk,
  lastScanned,
  linesOf,
  positionOf,
} from './line-query.ts';
import { type OfficeNames, readOfficeNames } from './office-names.ts';
import { storedText } from './statement-line.ts';
import { dayRange, lineRange, type StatementView } from './statement-view.ts';
import { storedFlow } from './stored-flow.ts';

export async function readLinePage(
  store: Pick<Store, 'db'>,
  { view, query, limits }: LineQuestion,
): Promise<StatementLinePage> {
  const { currency, timeZone } = view.office.account;
  const walk = await walkOf(store, { view, query, ...(limits && { limits }) });
  if (walk === null) return { currency, timeZone, lines: [], nextCursor: null, lineCount: 0 };
  const size = pageSize(query);
  const rows = await linesOf(store, walk, size + 1);
  const last = rows[size - 1];
  const next = rows.length > size && last ? positionOf(last, walk.sort) : await lastScanned(store, walk);
  const names = await readOfficeNames(store, view);
  return {
    currency,
    timeZone,
    lines: rows.slice(0, size).map((row) => shownLine(row, names)),
    nextCursor: next && lineCursor(next),
    lineCount: walk.lineCount,
  };
}

export interface LineQuestion {
  readonly view: StatementView;
  readonly query: StatementQuery;
  /** LINE_LIMITS when left out. */
  readonly limits?: LineLimits;
}

interface CountedWalk extends LineWalk {
  readonly lineCount: number | null;
}

/** How to come to the lines of a query; null when its period has none. */
export async function walkOf(
  store: Pick<Store, 'db'>,
  { view, query, limits = LINE_LIMITS }: LineQuestion,
): Promise<CountedWalk | null> {
  const days = dayRange(query);
  const range = await lineRange(store, { view, days });
  if (range === null) return null;
  const counted = await countLines(store, { view, days, range, filter: lineFilter(query) });
  const sort = query.sort ?? 'time';
  return {
    view,
    range,
    filter: counted.filter,
    lineCount: counted.lineCount,
    sort,
    isDescending: isDescending(query),
    after: query.cursor === undefined ? null : readLineCursor(query.cursor),
    isSorted: sort !== 'time' && counted.walkedCount <= limits.sortedLines,
    limits,
  };
}

/** Newest and longest first; what cost most has the smallest amount. */
function isDescending({ sort, direction }: StatementQuery): boolean {
  const isReversed = direction !== 'asc';
  return sort === 'amount' ? !isReversed : isReversed;
}

function lineFilter(query: StatementFilter): LineFilter {
  const values = [
    { column: 'number_used', value: query.numberUsed },
    { column: 'person_id', value: query.personId },
    { column: 'destination', value: query.destination },
    { column: 'group_key', value: query.group },
  ] as const;
  return {
    values: values.flatMap(({ column, value }) => (value === undefined ? [] : [{ column, value: storedText(value) }])),
    flow: query.flow ?? null,
    text: query.text?.trim() ? query.text : null,
  };
}

function pageSize({ pageSize: wanted }: StatementQuery): number {
  if (wanted === undefined) return STATEMENT_PAGE_SIZE;
  return Math.min(Math.max(1, Number(wanted)), MAX_STATEMENT_PAGE_SIZE);
}

const partsSchema = z.array(statementPartSchema);

export function shownLine(row: StatementLineRow, names: OfficeNames): StatementLine {
  const { groupKey, sequence, atMs, entryKind, officeId, reference } = row;
  const officeName = names.get(officeId) ?? officeId;
  return {
    groupKey,
    title: groupTitle(groupKey),
    flow: storedFlow(row.flow),
    sequence,
    atMs,
    entryKind,
    personId: row.personId || null,
    // What nobody in particular did was done for the office (L-21: no item without a name).
    personName: row.personName || officeName,
    officeId,
    officeName,
    numberUsed: row.numberUsed || null,
    otherNumber: row.otherNumber || null,
    destination: row.destination || null,
    durationSeconds: row.durationSeconds || null,
    amountMicros: micros(row.amountMicros),
    balanceMicros: micros(row.balanceMicros),
    reference,
    parts: row.parts === '' ? [] : partsSchema.parse(JSON.parse(row.parts)),
  };
}
