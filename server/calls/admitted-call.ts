/** A call that an edge was told to let through. */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Admission } from '../edge/edge-contract.ts';
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';

/** The edge gives up ringing by itself; without news from it, the hold goes back a little later. */
export function admittedDueAtMs(room: CallRoom): number {
  const { ringSeconds, reapAfterSeconds } = room.policy.ofServer().calls;
  return room.clock.nowMs() + (ringSeconds + reapAfterSeconds) * MILLISECONDS_PER_SECOND;
}

export function allowedAdmission(
  room: CallRoom,
  call: { readonly row: CallRow; readonly routeToUser: string | null },
): Extract<Admission, { decision: 'allow' }> {
  const { row, routeToUser } = call;
  return {
    decision: 'allow',
    accountId: row.accountId,
    callId: row.callId,
    leaseSeconds: row.leaseSeconds,
    ringSeconds: room.policy.ofServer().calls.ringSeconds,
    callerNumber: row.direction === 'inbound' ? row.number : row.callerNumber,
    callerName: callerNameOf(row),
    routeToUser,
  };
}

/** Of an inbound call only the name of a colleague is known. */
function callerNameOf(row: CallRow): string | null {
  if (row.direction === 'outbound') return row.personName;
  return row.kind === 'internal' && row.destination !== row.number ? row.destination : null;
}
