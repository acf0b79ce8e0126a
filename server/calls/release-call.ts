/** The widget gives up a call that was not answered: the hold goes back. */
import type { CallRecord } from '../../src/protocol/call.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { callRecordOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';
import { isGone, waitForReport } from './gone-at-edge.ts';
import { settleCall } from './settle-call.ts';

/**
 * At once where no edge has admitted the call. One that an edge has admitted ends there, and its report gives the hold back: a call that
 * still rings, or was answered and ended with the report still on its way, would be free otherwise. So an answered call is left as it is.
 */
export async function releaseCall(
  room: CallRoom,
  request: { readonly identity: Identity; readonly callId: string },
): Promise<Outcome<CallRecord>> {
  const { identity, callId } = request;
  const row = await readCall(room.store, { accountId: identity.accountId, callId });
  if (row?.personId !== identity.personId) return refused(refusal('call_unknown'));
  const released = row.sipCallId === null ? await giveBack(room, row) : await endAtEdge(room, row);
  return granted(callRecordOf(released ?? row, { nowMs: room.clock.nowMs() }));
}

async function endAtEdge(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const isUnanswered = row.status === 'authorized' || row.status === 'ringing';
  if (!isUnanswered || row.edgeId === null || isGone(row)) return row;
  const told = await room.edgeCommands.end(
    { accountId: row.accountId, callId: row.callId, edgeId: row.edgeId },
    { reason: 'cancelled', text: 'Cancelled by the caller' },
  );
  return told.outcome === 'gone' ? await waitForReport(room, row) : await readCall(room.store, row);
}

/** An INVITE that was admitted in between (sipCallId) is looked at again by whoever asks next. */
async function giveBack(room: CallRoom, seen: CallRow): Promise<CallRow | null> {
  return await settleCall(room, {
    address: seen,
    decide: (row) =>
      row.answeredAtMs !== null || row.sipCallId !== seen.sipCallId
        ? null
        : { reason: 'cancelled', endedAtMs: room.clock.nowMs(), talk: null },
  });
}
