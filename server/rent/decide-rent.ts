/**
 * What is to be done about a number now. Pure: a row, a day and the policy in, one step out.
 *
 *   bought --> active --rent day: not covered--> late --> held --> returning --> returned
 *                ^  ^                             |         |
 *                |  +------- credit arrives ------+         |
 *                +------------- restored by a person -------+
 *
 * Every arrow to the right has been announced with its date before (rent_due, number_late, number_held, number_leaving), also when the
 * servers were down meanwhile: the ladder's days count from the day on which the step before was made, never from days that have gone by.
 */
import type { NumberOwnerRow } from '../storage/rows.ts';
import { addDays, type CalendarDay, startOfDayMs } from './rent-calendar.ts';
import type { RentedNumber } from './rented-number.ts';

export type RentStep =
  /** Bought before there was rent: it gets its first rent day. */
  | 'begin'
  | 'collect'
  /** Reserves the next rent; without credit for it, warns. */
  | 'set_aside'
  /** Tells people when the credit will not cover the next rent. */
  | 'warn'
  /** Tells them that it will be given back. */
  | 'announce_leaving'
  | 'give_back'
  /** Tells whoever it came from. */
  | 'return'
  | 'wait';

/** What could not be done is tried again after so long, unless something else is due before. */
const RETRY_MS = 3_600_000;
const RETURN_AGAIN_MS = 60_000;

export function decideRent({ row, today, policy }: RentedNumber): RentStep {
  switch (row.state) {
    case 'active':
      if (row.rentDay === '') return 'begin';
      if (today >= row.rentDay) return 'collect';
      if (isSetAsideDue({ row, today, policy })) return 'set_aside';
      return isWarningDue({ row, today, policy }) ? 'warn' : 'wait';
    case 'late':
      return 'collect';
    case 'held':
      if (today < addDays(stepDayOf(row), -policy.leavingDays)) return 'wait';
      if (row.told !== toldLeaving(stepDayOf(row))) return 'announce_leaving';
      return today >= stepDayOf(row) ? 'give_back' : 'wait';
    case 'returning':
      return 'return';
    default:
      return 'wait';
  }
}

type Looked = Pick<RentedNumber, 'row' | 'today' | 'policy'>;

function isSetAsideDue({ row, today, policy }: Looked): boolean {
  if (policy.setAsideDays === 0 || priceOf(row) === 0 || row.heldMicros > 0) return false;
  return today >= addDays(row.rentDay, -policy.setAsideDays);
}

export function isWarningDue({ row, today, policy }: Looked): boolean {
  if (policy.announceDays === 0 || priceOf(row) === 0 || row.heldMicros > 0) return false;
  return today >= addDays(row.rentDay, -policy.announceDays) && row.told !== toldDue(row.rentDay);
}

type Priced = Pick<NumberOwnerRow, 'monthlyMicros' | 'nextMonthlyMicros' | 'nextMonthlyDay'>;

/** Of the rent that falls due on the row's rent day. */
export function priceOf(row: Priced & Pick<NumberOwnerRow, 'rentDay'>): number {
  return pricedOn(row, row.rentDay).monthlyMicros;
}

/** The prices of the row as they are once a month that begins on this day is paid for: a change that has begun is the price. */
export function pricedOn({ monthlyMicros, nextMonthlyMicros, nextMonthlyDay }: Priced, day: CalendarDay): Priced {
  const isNew = nextMonthlyMicros !== null && nextMonthlyDay !== null && day >= nextMonthlyDay;
  return isNew
    ? { monthlyMicros: nextMonthlyMicros, nextMonthlyMicros: null, nextMonthlyDay: null }
    : { monthlyMicros, nextMonthlyMicros, nextMonthlyDay };
}

export function toldDue(rentDay: CalendarDay): string {
  return `due:${rentDay}`;
}

export function toldLeaving(stepDay: CalendarDay): string {
  return `leaving:${stepDay}`;
}

/** Where a late or held number goes next, and when. */
export function stepDayOf(row: NumberOwnerRow): CalendarDay {
  if (row.stepDay === null) throw new Error(`${row.number} is ${row.state} without a day on which that ends`);
  return row.stepDay;
}

/** `row`, which is about to be written, with the time of its next look: now, when there is something else to do at once. */
export function withNextLook(rented: RentedNumber, row: NumberOwnerRow): NumberOwnerRow {
  const next = { ...rented, row };
  const isWaiting = decideRent(next) === 'wait' || isWaitingForCredit(next);
  return { ...row, dueAtMs: isWaiting ? wakeAtMs(next) : rented.nowMs };
}

/** It was tried just now, and people were told. */
function isWaitingForCredit({ row, today }: Looked): boolean {
  return (row.state === 'late' && today < stepDayOf(row)) || row.told === toldDue(row.rentDay);
}

/** When this row must be looked at next, given that nothing is to be done about it now. Null: never. */
export function wakeAtMs({ row, policy, timeZone, nowMs, today }: RentedNumber): number | null {
  const start = (day: CalendarDay) => startOfDayMs(day, timeZone);
  switch (row.state) {
    case 'active': {
      const isSafe = row.heldMicros > 0 || priceOf(row) === 0;
      const careDay = addDays(row.rentDay, -Math.max(policy.setAsideDays, policy.announceDays));
      if (isSafe || policy.setAsideDays + policy.announceDays === 0) return start(row.rentDay);
      return today < careDay ? start(careDay) : Math.min(nowMs + RETRY_MS, start(row.rentDay));
    }
    case 'late':
      return Math.min(nowMs + RETRY_MS, start(stepDayOf(row)));
    case 'held': {
      const isTold = row.told === toldLeaving(stepDayOf(row));
      return start(isTold ? stepDayOf(row) : addDays(stepDayOf(row), -policy.leavingDays));
    }
    case 'returning':
      return nowMs + RETURN_AGAIN_MS;
    default:
      return null;
  }
}
