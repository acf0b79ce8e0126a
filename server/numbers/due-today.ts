/**
 * What a number costs on the day it is bought, item by item: set-up, and the time until its first rent day. Whole days of the calendar in
 * the account's time zone, today among them; the part of a month is rounded up to the currency's smallest unit here and nowhere else, so
 * that what is shown is what is charged.
 *
 *   rest_of_month  bought on 21 November for 3.00 a month: 10 of 30 days, 1.00; rent on 1 December and then on each 1st
 *   full_month     bought on 31 January: 3.00; rent on 28 February, 31 March and so on
 */
import { Temporal } from 'temporal-polyfill';
import { addMicros, MICROS_PER_UNIT, type Micros, micros, minMicros } from '../../src/protocol/money.ts';
import type { Policy } from '../policy/policy.ts';

export interface NumberPrice {
  readonly setupMicros: number;
  readonly monthlyMicros: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface PurchaseDay {
  readonly atMs: number;
  /** IANA, the account's. */
  readonly timeZone: string;
  readonly firstMonth: Policy['numbers']['firstMonth'];
}

export interface DueToday {
  readonly totalMicros: Micros;
  readonly setupMicros: Micros;
  /** For the days until rent falls due. */
  readonly firstMonthMicros: Micros;
  /** So many days of so many. */
  readonly days: number;
  readonly daysInMonth: number;
  /** "2026-12-01", in the account's time zone: until the beginning of this day the number is paid. */
  readonly nextRentDay: string;
  /** Of the month, 1 to 31: rent falls due on this day, in shorter months on the last one. */
  readonly anchorDay: number;
}

export function dueToday(price: NumberPrice, { atMs, timeZone, firstMonth }: PurchaseDay): DueToday {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const isWhole = firstMonth === 'full_month';
  const nextRentDay = isWhole ? today.add({ months: 1 }) : today.with({ day: 1 }).add({ months: 1 });
  const days = today.until(nextRentDay).days;
  const daysInMonth = isWhole ? days : today.daysInMonth;
  const setupMicros = micros(price.setupMicros);
  const firstMonthMicros = partOfMonth(price, { days, daysInMonth });
  return {
    totalMicros: addMicros(setupMicros, firstMonthMicros),
    setupMicros,
    firstMonthMicros,
    days,
    daysInMonth,
    nextRentDay: nextRentDay.toString(),
    anchorDay: isWhole ? today.day : 1,
  };
}

/** Rounded up to what can be paid in the currency (a cent, a yen), and never more than the month itself. */
function partOfMonth(
  { monthlyMicros, currency }: NumberPrice,
  { days, daysInMonth }: { readonly days: number; readonly daysInMonth: number },
): Micros {
  const smallest = BigInt(smallestUnitMicros(currency));
  const perUnit = BigInt(daysInMonth) * smallest;
  // As BigInt: the product of a price and the days may be past what a number counts exactly.
  const units = (BigInt(monthlyMicros) * BigInt(days) + perUnit - 1n) / perUnit;
  return minMicros(micros(monthlyMicros), micros(Number(units * smallest)));
}

function smallestUnitMicros(currency: string): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return MICROS_PER_UNIT / 10 ** maximumFractionDigits;
}
