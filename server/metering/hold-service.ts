/**
 * Credit third: the hold in the ledger and the row of the charge, in one step of the store. Never below zero (the ledger), never twice (the
 * charge's id), and not refused for lack of credit before auto-recharge had its turn (D-11).
 */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { Refusal } from '../../src/protocol/problem.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import type { Office } from '../accounts/office-directory.ts';
import { readWallet, walletOf } from '../accounts/wallet.ts';
import { type CallLimit, callLimits, limitRefusal } from '../calls/call-limits.ts';
import { holdingCallsOf } from '../calls/call-rows.ts';
import type { OperationResult } from '../ledger/operation.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';
import type { MeteringRoom } from './metering-room.ts';
import { holdOperation } from './service-operation.ts';

export type HoldOutcome =
  | { readonly outcome: 'held' }
  /** The id is there already: a repeat, or another charge. */
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

interface Held {
  readonly row: ServiceChargeRow;
  readonly office: Office;
}

export async function holdService(room: MeteringRoom, held: Held): Promise<HoldOutcome> {
  if (held.row.paidBy !== 'credit') return await written(room, held.row);
  const first = await submitHold(room, held);
  const isShort = !first.applied && (first.refusal.code === 'insufficient' || first.refusal.code === 'below_floor');
  const result = isShort && (await room.rechargeFirst(held.row)) ? await submitHold(room, held) : first;
  if (result.applied) return { outcome: result.isRepeat ? 'exists' : 'held' };
  const { code } = result.refusal;
  if (code === 'id_reused' || code === 'row_conflict') return { outcome: 'exists' };
  return { outcome: 'refused', refusal: await refusalOf(room, { held, result }) };
}

/** What takes no credit moves nothing in the ledger. */
async function written(room: MeteringRoom, row: ServiceChargeRow): Promise<HoldOutcome> {
  const { applied } = await room.store.writeRows([{ table: 'service_charge', mode: 'insert', row }]);
  return { outcome: applied ? 'held' : 'exists' };
}

async function submitHold(room: MeteringRoom, held: Held): Promise<OperationResult> {
  const { row } = held;
  const amountMicros = micros(row.heldMicros);
  const operation = holdOperation(row, {
    amountMicros,
    minimumMicros: amountMicros,
    floorMicros: floorOf(room, held),
    limits: limitsOf(room, held).map(({ code: _code, ...limit }) => limit),
  });
  const result = await room.ledger.submit(operation);
  if (result.applied || result.refusal.code !== 'wallet_unknown') return result;
  // An office that never had credit has no wallet yet; the refusal needs its numbers all the same.
  await room.store.openWallet(row);
  return await room.ledger.submit(operation);
}

/** F-12: what costs something needs as much credit as a call does. */
function floorOf(room: MeteringRoom, { row, office }: Held): Micros {
  return row.heldMicros > 0 ? room.policy.of(office.account).credit.callFloorMicros : ZERO_MICROS;
}

/** The caps on what a day may cost, shared with calls; what is for nobody in particular counts for the office alone. */
function limitsOf(room: MeteringRoom, { row, office }: Held): readonly CallLimit[] {
  const spender = {
    personId: row.personId ?? '',
    officeId: row.officeId,
    timeZone: office.office.timeZone,
    atMs: row.createdAtMs,
    kind: 'international',
    isCharged: row.heldMicros > 0,
  } as const;
  return callLimits(spender, room.policy.of(office.account).caps).filter(
    ({ keeps, code }) => keeps === 'captured' && (row.personId !== null || code !== 'agent_spend_limit'),
  );
}

/** What is short, in the codes and numbers of calls; `heldMicros` of the row is what was wanted. */
export async function refusalOf(
  room: MeteringRoom,
  { held, result }: { readonly held: Held; readonly result: Extract<OperationResult, { applied: false }> },
): Promise<Refusal> {
  const { row } = held;
  const { refusal } = result;
  const limit =
    refusal.code === 'limit_reached'
      ? limitsOf(room, held).find(({ limitKey }) => limitKey === refusal.limitKey)
      : undefined;
  if (limit) return limitRefusal(limit, row.currency);
  const reason = creditRefusal(result.wallet ? walletOf(result.wallet) : await readWallet(room.store, row), {
    neededMicros: micros(row.heldMicros),
    floorMicros: floorOf(room, held),
    currency: row.currency,
    holdingCalls: await holdingCallsOf(room.store, row),
  });
  if (reason === null) throw new Error(`The ledger refused a service with ${refusal.code}, which no rule explains`);
  return reason;
}
