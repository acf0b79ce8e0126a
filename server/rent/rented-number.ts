/** An owned number with what rent needs to know about its owner. */
import { sql } from 'kysely';
import type { Policy } from '../policy/policy.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { PRICE_IN_QUERY } from './price-in-query.ts';
import type { CalendarDay } from './rent-calendar.ts';
import { dayAt } from './rent-calendar.ts';
import type { RentRoom } from './rent-room.ts';

export interface RentedNumber {
  readonly row: NumberOwnerRow;
  /** Who pays. */
  readonly walletId: string;
  /** The account's: rent days are days there. */
  readonly timeZone: string;
  readonly policy: Policy['rent'];
  /** By the server's clock. */
  readonly nowMs: number;
  readonly today: CalendarDay;
}

export interface DuePage {
  readonly numbers: readonly RentedNumber[];
  /** Where the next page begins; null when this was the last one. */
  readonly after: DueCursor | null;
}

export interface DueCursor {
  readonly dueAtMs: number;
  readonly number: string;
}

/** So many are worked on at once. The ledger queues more, and reads of the next page go along with the work on this one. */
const PAGE_NUMBERS = 2_048;

/** Numbers whose time has come, the oldest first. */
export async function dueNumbers(room: RentRoom, after: DueCursor | null): Promise<DuePage> {
  const nowMs = room.clock.nowMs();
  let query = rented(room).where('number_owner.dueAtMs', '<=', nowMs);
  if (after !== null) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('number_owner.dueAtMs', 'number_owner.number'), '>', tuple(after.dueAtMs, after.number)),
    );
  }
  const found = await query
    .orderBy('number_owner.dueAtMs')
    .orderBy('number_owner.number')
    .limit(PAGE_NUMBERS)
    .execute();
  const last = found.at(-1);
  return {
    numbers: found.map((row) => rentedOf(room, { found: row, nowMs })),
    after: found.length === PAGE_NUMBERS && last ? { dueAtMs: last.dueAtMs ?? 0, number: last.number } : null,
  };
}

/** Numbers that are late and whose wallet has the rent now: credit has arrived. */
export async function lateNumbersWithCredit(room: RentRoom): Promise<readonly RentedNumber[]> {
  const nowMs = room.clock.nowMs();
  const found = await rented(room)
    .innerJoin('wallet', (join) =>
      join.onRef('wallet.accountId', '=', 'office.accountId').onRef('wallet.walletId', '=', 'office.walletId'),
    )
    // Literally: SQLite does not know from a parameter that its index holds all of them.
    .where(sql<boolean>`number_owner.state = 'late'`)
    .whereRef('wallet.balanceMicros', '>=', ({ eb }) => eb('wallet.heldMicros', '+', PRICE_IN_QUERY))
    .limit(PAGE_NUMBERS)
    .execute();
  return found.map((row) => rentedOf(room, { found: row, nowMs }));
}

/** Null when nobody of this account has it. */
export async function readRented(
  room: RentRoom,
  { accountId, number }: { readonly accountId: string; readonly number: string },
): Promise<RentedNumber | null> {
  const found = await rented(room)
    .where('number_owner.number', '=', number)
    .where('number_owner.accountId', '=', accountId)
    .executeTakeFirst();
  return found ? rentedOf(room, { found, nowMs: room.clock.nowMs() }) : null;
}

function rented({ store }: RentRoom) {
  return store.db
    .selectFrom('number_owner')
    .innerJoin('office', (join) =>
      join
        .onRef('office.accountId', '=', 'number_owner.accountId')
        .onRef('office.officeId', '=', 'number_owner.officeId'),
    )
    .innerJoin('account', 'account.accountId', 'number_owner.accountId')
    .selectAll('number_owner')
    .select(['office.walletId', 'account.timeZone', 'account.profile']);
}

export type Found = NumberOwnerRow & { readonly walletId: string; readonly timeZone: string; readonly profile: string };

export function rentedOf(
  room: RentRoom,
  { found, nowMs }: { readonly found: Found; readonly nowMs: number },
): RentedNumber {
  const { walletId, timeZone, profile, ...row } = found;
  return {
    row,
    walletId,
    timeZone,
    nowMs,
    today: dayAt(nowMs, timeZone),
    policy: room.policy.of({ profile }).rent,
  };
}
