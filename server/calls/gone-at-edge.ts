/**
 * Calls that their edge does not know. It knows when they ended and is telling, or still trying to: its report decides. A hold that went
 * back before would have made the call free.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { CallRow } from '../storage/rows.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, readCall, writeNextVersion } from './call-rows.ts';

/** The edge said that it does not know the call (any more), and nobody has reported its end since. */
export function isGone(row: CallRow): boolean {
  return isRunning(row) && row.endedAtMs !== null;
}

/** `endedAtMs` keeps when the server heard of it, for the case that no report comes (reap-call.ts). */
export async function waitForReport(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const nowMs = room.clock.nowMs();
  const waiting = nextVersion(row, {
    endedAtMs: nowMs,
    dueAtMs: nowMs + room.policy.ofServer().calls.reapAfterSeconds * MILLISECONDS_PER_SECOND,
  });
  return (await writeNextVersion(room.store, waiting)) ? waiting : await readCall(room.store, row);
}
