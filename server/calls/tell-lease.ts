/**
 * Tells the edge how long a call may go on. Its answer is also the news that the call lives: where the edge does not know it, the report
 * of its end is waited for; where nobody answers, the lease grows no more until somebody does.
 *
 *   renewed ──► told: due before the lease ends
 *          └──► nobody answers: told again every two seconds ──► told, or the lease is over: reaped
 *          └──► not known there: the report of the end is waited for (gone-at-edge.ts)
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { EdgeCommandOutcome } from '../edge/edge-contract.ts';
import type { ServerPolicy } from '../policy/policy.ts';
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, readCall, writeNextVersion } from './call-rows.ts';
import { waitForReport } from './gone-at-edge.ts';
import { dueAtOfAnswered, leaseEndMs } from './lease.ts';

/** An edge that was away for a moment must not cost a call that is paid for: it is told again until the lease is over. */
const TELL_AGAIN_MS = 2_000;

/** The lease that the row has. Only where the edge does not say that it has the call is the row another one afterwards. */
export async function tellLease(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const told = await commandLease(room, row);
  return told === null ? row : await afterCommand(room, { row, told });
}

/** For a row that says that the edge was not heard of: when it answers, the row says so. */
export async function tellLeaseAgain(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const told = await commandLease(room, row);
  if (told === null) return row;
  if (told.outcome !== 'done') return await afterCommand(room, { row, told });
  const heard = nextVersion(row, { dueAtMs: dueAtOfAnswered(row, room.policy.ofServer().calls) });
  return (await writeNextVersion(room.store, heard)) ? heard : await readCall(room.store, row);
}

/**
 * True while the edge has not yet heard of the lease in the row: it did not answer, so the call is due earlier or later than its
 * lease alone would have it.
 */
export function isUntold(row: CallRow, policy: ServerPolicy['calls']): boolean {
  return row.status === 'answered' && row.edgeId !== null && row.dueAtMs !== dueAtOfAnswered(row, policy);
}

/** Writes nothing. Null for a call without an edge: there is nobody to tell. */
export async function commandLease(room: CallRoom, row: CallRow): Promise<EdgeCommandOutcome | null> {
  const { accountId, callId, edgeId, leaseSeconds, isLeaseFinal } = row;
  if (edgeId === null) return null;
  return await room.edgeCommands.setLease({ accountId, callId, edgeId }, { leaseSeconds, isFinal: isLeaseFinal });
}

async function afterCommand(
  room: CallRoom,
  { row, told }: { readonly row: CallRow; readonly told: EdgeCommandOutcome },
): Promise<CallRow | null> {
  const { callId, edgeId } = row;
  switch (told.outcome) {
    case 'done':
      return row;
    case 'gone':
      room.log('the edge does not know a call any more', { callId, edgeId });
      return await waitForReport(room, row);
    case 'unreachable':
      room.log('an edge does not answer', { callId, edgeId, cause: told.cause });
      return await leaveToItsLease(room, row);
  }
}

async function leaveToItsLease(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const policy = room.policy.ofServer().calls;
  const againAtMs = room.clock.nowMs() + TELL_AGAIN_MS;
  const reapAtMs = leaseEndMs(row) + policy.reapAfterSeconds * MILLISECONDS_PER_SECOND;
  // Never the very moment at which a lease that was told is due: that is how the two are told apart.
  const isAmbiguous = againAtMs === dueAtOfAnswered(row, policy);
  const dueAtMs = againAtMs < leaseEndMs(row) ? againAtMs + (isAmbiguous ? 1 : 0) : reapAtMs;
  const left = nextVersion(row, { dueAtMs });
  return (await writeNextVersion(room.store, left)) ? left : await readCall(room.store, row);
}
