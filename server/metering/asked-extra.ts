/**
 * Extras that an edge asks for before they begin (F-07): paid for in full, or refused. So talk and extras together never cost more than
 * is held for them, and the next lease of the call is cut from what they leave.
 *
 *   ask 60 s ──► hold 1 minute + row ──► ask 120 s ──► hold and row grow ──► ended, 70 s used: capture 2 minutes, release the rest
 *                                                                       ──► nobody tells: all that was allowed counts as used, as of a lease
 */
import { MILLISECONDS_PER_SECOND, SECONDS_PER_MINUTE } from '../../src/protocol/duration.ts';
import { micros, subtractMicros } from '../../src/protocol/money.ts';
import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import { granted, refusal, refused } from '../../src/protocol/problem.ts';
import { agreedRate } from '../calls/agreed-rate.ts';
import type { AllowedExtra, CallExtra } from '../calls/call-extras.ts';
import { isRunning } from '../calls/call-record.ts';
import { readCall, untilWritten } from '../calls/call-rows.ts';
import type { OperationResult } from '../ledger/operation.ts';
import type { CallRow, ServiceChargeRow } from '../storage/rows.ts';
import { extraId, unitsInAll } from './extra-units.ts';
import { holdService, refusalOf } from './hold-service.ts';
import type { MeteringRoom } from './metering-room.ts';
import { newCharge } from './new-charge.ts';
import { priceOfUnits, priceService } from './price-service.ts';
import { extendOperation } from './service-operation.ts';
import { nextVersion, readCharge } from './service-row.ts';
import { end, givenBackRow, heldFor, settledRow } from './settle-service.ts';

/** How often the call of an extra is looked at: whether it is over, and nobody told what was used. */
const LOOK_AGAIN_MS = SECONDS_PER_MINUTE * MILLISECONDS_PER_SECOND;
/** An edge repeats its report until it is heard; after so long what was allowed counts as used. */
const WAIT_FOR_REPORT_MS = 5 * SECONDS_PER_MINUTE * MILLISECONDS_PER_SECOND;

interface Asked {
  readonly call: CallRow;
  readonly extra: CallExtra;
}

export async function askExtra(room: MeteringRoom, asked: Asked): Promise<OfficeOutcome<AllowedExtra>> {
  return await untilWritten(async () => {
    const { call, extra } = asked;
    const row = await readCharge(room.store, { accountId: call.accountId, chargeId: extraId(call, extra.kind) });
    if (row === null) return await begin(room, asked);
    if (row.status !== 'authorized') return CLOSED;
    const units = unitsInAll([extra], row);
    return units <= row.authorizedUnits ? allowed(row) : await grow(room, { row, units, call });
  });
}

async function begin(room: MeteringRoom, { call, extra }: Asked): Promise<OfficeOutcome<AllowedExtra> | 'conflict'> {
  const office = await room.offices.find(call);
  if (!office) return refused(refusal('office_forbidden'));
  const { kind } = extra;
  const question = { office, number: null, atMs: room.clock.nowMs() };
  const request = { chargeId: extraId(call, kind), kind, units: 0, callId: call.callId };
  const pricing = await priceService(room, { ...question, request });
  if ('refusal' in pricing) return { ok: false, refusal: pricing.refusal };
  const wish = {
    ...request,
    units: unitsInAll([extra], pricing.priced.terms),
    person: { personId: call.personId, name: call.personName },
  };
  const made = { ...question, ...pricing.priced, request: wish, origin: 'asked', validMs: LOOK_AGAIN_MS } as const;
  const row = newCharge(made);
  const held = await holdService(room, { row, office });
  if (held.outcome === 'refused') return refused(held.refusal);
  if (held.outcome === 'exists') return 'conflict';
  if (await isOver(room, call)) {
    await release(room, row);
    return refused(refusal('call_ended'));
  }
  if (row.heldMicros > 0) room.notices.walletChanged(row);
  return allowed(row);
}

/** A call that ended between question and hold: the report of its end found nothing to give back, and nobody tells what was used. */
async function isOver(room: MeteringRoom, call: CallRow): Promise<boolean> {
  const now = await readCall(room.store, call);
  return now === null || !isRunning(now);
}

interface Growth {
  readonly row: ServiceChargeRow;
  readonly units: number;
  readonly call: CallRow;
}

