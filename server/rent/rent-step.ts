/** Makes one step of one number, in one write of the store: what decide-rent.ts says, with what people are told of it. */
import { readWallet } from '../accounts/wallet.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { type Collected, collectRent, setAsideRent, writeRow } from './collect-rent.ts';
import {
  decideRent,
  isWarningDue,
  priceOf,
  stepDayOf,
  toldDue,
  toldLeaving,
  wakeAtMs,
  withNextLook,
} from './decide-rent.ts';
import { PRICE_IN_QUERY } from './price-in-query.ts';
import { alertOf, type Told } from './rent-alerts.ts';
import { addDays, dayAt, dayOfMonth, laterDay, nextRentDay } from './rent-calendar.ts';
import type { RentRoom } from './rent-room.ts';
import type { RentedNumber } from './rented-number.ts';

/** Missed months and steps that are made one after the other before a number has to wait for its next turn. */
const MAX_STEPS = 200;

export interface Looked {
  /** The row as it is now; null when somebody else works on it. */
  readonly row: NumberOwnerRow | null;
  /** Credit was moved. */
  readonly isWalletChanged: boolean;
  /** Another state, or another month is paid: worth telling widgets. */
  readonly isChanged: boolean;
}

/** Everything that is due for this number now, step after step. */
export async function lookAt(room: RentRoom, rented: RentedNumber): Promise<Looked> {
  let { row } = rented;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const made = await makeStep(room, { ...rented, row });
    if (made.outcome === 'stale') return { row: null, isWalletChanged: true, isChanged: true };
    if (made.outcome === 'short') return lookedOf(rented, await rest(room, { ...rented, row }));
    row = made.row;
    if ((row.dueAtMs ?? Number.POSITIVE_INFINITY) > rented.nowMs) return lookedOf(rented, row);
  }
  return lookedOf(rented, row);
}

function lookedOf({ row: before }: RentedNumber, row: NumberOwnerRow | null): Looked {
  return {
    row,
    isWalletChanged: row === null || row.rentDay !== before.rentDay || row.heldMicros !== before.heldMicros,
    isChanged: row === null || row.rentDay !== before.rentDay || row.state !== before.state,
  };
}

/** 'short': there is nothing to do, or nothing that the credit allows. */
async function makeStep(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  switch (decideRent(rented)) {
    case 'begin':
      return await writeRow(room, begun(rented));
    case 'collect':
      return await collect(room, rented);
    case 'set_aside':
      return await setAside(room, rented);
    case 'warn':
      return await warn(room, rented);
    case 'announce_leaving':
      return await announceLeaving(room, rented);
    case 'give_back':
      return await tell(room, { rented, row: { ...rented.row, state: 'returning', told: '' }, kind: 'number_gone' });
    case 'return':
      return await giveBack(room, rented);
    case 'wait':
      return { outcome: 'short' };
  }
}

/** Puts the next look off; nothing else changes. */
async function rest(room: RentRoom, rented: RentedNumber): Promise<NumberOwnerRow | null> {
  const dueAtMs = wakeAtMs(rented);
  if (dueAtMs === rented.row.dueAtMs) return rented.row;
  const row = { ...rented.row, dueAtMs, version: rented.row.version + 1 };
  const written = await writeRow(room, row);
  return written.outcome === 'done' ? row : null;
}

function begun(rented: RentedNumber): NumberOwnerRow {
  const bought = dayAt(rented.row.purchasedAtMs, rented.timeZone);
  const anchorDay = dayOfMonth(bought);
  let rentDay = nextRentDay(bought, anchorDay);
  while (rentDay <= rented.today) rentDay = nextRentDay(rentDay, anchorDay);
  return withNextLook(rented, { ...rented.row, anchorDay, rentDay, version: rented.row.version + 1 });
}

async function collect(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const collected = await collectRent(room, rented);
  if (collected.outcome !== 'short') return collected;
  const { row, today, policy } = rented;
  if (row.state === 'active') {
    const stepDay = addDays(laterDay(row.rentDay, today), policy.lateDays);
    return await tell(room, { rented, row: { ...row, state: 'late', stepDay, told: '' }, kind: 'number_late' });
  }
  if (today < stepDayOf(row)) return collected;
  const stepDay = addDays(today, policy.holdDays);
  return await tell(room, { rented, row: { ...row, state: 'held', stepDay, told: '' }, kind: 'number_held' });
}

async function setAside(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const held = await setAsideRent(room, rented);
  return held.outcome === 'short' && isWarningDue(rented) ? await warn(room, rented) : held;
}

async function warn(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  if (await isCovered(room, rented)) return { outcome: 'short' };
  const row = { ...rented.row, told: toldDue(rented.row.rentDay) };
  return await tell(room, { rented, row, kind: 'rent_due' });
}

/** With all other rents of the wallet that fall due until then and have nothing set aside. */
export async function isCovered(room: RentRoom, { row, walletId }: RentedNumber): Promise<boolean> {
  const [wallet, others] = await Promise.all([
    readWallet(room.store, { accountId: row.accountId, walletId }),
    room.store.db
      .selectFrom('number_owner')
      .innerJoin('office', (join) =>
        join
          .onRef('office.accountId', '=', 'number_owner.accountId')
          .onRef('office.officeId', '=', 'number_owner.officeId'),
      )
      .select((read) => read.fn.sum<number>(PRICE_IN_QUERY).as('sumMicros'))
      .where('number_owner.accountId', '=', row.accountId)
      .where('office.walletId', '=', walletId)
      .where('number_owner.state', 'in', ['active', 'late'])
      .where('number_owner.heldMicros', '=', 0)
      .where('number_owner.rentDay', '<=', row.rentDay)
      .where('number_owner.number', '!=', row.number)
      .executeTakeFirst(),
  ]);
  return wallet.availableMicros >= priceOf(row) + Number(others?.sumMicros ?? 0);
}

/** After a time without servers the day is moved, so that there is always time to act. */
async function announceLeaving(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const stepDay = laterDay(stepDayOf(rented.row), addDays(rented.today, rented.policy.leavingDays));
  const row = { ...rented.row, stepDay, told: toldLeaving(stepDay) };
  return await tell(room, { rented, row, kind: 'number_leaving' });
}

async function giveBack(room: RentRoom, rented: RentedNumber): Promise<Collected> {
  const row = await takenBack(room, rented.row);
  if (row === null) return { outcome: 'short' };
  return await writeRow(room, {
    ...row,
    state: 'returned',
    releasedAtMs: rented.nowMs,
    personId: null,
    dueAtMs: null,
    version: row.version + 1,
  });
}

/** A carrier that cannot be reached is asked again later. */
async function takenBack(room: RentRoom, row: NumberOwnerRow): Promise<NumberOwnerRow | null> {
  try {
    return await room.giveBack(row);
  } catch (cause) {
    room.log('a number could not be given back yet', { number: row.number, cause });
    return null;
  }
}

/** The step and the words about it, together or not at all. */
async function tell(
  room: RentRoom,
  { rented, row, kind }: { readonly rented: RentedNumber; readonly row: NumberOwnerRow; readonly kind: Told },
): Promise<Collected> {
  const next = withNextLook(rented, { ...row, version: rented.row.version + 1 });
  const { applied } = await room.store.writeRows([
    { table: 'number_owner', mode: 'next_version', row: next },
    ...(await alertOf(room, { rented, row: next, kind })),
  ]);
  return applied ? { outcome: 'done', row: next } : { outcome: 'stale' };
}
