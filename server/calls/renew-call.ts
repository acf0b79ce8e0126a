/**
 * Lengthens the lease of an answered call: the hold grows, the row says so, then the edge is told.
 *
 *   enough credit:   extend in full + row, one commit ---------------------------> edge
 *   less than that:  extend by what there is, one commit -> row, another commit --> edge
 *
 * Only after the ledger has answered it is known what less than that is, so the row cannot come along. A crash between the two leaves
 * money held and a lease too short, never the other way round; the next look at the call does the same steps again, under the same
 * operation id, and goes on from where it stopped.
 */
import type { Lease } from '../../src/protocol/call.ts';
import { maxMicros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Wallet } from '../accounts/wallet.ts';
import type { ExtendOperation, OperationRefusal } from '../ledger/operation.ts';
import type { ServerPolicy } from '../policy/policy.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { agreedRate } from './agreed-rate.ts';
import { isRunning, leaseOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, readCall, writeNextVersion } from './call-rows.ts';
import { dueAtOfAnswered, leaseCostMicros, nextLeaseSeconds, paidLeaseSeconds } from './lease.ts';
import { tellLease } from './tell-lease.ts';

/**
 * For hosts without an edge: makes sure that the lease with this index exists. A lease that has not come near its end is not renewed,
 * whatever index is asked for: a browser cannot make the server hold more than one lease ahead.
 */
export async function renewCallByWidget(
  room: CallRoom,
  request: { readonly identity: Identity; readonly callId: string; readonly renewalIndex: number },
): Promise<Outcome<Lease>> {
  const row = await readCall(room.store, { accountId: request.identity.accountId, callId: request.callId });
  if (row?.personId !== request.identity.personId) return refused(refusal('call_unknown'));
  if (!isRunning(row)) return refused(refusal('call_ended'));
  const mayGrow = row.isLeaseFinal || (row.dueAtMs !== null && row.dueAtMs <= room.clock.nowMs());
  const isWanted = row.renewalIndex < request.renewalIndex && row.status === 'answered' && mayGrow;
  const renewed = isWanted ? await renewCall(room, row) : row;
  if (renewed === null || !isRunning(renewed)) return refused(refusal('call_ended'));
  return granted(leaseOf(renewed));
}

/**
 * One renewal of the call as it was seen. Returns the row as it is afterwards; null when there is no such call. Whoever wrote in between
 * has renewed or ended it: then that was the renewal.
 */
export async function renewCall(room: CallRoom, seen: CallRow): Promise<CallRow | null> {
  const isTalking = seen.status === 'answered' && seen.endedAtMs === null;
  const renewed = isTalking ? await renewedInFull(room, seen) : null;
  if (renewed === null) return await readCall(room.store, seen);
  return await announce(room, { before: seen, renewed });
}

/** The row that was written; null when nobody renews this call now, or somebody else has. */
async function renewedInFull(room: CallRoom, seen: CallRow): Promise<CallRow | null> {
  const operation = extendOperation(room, seen);
  const row = renewedRow(seen, { heldMicros: operation.totalMicros, policy: room.policy.ofServer() });
  const result = await room.ledger.submit({
    ...operation,
    minimumMicros: operation.totalMicros,
    alongside: [{ table: 'call', mode: 'next_version', row }],
  });
  if (!result.applied) return await renewedInPart(room, { seen, operation, refusal: result.refusal });
  // Decided before: by another server, which then has written the row, or before a crash, which has kept it from doing so.
  return result.isRepeat ? await written(room, { seen, heldMicros: result.heldMicros }) : row;
}

async function renewedInPart(
  room: CallRoom,
  {
    seen,
    operation,
    refusal: { code },
  }: { readonly seen: CallRow; readonly operation: ExtendOperation; readonly refusal: OperationRefusal },
): Promise<CallRow | null> {
  // The policy changed between a crash and now, so the same step asks for another amount: what is held stays what is held.
  if (code === 'id_reused') return await written(room, { seen, heldMicros: seen.heldMicros });
  if (code !== 'insufficient') return null;
  const result = await room.ledger.submit(operation);
  return result.applied ? await written(room, { seen, heldMicros: result.heldMicros }) : null;
}

/** For a hold that has grown without the row. */
async function written(
  room: CallRoom,
  { seen, heldMicros }: { readonly seen: CallRow; readonly heldMicros: number },
): Promise<CallRow | null> {
  const row = renewedRow(seen, { heldMicros, policy: room.policy.ofServer() });
  return (await writeNextVersion(room.store, row)) ? row : null;
}

/** By as much as there is. What it wishes for follows from the row: whoever renews this call asks for the same. */
function extendOperation(room: CallRoom, row: CallRow): ExtendOperation {
  const costMicros = leaseCostMicros(agreedRate(row), {
    atMs: row.answeredAtMs ?? row.startedAtMs,
    seconds: nextLeaseSeconds(row, room.policy.ofServer().calls),
  });
  return {
    kind: 'extend',
    operationId: `extend:${row.callId}:${row.renewalIndex + 1}`,
    holdId: row.callId,
    accountId: row.accountId,
    walletId: row.walletId,
    atMs: room.clock.nowMs(),
    // A hold never shrinks, and the row must say what it has.
    totalMicros: maxMicros(costMicros, micros(row.heldMicros)),
    minimumMicros: ZERO_MICROS,
    alongside: [],
  };
}

/** Pure: the call with what its hold pays for now. */
function renewedRow(row: CallRow, grown: { readonly heldMicros: number; readonly policy: ServerPolicy }): CallRow {
  const wishedSeconds = nextLeaseSeconds(row, grown.policy.calls);
  const paidSeconds = paidLeaseSeconds(agreedRate(row), {
    atMs: row.answeredAtMs ?? row.startedAtMs,
    budgetMicros: micros(grown.heldMicros),
    wishedSeconds,
  });
  const leaseSeconds = Math.max(row.leaseSeconds, paidSeconds);
  const lease = { leaseSeconds, isLeaseFinal: leaseSeconds < wishedSeconds };
  return nextVersion(row, {
    ...lease,
    heldMicros: grown.heldMicros,
    renewalIndex: row.renewalIndex + 1,
    dueAtMs: dueAtOfAnswered({ ...row, ...lease }, grown.policy.calls),
  });
}

/** True when the credit there is now would lengthen a final lease. */
export function isRenewable(row: CallRow, now: { readonly wallet: Wallet; readonly policy: ServerPolicy }): boolean {
  const heldMicros = micros(row.heldMicros + Math.max(0, now.wallet.availableMicros));
  return renewedRow(row, { heldMicros, policy: now.policy }).leaseSeconds > row.leaseSeconds;
}

async function announce(
  room: CallRoom,
  { before, renewed }: { readonly before: CallRow; readonly renewed: CallRow },
): Promise<CallRow | null> {
  room.notices.callChanged(renewed);
  if (renewed.heldMicros !== before.heldMicros) room.notices.leaseGrew(renewed);
  return await tellLease(room, renewed);
}
