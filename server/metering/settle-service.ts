/**
 * The end of a charge, once: captures what was used, gives the rest back, writes the row, all in one step of the store.
 *
 *   settled    the price of the units. Beyond what was authorized the hold grows first, as far as the credit goes; what is missing then is
 *              written down as short, and never taken
 *   released   nothing was used
 *   expired    nobody told in time
 */
import { type Micros, micros, minMicros, subtractMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import { granted, refusal, refused } from '../../src/protocol/problem.ts';
import type { ServiceCharge } from '../../src/protocol/service.ts';
import { agreedRate } from '../calls/agreed-rate.ts';
import { untilWritten } from '../calls/call-rows.ts';
import type { HostIdentity } from '../services.ts';
import type { ServiceChargeRow } from '../storage/rows.ts';
import type { MeteringRoom } from './metering-room.ts';
import { priceOfUnits } from './price-service.ts';
import { extendOperation, settleOperation } from './service-operation.ts';
import { nextVersion, readCharge, serviceChargeOf } from './service-row.ts';

interface Named {
  readonly identity: HostIdentity;
  readonly chargeId: string;
}

export async function showCharge(room: MeteringRoom, named: Named): Promise<OfficeOutcome<ServiceCharge>> {
  const row = await readOwn(room, named);
  return row ? granted(serviceChargeOf(row)) : UNKNOWN;
}

export async function settleService(
  room: MeteringRoom,
  { units, ...named }: Named & { readonly units: number },
): Promise<OfficeOutcome<ServiceCharge>> {
  return await untilWritten(async () => {
    const row = await readOwn(room, named);
    if (row === null) return UNKNOWN;
    if (row.status === 'settled') return row.units === units ? granted(serviceChargeOf(row)) : ID_REUSED;
    if (row.status === 'released') return CLOSED;
    if (row.status === 'expired' || (await expired(room, row))) return EXPIRED;
    const over = settledRow(row, { units, heldMicros: await heldFor(room, { row, units }), atMs: room.clock.nowMs() });
    return (await end(room, over)) ? granted(serviceChargeOf(over)) : 'conflict';
  });
}

export async function releaseService(room: MeteringRoom, named: Named): Promise<OfficeOutcome<ServiceCharge>> {
  return await untilWritten(async () => {
    const row = await readOwn(room, named);
    if (row === null) return UNKNOWN;
    if (row.status === 'settled') return CLOSED;
    if (row.status !== 'authorized') return granted(serviceChargeOf(row));
    const over = givenBackRow(row, { status: 'released', atMs: room.clock.nowMs() });
    return (await end(room, over)) ? granted(serviceChargeOf(over)) : 'conflict';
  });
}

/** Gives back what nobody settled in time; false while there is time. */
async function expired(room: MeteringRoom, row: ServiceChargeRow): Promise<boolean> {
  if (room.clock.nowMs() < row.expiresAtMs) return false;
  await expireCharge(room, row);
  return true;
}

/** Whoever was first has decided: a charge that was settled in the same moment stays settled. */
export async function expireCharge(room: MeteringRoom, row: ServiceChargeRow): Promise<void> {
  await end(room, givenBackRow(row, { status: 'expired', atMs: room.clock.nowMs() }));
}

/** False when another writer was first. */
export async function end(room: MeteringRoom, over: ServiceChargeRow): Promise<boolean> {
  if (over.paidBy !== 'credit') {
    const { applied } = await room.store.writeRows([{ table: 'service_charge', mode: 'next_version', row: over }]);
    return applied;
  }
  const result = await room.ledger.submit(settleOperation({ row: over, atMs: over.endedAtMs ?? over.createdAtMs }));
  if (!result.applied || result.isRepeat) return false;
  room.notices.walletChanged(over);
  return true;
}

/** What is held for these units; more than was authorized only where they cost more. */
export async function heldFor(
  room: MeteringRoom,
  { row, units }: { readonly row: ServiceChargeRow; readonly units: number },
): Promise<Micros> {
  const heldMicros = micros(row.heldMicros);
  const costMicros = priceOfUnits(agreedRate(row), units);
  if (row.paidBy !== 'credit' || costMicros <= heldMicros) return heldMicros;
  const result = await room.ledger.submit(extendOperation({ row, atMs: room.clock.nowMs() }, costMicros));
  return result.applied ? result.heldMicros : heldMicros;
}

/** Pure: the charge as it is over. */
export function settledRow(
  row: ServiceChargeRow,
  used: { readonly units: number; readonly heldMicros: Micros; readonly atMs: number },
): ServiceChargeRow {
  const priceMicros = priceOfUnits(agreedRate(row), used.units);
  const costMicros = row.paidBy === 'credit' ? minMicros(priceMicros, used.heldMicros) : priceMicros;
  const isOnInvoice = row.paidBy === 'invoice' && costMicros > 0;
  return nextVersion(row, {
    ...overAt(used.atMs),
    // It is over, but for the invoice (invoice-services.ts).
    dueAtMs: isOnInvoice ? used.atMs : null,
    status: 'settled',
    units: used.units,
    costMicros,
    shortMicros: subtractMicros(priceMicros, costMicros),
  });
}

export function givenBackRow(
  row: ServiceChargeRow,
  { status, atMs }: { readonly status: 'released' | 'expired'; readonly atMs: number },
): ServiceChargeRow {
  return nextVersion(row, { ...overAt(atMs), status });
}

function overAt(atMs: number) {
  return { heldMicros: ZERO_MICROS, endedAtMs: atMs, dueAtMs: null };
}

/** Null also for another office's: whose charges there are is nobody else's business. */
async function readOwn(room: MeteringRoom, { identity, chargeId }: Named): Promise<ServiceChargeRow | null> {
  const row = await readCharge(room.store, { accountId: identity.accountId, chargeId });
  return row?.officeId === identity.officeId ? row : null;
}

const UNKNOWN = { ok: false, refusal: officeRefusal('service_unknown') } as const;
const CLOSED = { ok: false, refusal: officeRefusal('service_closed') } as const;
const EXPIRED = { ok: false, refusal: officeRefusal('service_expired') } as const;
const ID_REUSED = refused(refusal('id_reused'));
