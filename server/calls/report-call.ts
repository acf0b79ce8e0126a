/**
 * What the edge tells about a call: ringing, answered, ended. Reports may come twice, late, or in another order than things
 * happened; each is decided from the newest row, and what was settled stays settled.
 */
import type { EndedReport, ReportAnswer } from '../edge/edge-contract.ts';
import type { CallRow } from '../storage/rows.ts';
import { agreedRate } from './agreed-rate.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { type CallAddress, nextVersion, readCallAtEdge, untilWritten, writeNextVersion } from './call-rows.ts';
import { dueAtOfAnswered, leaseFromAnswer } from './lease.ts';
import { renewCall } from './renew-call.ts';
import { type CallEnd, settleCall } from './settle-call.ts';

export interface Report extends CallAddress {
  readonly edgeId: string;
  /** By the edge's own clock, so that the two clocks need not agree. */
  readonly happenedAgoMs: number;
}

/** Also for a call that this edge never had: it must not go on there. */
const OVER: ReportAnswer = { leaseSeconds: null, isOver: true };

export async function reportRinging(room: CallRoom, report: Report): Promise<ReportAnswer> {
  return await changed(room, report, (row) =>
    row.status === 'authorized' ? nextVersion(row, { status: 'ringing', endedAtMs: null }) : null,
  );
}

/** The lease runs from here. */
export async function reportAnswered(room: CallRoom, report: Report): Promise<ReportAnswer> {
  const answer = await changed(room, report, (row) => {
    if (row.answeredAtMs !== null) return null;
    const nowMs = room.clock.nowMs();
    const answeredAtMs = within(nowMs - report.happenedAgoMs, { from: row.startedAtMs, to: nowMs });
    return answeredRow(room, { row, answeredAtMs });
  });
  return answer.leaseSeconds === 0 ? await withFirstBlock(room, report) : answer;
}

/** Answered at a dearer time than it was authorized for: the hold does not cover the first block any more, the wallet may. */
async function withFirstBlock(room: CallRoom, report: Report): Promise<ReportAnswer> {
  const row = await readCallAtEdge(room.store, report);
  const renewed = row && (await renewCall(room, row));
  return renewed && isRunning(renewed) ? answerOf(renewed) : OVER;
}

function answeredRow(
  room: CallRoom,
  { row, answeredAtMs }: { readonly row: CallRow; readonly answeredAtMs: number },
): CallRow {
  const leaseSeconds = leaseFromAnswer(row, { tariff: agreedRate(row), answeredAtMs });
  const answered = { ...row, answeredAtMs, leaseSeconds };
  return nextVersion(row, {
    status: 'answered',
    answeredAtMs,
    // The server may have taken it for gone (gone-at-edge.ts).
    endedAtMs: null,
    leaseSeconds,
    dueAtMs: dueAtOfAnswered(answered, room.policy.ofServer().calls),
  });
}

async function changed(
  room: CallRoom,
  report: Report,
  change: (row: CallRow) => CallRow | null,
): Promise<ReportAnswer> {
  return await untilWritten(async () => {
    const row = await readCallAtEdge(room.store, report);
    if (!row || !isRunning(row)) return OVER;
    const next = change(row);
    if (next === null) return answerOf(row);
    if (!(await writeNextVersion(room.store, next))) return 'conflict';
    room.notices.callChanged(next);
    return answerOf(next);
  });
}

/** The duration that is charged is the edge's own (DESIGN.md section 6). */
export async function reportEnded(room: CallRoom, report: Report & EndedReport): Promise<ReportAnswer> {
  const row = await readCallAtEdge(room.store, report);
  if (!row) return OVER;
  if (!isRunning(row) && isNews(row, report)) {
    room.log('an end was reported after the call was settled', { ...report });
  }
  const ended = isRunning(row) ? await settleByReport(room, { row, report }) : row;
  // Answered only afterwards: an edge repeats a report until then, so no crash loses an extra.
  if (ended?.status === 'settled' && report.extras) await room.extras.charge(ended, report.extras);
  return OVER;
}

async function settleByReport(
  room: CallRoom,
  { row, report }: { readonly row: CallRow; readonly report: Report & EndedReport },
): Promise<CallRow | null> {
  return await settleCall(room, {
    address: row,
    decide: (newest) => endOf(newest, { report, nowMs: room.clock.nowMs() }),
  });
}

function isNews(row: CallRow, report: EndedReport): boolean {
  return row.endReason !== report.reason;
}

function endOf(
  row: CallRow,
  { report, nowMs }: { readonly report: Report & EndedReport; readonly nowMs: number },
): CallEnd {
  const endedAtMs = within(nowMs - report.happenedAgoMs, { from: row.answeredAtMs ?? row.startedAtMs, to: nowMs });
  const reason = report.reason === 'lease_expired' && row.isLeaseFinal ? 'credit_exhausted' : report.reason;
  return { reason, endedAtMs, talk: talkOf(row, { report, endedAtMs }) };
}

/** "ended" may overtake "answered": then the answer was so long before the end as the call lasted. */
function talkOf(
  row: CallRow,
  { report, endedAtMs }: { readonly report: EndedReport; readonly endedAtMs: number },
): CallEnd['talk'] {
  const { durationMs } = report;
  if (durationMs !== null) {
    return { answeredAtMs: row.answeredAtMs ?? Math.max(row.startedAtMs, endedAtMs - durationMs), durationMs };
  }
  // The edge has forgotten the answer that it reported: the server's own clock tells.
  return row.answeredAtMs === null
    ? null
    : { answeredAtMs: row.answeredAtMs, durationMs: Math.max(0, endedAtMs - row.answeredAtMs) };
}

function answerOf(row: CallRow): ReportAnswer {
  return { leaseSeconds: row.leaseSeconds, isOver: false };
}

function within(atMs: number, bounds: { readonly from: number; readonly to: number }): number {
  return Math.max(bounds.from, Math.min(bounds.to, atMs));
}
