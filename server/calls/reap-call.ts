/** Calls that nobody reports any more: settled at the end of their lease, or released when they were never answered. */
import type { EndReason } from '../../src/protocol/call.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { EdgeCall } from '../edge/edge-contract.ts';
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, writeNextVersion } from './call-rows.ts';
import { isGone, waitForReport } from './gone-at-edge.ts';
import { dueAtOfAnswered, leaseEndMs } from './lease.ts';
import { reportAnswered } from './report-call.ts';
import { type CallEnd, settleCall } from './settle-call.ts';
import { commandLease } from './tell-lease.ts';

export async function reapCall(room: CallRoom, seen: CallRow): Promise<void> {
  if (!isGone(seen) && (await mayBeHeardOf(room, seen))) return;
  const nowMs = room.clock.nowMs();
  await settleCall(room, {
    address: seen,
    decide: (row) => (row.version === seen.version ? endOf(row, nowMs) : null),
  });
}

interface AtEdge {
  readonly row: CallRow & { readonly edgeId: string };
  /** As the edge has it; null where it does not, or does not answer. */
  readonly call: EdgeCall | null;
}

/** True when its edge has more to say about the call: then it is looked at again later. */
async function mayBeHeardOf(room: CallRoom, seen: CallRow): Promise<boolean> {
  // The lease that it has: it changes nothing, and the answer tells how the edge has the call.
  const told = await commandLease(room, seen);
  const { edgeId } = seen;
  if (edgeId === null || told === null) return false;
  const atEdge = { row: { ...seen, edgeId }, call: told.outcome === 'done' ? told.call : null };
  if (seen.answeredAtMs === null) return await mayHaveBeenAnswered(room, atEdge);
  if (await isAliveAtEdge(room, atEdge)) return true;
  if (!mayStillBeReported(seen)) return false;
  await lookLater(room, seen);
  return true;
}

/**
 * The time for ringing is over and no answer was reported. Where no server could be reached meanwhile, the call may have been answered all
 * the same, and its edge says so: a hold that went back now would make it free. Where the edge does not have it any more, or says nothing,
 * its report is waited for.
 */
async function mayHaveBeenAnswered(room: CallRoom, { row, call }: AtEdge): Promise<boolean> {
  if (call?.state === 'answered' && call.elapsedMs !== null)
    await reportAnswered(room, { ...row, happenedAgoMs: call.elapsedMs });
  else if (call?.state === 'ringing') await lookLater(room, row);
  else await waitForReport(room, row);
  return true;
}

/** It was due to be renewed and nobody did, because no server ran: the edge's report of its end may be on its way. */
function mayStillBeReported(row: CallRow): boolean {
  return row.dueAtMs !== null && row.dueAtMs < leaseEndMs(row);
}

async function lookLater(room: CallRoom, row: CallRow): Promise<void> {
  const waitMs = room.policy.ofServer().calls.reapAfterSeconds * MILLISECONDS_PER_SECOND;
  await writeNextVersion(room.store, nextVersion(row, { dueAtMs: room.clock.nowMs() + waitMs }));
}

/** What is charged when nobody tells: up to when the call was gone, else the whole lease, because the edge lets it run so long at most. */
function endOf(row: CallRow, nowMs: number): CallEnd {
  if (row.answeredAtMs === null) return { reason: reasonOfUnanswered(row), endedAtMs: nowMs, talk: null };
  if (row.endedAtMs !== null) {
    const talk = { answeredAtMs: row.answeredAtMs, durationMs: Math.max(0, row.endedAtMs - row.answeredAtMs) };
    return { reason: 'line_lost', endedAtMs: row.endedAtMs, talk };
  }
  return {
    reason: row.isLeaseFinal ? 'credit_exhausted' : 'lease_expired',
    endedAtMs: nowMs,
    talk: { answeredAtMs: row.answeredAtMs, durationMs: row.leaseSeconds * MILLISECONDS_PER_SECOND },
  };
}

/** Never admitted: the grant was not used. Admitted: it rang, and the edge has nothing more to say. */
function reasonOfUnanswered(row: CallRow): EndReason {
  return row.sipCallId === null ? 'cancelled' : 'no_answer';
}

/**
 * The server's clock may have jumped (a machine that slept, a wrong clock set right): then leases look over that are not. The edge has the
 * clock of the call, so it is asked; a call that lives inside its lease is given the time that it has.
 */
async function isAliveAtEdge(room: CallRoom, { row, call }: AtEdge): Promise<boolean> {
  const elapsedMs = call?.elapsedMs ?? null;
  if (elapsedMs === null || elapsedMs >= row.leaseSeconds * MILLISECONDS_PER_SECOND) return false;
  const answeredAtMs = room.clock.nowMs() - elapsedMs;
  room.log('a call lives longer than the clock says', { callId: row.callId, elapsedMs });
  const corrected = { ...row, answeredAtMs, startedAtMs: Math.min(row.startedAtMs, answeredAtMs) };
  await writeNextVersion(
    room.store,
    nextVersion(corrected, { dueAtMs: dueAtOfAnswered(corrected, room.policy.ofServer().calls) }),
  );
  return true;
}
