/** The widget gives up a call that was not answered: the hold goes back at once. */
import type { CallRecord } from '../../src/protocol/call.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { callRecordOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';
import { settleCall } from './settle-call.ts';

/**
 * An answered call is left as it is: its end is the edge's to tell. So is a call that an edge has admitted, as long as the edge
 * knows it: a hold that was given back while the call still rings would be a free call once it is answered.
 */
export async function releaseCall(
  room: CallRoom,
  request: { readonly identity: Identity; readonly callId: string },
): Promise<Outcome<CallRecord>> {
  const { identity, callId } = request;
  const row = await readCall(room.store, { accountId: identity.accountId, callId });
  if (row?.personId !== identity.personId) return refused(refusal('call_unknown'));
  const isGone = row.sipCallId === null || (await isGoneAtEdge(room, row));
  const released = isGone ? await giveBack(room, row) : await readCall(room.store, row);
  return granted(callRecordOf(released ?? row, { nowMs: room.clock.nowMs() }));
}

async function isGoneAtEdge(room: CallRoom, row: CallRow): Promise<boolean> {
  const isUnanswered = row.status === 'authorized' || row.status === 'ringing';
  if (!isUnanswered || row.edgeId === null) return false;
  const told = await room.edgeCommands.end(
    { accountId: row.accountId, callId: row.callId, edgeId: row.edgeId },
    { reason: 'cancelled', text: 'Cancelled by the caller' },
  );
  return told.outcome === 'gone';
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
