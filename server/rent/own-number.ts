/** The row of a number that was just bought: whoever sells one writes it along with the charge, and rent goes on from there. */
import type { NumberOwnerRow, RowWrite } from '../storage/rows.ts';
import { dayAt, dayOfMonth, nextRentDay, startOfDayMs } from './rent-calendar.ts';

export interface BoughtNumber {
  /** E.164. */
  readonly number: string;
  readonly accountId: string;
  readonly officeId: string;
  readonly purchaseId: string;
  readonly purchasedAtMs: number;
  readonly currency: string;
  /** What a month costs from now on. */
  readonly monthlyMicros: number;
  /** The account's. */
  readonly timeZone: string;
  /** What was paid for: the days that are left of the calendar month, or a whole month from today. */
  readonly firstMonth: 'rest_of_month' | 'full_month';
}

/** The first rent falls due on this day: the 1st of the next month, or today's day of the month in it. */
export function firstRentDay({
  purchasedAtMs,
  timeZone,
  firstMonth,
}: Pick<BoughtNumber, 'purchasedAtMs' | 'timeZone' | 'firstMonth'>): {
  readonly rentDay: string;
  readonly anchorDay: number;
} {
  const today = dayAt(purchasedAtMs, timeZone);
  const anchorDay = firstMonth === 'full_month' ? dayOfMonth(today) : 1;
  return { rentDay: nextRentDay(today, anchorDay), anchorDay };
}

/**
 * The claim on the number. `before` is the row of the number as it was read, which must be `isFree`; only one of those who claim it at the
 * same time succeeds, the others get a conflict.
 */
export function claimNumber(bought: BoughtNumber, before: NumberOwnerRow | null): RowWrite {
  const row = ownedRow(bought, (before?.version ?? 0) + 1);
  return { table: 'number_owner', mode: before === null ? 'insert' : 'next_version', row };
}

/** True when nobody has it: it was never bought, or given back. */
export function isFree(owner: Pick<NumberOwnerRow, 'state'> | null): boolean {
  return owner === null || owner.state === 'returned';
}

function ownedRow(bought: BoughtNumber, version: number): NumberOwnerRow {
  const { timeZone, firstMonth, ...row } = bought;
  const { rentDay, anchorDay } = firstRentDay(bought);
  return {
    ...row,
    personId: null,
    state: 'active',
    nextMonthlyMicros: null,
    nextMonthlyDay: null,
    anchorDay,
    rentDay,
    stepDay: null,
    heldMicros: 0,
    holdId: null,
    told: '',
    changeId: null,
    releasedAtMs: null,
    // The first look finds when the next one is due; the policy may say that something comes before rent day.
    dueAtMs: Math.min(bought.purchasedAtMs, startOfDayMs(rentDay, timeZone)),
    version,
    numberRef: null,
  };
}