/** Hold and row grow together, in full or not at all. */
async function grow(room: MeteringRoom, growth: Growth): Promise<OfficeOutcome<AllowedExtra> | 'conflict'> {
  const { row, units } = growth;
  const totalMicros = row.paidBy === 'credit' ? priceOfUnits(agreedRate(row), units) : micros(0);
  const grown = nextVersion(row, { authorizedUnits: units, heldMicros: totalMicros });
  if (totalMicros <= row.heldMicros) {
    const write = {
      table: 'service_charge',
      mode: 'next_version',
      row: { ...grown, heldMicros: row.heldMicros },
    } as const;
    return (await room.store.writeRows([write])).applied ? allowed(grown) : 'conflict';
  }
  const first = await extend(room, grown);
  const isShort = !first.applied && first.refusal.code === 'insufficient';
  const result = isShort && (await room.rechargeFirst(row)) ? await extend(room, grown) : first;
  if (!result.applied) return await notGrown(room, { growth, result, grown });
  // A repeat was written with the row, which is another one by now.
  if (result.isRepeat) return 'conflict';
  room.notices.walletChanged(row);
  return allowed(grown);
}

function extend(room: MeteringRoom, grown: ServiceChargeRow): Promise<OperationResult> {
  const totalMicros = micros(grown.heldMicros);
  return room.ledger.submit({
    ...extendOperation({ row: grown, atMs: room.clock.nowMs() }, totalMicros),
    minimumMicros: totalMicros,
    alongside: [{ table: 'service_charge', mode: 'next_version', row: grown }],
  });
}

async function notGrown(
  room: MeteringRoom,
  refusedGrowth: {
    readonly growth: Growth;
    readonly grown: ServiceChargeRow;
    readonly result: Extract<OperationResult, { applied: false }>;
  },
): Promise<OfficeOutcome<AllowedExtra> | 'conflict'> {
  const { growth, grown, result } = refusedGrowth;
  if (result.refusal.code !== 'insufficient') return 'conflict';
  const office = await room.offices.find(growth.call);
  if (!office) return refused(refusal('office_forbidden'));
  const heldMicros = subtractMicros(micros(grown.heldMicros), micros(growth.row.heldMicros));
  return refused(await refusalOf(room, { held: { row: { ...grown, heldMicros }, office }, result }));
}

/** What was used in the end; beyond what was allowed, as far as the credit goes. */
export async function settleAsked(
  room: MeteringRoom,
  { row: { accountId, chargeId }, units }: { readonly row: ServiceChargeRow; readonly units: number },
): Promise<void> {
  await untilWritten(async () => {
    const row = await readCharge(room.store, { accountId, chargeId });
    if (row?.status !== 'authorized') return null;
    const heldMicros = await heldFor(room, { row, units });
    return (await end(room, settledRow(row, { units, heldMicros, atMs: room.clock.nowMs() }))) ? null : 'conflict';
  });
}

/** What was allowed and does not appear in the report of the call's end. */
export async function releaseUnused(room: MeteringRoom, { accountId, callId }: CallRow): Promise<void> {
  const open = await room.store.db
    .selectFrom('service_charge')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('callId', '=', callId)
    .where('origin', '=', 'asked')
    .where('status', '=', 'authorized')
    .execute();
  for (const row of open) await release(room, row);
}

/** Whoever was quicker has ended it. */
async function release(room: MeteringRoom, row: ServiceChargeRow): Promise<void> {
  await end(room, givenBackRow(row, { status: 'released', atMs: room.clock.nowMs() }));
}

/** An extra that is due: goes on with its call, waits for the report of its end, or ends without one. */
export async function lookAtAsked(room: MeteringRoom, row: ServiceChargeRow): Promise<void> {
  const nowMs = room.clock.nowMs();
  const call = await readCall(room.store, { accountId: row.accountId, callId: row.callId ?? '' });
  if (call && isRunning(call)) return await lookAgain(room, { row, atMs: nowMs + LOOK_AGAIN_MS });
  // Never answered, or asked for when the call was over: nothing of it can have been used.
  if (call?.status !== 'settled' || call.endedAtMs === null || call.endedAtMs < row.createdAtMs)
    return await release(room, row);
  const tellsUntilMs = call.endedAtMs + WAIT_FOR_REPORT_MS;
  if (nowMs < tellsUntilMs) return await lookAgain(room, { row, atMs: tellsUntilMs });
  await settleAsked(room, { row, units: row.authorizedUnits });
}

/** Not written: somebody else has changed it, and it is due then as they say. */
async function lookAgain(
  room: MeteringRoom,
  { row, atMs }: { readonly row: ServiceChargeRow; readonly atMs: number },
): Promise<void> {
  const later = nextVersion(row, { dueAtMs: atMs });
  await room.store.writeRows([{ table: 'service_charge', mode: 'next_version', row: later }]);
}

function allowed({ authorizedUnits: units, unit }: ServiceChargeRow): OfficeOutcome<AllowedExtra> {
  return granted({ units, unit });
}

const CLOSED = { ok: false, refusal: officeRefusal('service_closed') } as const;
