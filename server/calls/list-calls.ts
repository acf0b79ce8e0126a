/** Calls as a person may see them: an agent its own, billing those of the office, company those of every office (DESIGN.md section 9). */
import type { CallLine, CallRecord } from '../../src/protocol/call.ts';
import { addMicros } from '../../src/protocol/money.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { callRecordOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';

export const CALL_PAGE_SIZE = 50;

export async function showCall(
  room: CallRoom,
  { identity, callId }: { readonly identity: Identity; readonly callId: string },
): Promise<Outcome<CallRecord>> {
  const row = await readCall(room.store, { accountId: identity.accountId, callId });
  if (!row || !maySee(identity, row)) return refused(refusal('call_unknown'));
  const record = callRecordOf(row, { nowMs: room.clock.nowMs() });
  return granted({ ...record, ...linesOf(record, await room.extras.linesOf(row)) });
}

/** F-07: the talk and each extra, apart, and what they add up to. */
function linesOf(record: CallRecord, extras: readonly CallLine[]): Pick<CallRecord, 'lines' | 'totalMicros'> {
  if (extras.length === 0) return {};
  const { billedSeconds: units, costMicros } = record;
  const lines = [{ kind: 'call', unit: 'second', units, costMicros }, ...extras];
  return { lines, totalMicros: addMicros(...lines.map((line) => line.costMicros)) };
}

function maySee(identity: Identity, row: CallRow): boolean {
  switch (identity.role) {
    case 'agent':
      return row.personId === identity.personId;
    case 'billing':
      return row.officeId === identity.officeId;
    case 'company':
      return true;
  }
}

export async function listCalls(
  room: CallRoom,
  { identity, cursor }: { readonly identity: Identity; readonly cursor: string | null },
): Promise<Outcome<{ calls: CallRecord[]; nextCursor: string | null }>> {
  const rows = await callsBefore(room, { identity, before: cursor === null ? null : readCursor(cursor) });
  const page = rows.slice(0, CALL_PAGE_SIZE);
  const last = page.at(-1);
  const nowMs = room.clock.nowMs();
  return granted({
    calls: page.map((row) => callRecordOf(row, { nowMs })),
    nextCursor: rows.length > CALL_PAGE_SIZE && last ? cursorOf(last) : null,
  });
}

/**
 * Newest first; the call id settles the order of calls that began in the same millisecond. Those that are over come from indexes which a
 * call enters when it ends, so that no authorization pays for them; those that run are few, and are looked through.
 */
async function callsBefore(room: CallRoom, page: Page): Promise<readonly CallRow[]> {
  // In this order a call that ends between the two looks is found twice and never missed; the second is the newer.
  const running = await callsOf(room, page).where('dueAtMs', 'is not', null).execute();
  const over = await callsOf(room, page).where('dueAtMs', 'is', null).execute();
  const found = new Map([...running, ...over].map((row) => [row.callId, row]));
  return [...found.values()].sort(newestFirst).slice(0, CALL_PAGE_SIZE + 1);
}

interface Page {
  readonly identity: Identity;
  readonly before: Position | null;
}

function callsOf(room: CallRoom, { identity, before }: Page) {
  let query = room.store.db.selectFrom('call').selectAll().where('accountId', '=', identity.accountId);
  if (identity.role !== 'company') query = query.where('officeId', '=', identity.officeId);
  if (identity.role === 'agent') query = query.where('personId', '=', identity.personId);
  if (before) {
    query = query.where((is) =>
      is.or([
        is('startedAtMs', '<', before.startedAtMs),
        is.and([is('startedAtMs', '=', before.startedAtMs), is('callId', '<', before.callId)]),
      ]),
    );
  }
  return query
    .orderBy('startedAtMs', 'desc')
    .orderBy('callId', 'desc')
    .limit(CALL_PAGE_SIZE + 1);
}

function newestFirst(one: CallRow, other: CallRow): number {
  return other.startedAtMs - one.startedAtMs || (one.callId < other.callId ? 1 : -1);
}

interface Position {
  readonly startedAtMs: number;
  readonly callId: string;
}

/** A call id has 64 characters at most and a cursor too, so the cursor names the time and as much of the id as fits. */
function cursorOf(row: CallRow): string {
  return `${row.startedAtMs.toString(36)}.${row.callId}`.slice(0, MAX_CURSOR_LENGTH);
}
const MAX_CURSOR_LENGTH = 64;

/** A cursor that is none of ours begins at the newest call. */
function readCursor(cursor: string): Position | null {
  const [, time, callId] = /^([0-9a-z]{1,11})\.([A-Za-z0-9-]+)$/.exec(cursor) ?? [];
  return time === undefined || callId === undefined ? null : { startedAtMs: Number.parseInt(time, 36), callId };
}
