/**
 * The end of a call, once: captures what was used, releases the rest, writes the row, all in one step of the store.
 *
 *   answered  -> settled    price of the billed seconds, never more than the lease that was paid for
 *   otherwise -> released   nothing is charged
 */
import type { EndReason } from '../../src/protocol/call.ts';
import { billableSeconds, MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { micros, minMicros } from '../../src/protocol/money.ts';
import { billedSeconds, priceCall } from '../../src/protocol/price.ts';
import type { SettleOperation } from '../ledger/operation.ts';
import type { CallRow } from '../storage/rows.ts';
import { agreedRate } from './agreed-rate.ts';
import { isRunning } from './call-record.ts';
import type { CallRoom } from './call-room.ts';
import { type CallAddress, nextVersion, readCall, untilWritten } from './call-rows.ts';

/** What is known about the end. */
export interface CallEnd {
  readonly reason: EndReason;
  readonly endedAtMs: number;
  /** Null when the call was never answered. */
  readonly talk: { readonly answeredAtMs: number; readonly durationMs: number } | null;
}

const REVENUE_ACCOUNT = 'call_revenue';
/** Fixed list of F-06. */
const ENTRY_KINDS = { outbound: 'outbound_call', inbound: 'inbound_call' } as const;

/**
 * Ends a call as `decide` says from its newest row; null leaves it as it is. A call that is over stays as it was settled first.
 * Returns the row as it is now, null when there is no such call.
 */
export async function settleCall(
  room: CallRoom,
  { address, decide }: { readonly address: CallAddress; readonly decide: (row: CallRow) => CallEnd | null },
): Promise<CallRow | null> {
  return await untilWritten(async () => {
    const row = await readCall(room.store, address);
    if (!row || !isRunning(row)) return row;
    const end = decide(row);
    if (end === null) return row;
    const over = endedRow(row, end);
    const result = await room.ledger.submit(settleOperation(over, room.clock.nowMs()));
    // Not applied: another writer was first (next_version), or has settled it already. The newest row tells.
    if (!result.applied || result.isRepeat) return 'conflict';
    room.notices.callChanged(over);
    if (row.heldMicros > 0) room.notices.walletChanged(over);
    return over;
  });
}

/** Pure: the row of the call as it is over. */
function endedRow(row: CallRow, end: CallEnd): CallRow {
  const over = { ...nextVersion(row, { endReason: end.reason, dueAtMs: null }), heldMicros: 0 };
  if (end.talk === null) return { ...over, status: 'released', endedAtMs: Math.max(end.endedAtMs, row.startedAtMs) };
  const { answeredAtMs, durationMs } = end.talk;
  const call = {
    startedAtMs: answeredAtMs,
    durationSeconds: billableSeconds({ durationMs, leaseSeconds: row.leaseSeconds }),
  };
  const rate = agreedRate(row);
  return {
    ...over,
    status: 'settled',
    answeredAtMs,
    endedAtMs: answeredAtMs + Math.min(durationMs, row.leaseSeconds * MILLISECONDS_PER_SECOND),
    durationSeconds: call.durationSeconds,
    billedSeconds: billedSeconds(rate, call),
    // The lease is what the hold pays for, so the price never passes the hold; the smaller one keeps that true whatever comes.
    costMicros: minMicros(priceCall(rate, call), micros(row.heldMicros)),
  };
}

function settleOperation(over: CallRow, atMs: number): SettleOperation {
  return {
    kind: 'settle',
    operationId: `settle:${over.callId}`,
    holdId: over.callId,
    accountId: over.accountId,
    walletId: over.walletId,
    atMs,
    captureMicros: micros(over.costMicros),
    revenueAccount: REVENUE_ACCOUNT,
    entryKind: over.direction === 'inbound' ? ENTRY_KINDS.inbound : ENTRY_KINDS.outbound,
    reference: over.callId,
    alongside: [{ table: 'call', mode: 'next_version', row: over }],
  };
}
