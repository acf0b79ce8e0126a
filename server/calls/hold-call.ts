/**
 * Makes a call: the hold in the ledger and the call's row, in one step of the store. The row says what is held to the micro, so the
 * hold is asked for exactly; a wallet that cannot pay for the wished lease is asked again for the part that it can.
 */
import { type Micros, micros, minMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { firstBlock } from '../../src/protocol/price.ts';
import type { Refusal } from '../../src/protocol/problem.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet, walletOf } from '../accounts/wallet.ts';
import { availableOf } from '../ledger/decide.ts';
import type { HoldOperation, OperationRefusal, OperationResult, WalletState } from '../ledger/operation.ts';
import type { CallRow } from '../storage/rows.ts';
import { type CallLimit, limitRefusal } from './call-limits.ts';
import type { CallRoom } from './call-room.ts';
import { holdingCallsOf } from './call-rows.ts';
import { firstLeaseSeconds, leaseCostMicros, paidLeaseSeconds } from './lease.ts';

/** The call as it is to be written, but for lease and hold. */
export interface PlannedCall {
  readonly row: CallRow;
  readonly rate: Rate;
  /** Of the available credit, before the hold (policy, credit.callFloorMicros); 0 for what costs nothing. */
  readonly floorMicros: Micros;
  readonly limits: readonly CallLimit[];
}

export type HoldOutcome =
  /** `wallet` right after the hold. */
  | { readonly outcome: 'held'; readonly row: CallRow; readonly wallet: WalletState }
  /** The call id is there already: this is a repeat, or somebody else's id. */
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** Other calls take and give back credit in between; whoever loses so often is refused with the numbers of the last try. */
const MAX_TRIES = 5;

export async function holdCall(room: CallRoom, call: PlannedCall): Promise<HoldOutcome> {
  const wishedSeconds = firstLeaseSeconds(call.rate, {
    atMs: call.row.startedAtMs,
    policy: room.policy.ofServer().calls,
  });
  let leaseSeconds = wishedSeconds;
  for (let tries = 1; ; tries += 1) {
    const row = withLease(call, { leaseSeconds, wishedSeconds });
    const result = await room.ledger.submit(holdOperation({ ...call, row }));
    if (result.applied)
      return result.isRepeat ? { outcome: 'exists' } : { outcome: 'held', row, wallet: result.wallet };
    if (isTaken(result.refusal)) return { outcome: 'exists' };
    if (result.refusal.code === 'wallet_unknown' && tries === 1) {
      // An office that never had credit has no wallet yet; its free calls need one too.
      await room.store.openWallet(call.row);
      continue;
    }
    const smaller = await smallerLeaseSeconds(room, { call, result, leaseSeconds });
    if (smaller === null || tries === MAX_TRIES) {
      return { outcome: 'refused', refusal: await refusalOf(room, { call, result }) };
    }
    leaseSeconds = smaller;
  }
}

function withLease(
  call: PlannedCall,
  lease: { readonly leaseSeconds: number; readonly wishedSeconds: number },
): CallRow {
  return {
    ...call.row,
    leaseSeconds: lease.leaseSeconds,
    isLeaseFinal: lease.leaseSeconds < lease.wishedSeconds,
    heldMicros: leaseCostMicros(call.rate, { atMs: call.row.startedAtMs, seconds: lease.leaseSeconds }),
  };
}

function holdOperation(call: PlannedCall): HoldOperation {
  const { row } = call;
  const amountMicros = micros(row.heldMicros);
  return {
    kind: 'hold',
    operationId: `hold:${row.callId}`,
    holdId: row.callId,
    accountId: row.accountId,
    walletId: row.walletId,
    atMs: row.startedAtMs,
    amountMicros,
    minimumMicros: amountMicros,
    floorMicros: call.floorMicros,
    limits: call.limits.map(({ code: _code, ...limit }) => limit),
    alongside: [{ table: 'call', mode: 'insert', row }],
  };
}

/** The least credit for a call that costs something (F-12). */
export function callFloorMicros(
  room: Pick<CallRoom, 'policy'>,
  call: { readonly office: Office; readonly isCharged: boolean },
): Micros {
  return call.isCharged ? room.policy.of(call.office.account).credit.callFloorMicros : ZERO_MICROS;
}

function isTaken(refusal: OperationRefusal): boolean {
  return refusal.code === 'id_reused' || refusal.code === 'row_conflict';
}

interface Refused {
  readonly call: PlannedCall;
  readonly result: Extract<OperationResult, { applied: false }>;
}

/** Null when a smaller lease would not help: the first block itself is not covered, or it is not a matter of money. */
async function smallerLeaseSeconds(
  room: CallRoom,
  { call, result, leaseSeconds }: Refused & { readonly leaseSeconds: number },
): Promise<number | null> {
  const budgetMicros = await budgetAfter(room, { call, result });
  if (budgetMicros === null) return null;
  const seconds = paidLeaseSeconds(call.rate, {
    atMs: call.row.startedAtMs,
    budgetMicros,
    wishedSeconds: leaseSeconds - 1,
  });
  return seconds > 0 ? seconds : null;
}

async function budgetAfter(room: CallRoom, { call, result }: Refused): Promise<Micros | null> {
  const { refusal } = result;
  if (refusal.code === 'insufficient') return refusal.availableMicros;
  const limit = refusal.code === 'limit_reached' ? limitOf(call, refusal.limitKey) : undefined;
  if (limit?.keeps !== 'captured' || result.wallet === null) return null;
  const used = await usedOf(room, { accountId: call.row.accountId, limitKey: limit.limitKey });
  const roomMicros = micros(Math.max(0, limit.ceiling - used));
  return minMicros(roomMicros, availableOf(result.wallet));
}

function limitOf(call: PlannedCall, limitKey: string): CallLimit | undefined {
  return call.limits.find((limit) => limit.limitKey === limitKey);
}

export async function usedOf(
  room: Pick<CallRoom, 'store'>,
  limit: { readonly accountId: string; readonly limitKey: string },
): Promise<number> {
  const counter = await room.store.db
    .selectFrom('limit_counter')
    .select('used')
    .where('accountId', '=', limit.accountId)
    .where('limitKey', '=', limit.limitKey)
    .executeTakeFirst();
  return counter?.used ?? 0;
}

async function refusalOf(room: CallRoom, { call, result }: Refused): Promise<Refusal> {
  if (result.refusal.code === 'limit_reached') {
    const limit = limitOf(call, result.refusal.limitKey);
    if (limit) return limitRefusal(limit, call.row.currency);
  }
  const neededMicros = firstBlock(call.rate, { startedAtMs: call.row.startedAtMs }).costMicros;
  const reason = creditRefusal(result.wallet ? walletOf(result.wallet) : await readWallet(room.store, call.row), {
    neededMicros,
    floorMicros: call.floorMicros,
    currency: call.row.currency,
    holdingCalls: await holdingCallsOf(room.store, call.row),
  });
  if (reason === null) throw new Error(`The ledger refused a call with ${result.refusal.code}, which no rule explains`);
  return reason;
}
