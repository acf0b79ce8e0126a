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
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { maxMicros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Wallet } from '../accounts/wallet.ts';
import type { EdgeCommandOutcome } from '../edge/edge-contract.ts';
import type { ExtendOperation, OperationRefusal } from '../ledger/operation.ts';
import type { ServerPolicy } from '../policy/policy.ts';
import type { Identity } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { agreedRate } from './agreed-rate.ts';
import { isRunning, leaseOf } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { nextVersion, readCall, writeNextVersion } from './call-rows.ts';
import { waitForReport } from './gone-at-edge.ts';
import { dueAtOfAnswered, leaseCostMicros, leaseEndMs, nextLeaseSeconds, paidLeaseSeconds } from './lease.ts';

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
  if (renewed.edgeId === null) return renewed;
  const { accountId, callId, edgeId, leaseSeconds } = renewed;
  const target = { accountId, callId, edgeId };
  const told = await room.edgeCommands.setLease(target, { leaseSeconds, isFinal: renewed.isLeaseFinal });
  return await afterCommand(room, { renewed, told });
}

/**
 * True while the edge has not yet heard of the lease in the row: it did not answer, so the call is due earlier or later than its
 * lease alone would have it.
 */
export function isUntold(row: CallRow, policy: ServerPolicy['calls']): boolean {
  return row.status === 'answered' && row.edgeId !== null && row.dueAtMs !== dueAtOfAnswered(row, policy);
}

/** Tells the lease once more; grows nothing. */
export async function tellLeaseAgain(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  if (row.edgeId === null) return row;
  const { accountId, callId, edgeId, leaseSeconds } = row;
  const target = { accountId, callId, edgeId };
  const told = await room.edgeCommands.setLease(target, { leaseSeconds, isFinal: row.isLeaseFinal });
  if (told.outcome !== 'done') return await afterCommand(room, { renewed: row, told });
  const heard = nextVersion(row, { dueAtMs: dueAtOfAnswered(row, room.policy.ofServer().calls) });
  return (await writeNextVersion(room.store, heard)) ? heard : await readCall(room.store, row);
}

/** Tells the edge the lease that the row has, and changes the row only where the edge does not have the call, or does not answer. */
export async function remindEdge(room: CallRoom, row: CallRow): Promise<void> {
  if (row.edgeId === null) return;
  const { accountId, callId, edgeId, leaseSeconds } = row;
  const lease = { leaseSeconds, isFinal: row.isLeaseFinal };
  const told = await room.edgeCommands.setLease({ accountId, callId, edgeId }, lease);
  if (told.outcome !== 'done') await afterCommand(room, { renewed: row, told });
}

/**
 * The edge tells that the call lives. Where it does not, its report of the end is waited for; where nobody answers, the lease grows no
 * more until somebody does.
 */
async function afterCommand(
  room: CallRoom,
  { renewed, told }: { readonly renewed: CallRow; readonly told: EdgeCommandOutcome },
): Promise<CallRow | null> {
  switch (told.outcome) {
    case 'done':
      return renewed;
    case 'gone':
      room.log('the edge does not know a call any more', { callId: renewed.callId, edgeId: renewed.edgeId });
      return await waitForReport(room, renewed);
    case 'unreachable':
      room.log('an edge does not answer', { callId: renewed.callId, edgeId: renewed.edgeId, cause: told.cause });
      return await leaveToItsLease(room, renewed);
  }
}

/** An edge that was away for a moment must not cost a call that is paid for: it is told again until the lease is over. */
const TELL_AGAIN_MS = 2_000;

async function leaveToItsLease(room: CallRoom, row: CallRow): Promise<CallRow | null> {
  const againAtMs = room.clock.nowMs() + TELL_AGAIN_MS;
  const reapAtMs = leaseEndMs(row) + room.policy.ofServer().calls.reapAfterSeconds * MILLISECONDS_PER_SECOND;
  // Never the very moment at which a lease that was told is due: that is how the two are told apart.
  const isAmbiguous = againAtMs === dueAtOfAnswered(row, room.policy.ofServer().calls);
  const dueAtMs = againAtMs < leaseEndMs(row) ? againAtMs + (isAmbiguous ? 1 : 0) : reapAtMs;
  const left = nextVersion(row, { dueAtMs });
  return (await writeNextVersion(room.store, left)) ? left : await readCall(room.store, row);
}
