/**
 * Takes the rent of one month, once: the operation is named by number, purchase and rent day, and the row that says until when the number
 * is paid is written with it. Whoever is second, another server or this one after a crash, changes nothing.
 */
import { micros } from '../../src/protocol/money.ts';
import type { Operation, OperationResult } from '../ledger/operation.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { pricedOn, priceOf, withNextLook } from './decide-rent.ts';
import { dayOfMonth, nextRentDay } from './rent-calendar.ts';
import type { RentRoom } from './rent-room.ts';
import type { RentedNumber } from './rented-number.ts';

/** F-06. */
const RENT_ENTRY_KIND = 'number_renewal';
const NUMBER_REVENUE = 'number_revenue';

export type Collected =
  | { readonly outcome: 'done'; readonly row: NumberOwnerRow }
  /** The credit does not cover it. */
  | { readonly outcome: 'short' }
  /** Somebody else was quicker: the row is not what it was. */
  | { readonly outcome: 'stale' };

/** The rent of the month that begins on the row's rent day. What was set aside for it comes first. */
export async function collectRent(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const { row } = rented;
  const price = priceOf(row);
  // A price that went up since: what is held would not do, so it is given back and the whole is charged.
  if (row.heldMicros > 0 && row.heldMicros < price) return await releaseSetAside(room, { rented, row });
  const paid = paidRow(rented);
  // Nothing is taken any more, but perhaps was set aside when it still cost something.
  if (price === 0) return await releaseSetAside(room, { rented, row: paid });
  return await submit(room, { operation: rentOperation(rented, paid), row: paid });
}

function rentOperation(rented: RentedNumber, paid: NumberOwnerRow): Operation {
  const { row } = rented;
  const price = micros(priceOf(row));
  const common = {
    ...addressOf(rented),
    operationId: `rent:${row.number}:${row.purchaseId}:${row.rentDay}`,
    revenueAccount: NUMBER_REVENUE,
    entryKind: RENT_ENTRY_KIND,
    reference: row.number,
    alongside: [{ table: 'number_owner', mode: 'next_version', row: paid }],
  } as const;
  return row.holdId !== null && row.heldMicros > 0
    ? { ...common, kind: 'settle', holdId: row.holdId, captureMicros: price }
    : { ...common, kind: 'charge', amountMicros: price };
}

function paidRow(rented: RentedNumber): NumberOwnerRow {
  const { row } = rented;
  return withNextLook(rented, {
    ...row,
    state: 'active',
    ...pricedOn(row, row.rentDay),
    rentDay: nextRentDay(row.rentDay, row.anchorDay),
    stepDay: null,
    heldMicros: 0,
    holdId: null,
    told: '',
    version: row.version + 1,
  });
}

/**
 * Takes a number from hold: one month from today, and today's day of the month from now on. Months on hold are not paid for (complaint 26).
 * `changeId` is of whoever asked: sent twice, it is charged once.
 */
export async function payHeld(
  room: RentRoom,
  { rented, changeId }: { readonly rented: RentedNumber; readonly changeId: string },
): Promise<Collected> {
  const { row, today } = rented;
  const anchorDay = dayOfMonth(today);
  const prices = pricedOn(row, today);
  const price = micros(prices.monthlyMicros);
  const paid = withNextLook(rented, {
    ...row,
    ...prices,
    state: 'active',
    anchorDay,
    rentDay: nextRentDay(today, anchorDay),
    stepDay: null,
    told: '',
    changeId,
    version: row.version + 1,
  });
  if (price === 0) return await writeRow(room, paid);
  const operation: Operation = {
    ...addressOf(rented),
    kind: 'charge',
    operationId: `restore:${row.number}:${row.purchaseId}:${changeId}`,
    amountMicros: price,
    revenueAccount: NUMBER_REVENUE,
    entryKind: RENT_ENTRY_KIND,
    reference: row.number,
    alongside: [{ table: 'number_owner', mode: 'next_version', row: paid }],
  };
  return await submit(room, { operation, row: paid });
}

/** Reserves the rent that comes next, all of it or nothing. */
export async function setAsideRent(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const { row } = rented;
  const price = micros(priceOf(row));
  // The version makes it another hold each time: one that was released (another office, another price) is not taken up again.
  const holdId = `rent:${row.number}:${row.purchaseId}:${row.rentDay}:${row.version}`;
  const held = withNextLook(rented, { ...row, heldMicros: price, holdId, version: row.version + 1 });
  const operation: Operation = {
    ...addressOf(rented),
    kind: 'hold',
    operationId: `hold-${holdId}`,
    holdId,
    amountMicros: price,
    minimumMicros: price,
    floorMicros: micros(0),
    limits: [],
    alongside: [{ table: 'number_owner', mode: 'next_version', row: held }],
  };
  return await submit(room, { operation, row: held });
}

/** What was set aside is available again, and `row` is written with that. */
export async function releaseSetAside(
  room: RentRoom,
  { rented, row }: { readonly rented: RentedNumber; readonly row: NumberOwnerRow },
): Promise<Collected> {
  const { holdId } = rented.row;
  const released = { ...row, heldMicros: 0, holdId: null, version: rented.row.version + 1 };
  if (holdId === null) return await writeRow(room, released);
  const operation: Operation = {
    ...addressOf(rented),
    kind: 'settle',
    operationId: `release-${holdId}`,
    holdId,
    captureMicros: micros(0),
    revenueAccount: NUMBER_REVENUE,
    entryKind: RENT_ENTRY_KIND,
    reference: row.number,
    alongside: [{ table: 'number_owner', mode: 'next_version', row: released }],
  };
  return await submit(room, { operation, row: released });
}

export function addressOf({ row, walletId, nowMs }: RentedNumber) {
  return { accountId: row.accountId, walletId, atMs: nowMs };
}

export async function writeRow(room: RentRoom, row: NumberOwnerRow): Promise<Collected> {
  const { applied } = await room.store.writeRows([{ table: 'number_owner', mode: 'next_version', row }]);
  return applied ? { outcome: 'done', row } : { outcome: 'stale' };
}

async function submit(
  room: RentRoom,
  { operation, row }: { readonly operation: Operation; readonly row: NumberOwnerRow },
): Promise<Collected> {
  const result = await room.ledger.submit(operation);
  if (result.applied) return result.isRepeat ? { outcome: 'stale' } : { outcome: 'done', row };
  return refusedOf(result, operation);
}

function refusedOf(result: Extract<OperationResult, { readonly applied: false }>, operation: Operation): Collected {
  switch (result.refusal.code) {
    case 'insufficient':
    case 'below_floor':
    // A wallet that was never opened has no credit.
    case 'wallet_unknown':
      return { outcome: 'short' };
    case 'row_conflict':
    case 'id_reused':
    case 'hold_closed':
      return { outcome: 'stale' };
    default:
      throw new Error(`The ledger refused ${operation.operationId} with ${result.refusal.code}`);
  }
}
