/**
 * Rent days: calendar days in the account's time zone, so that a month is a month there, whatever its length, leap years and clock changes.
 * A day begins at its first moment, which is not 00:00 everywhere (REQUIREMENTS complaints 25 and 26).
 */
import { Temporal } from 'temporal-polyfill';
import { remembered } from './remembered.ts';

/** A day of the calendar: "2026-03-31". Compared as text, ordered as days. */
export type CalendarDay = string;

/** The day that it is in this time zone. */
export const dayAt = remembered(
  (atMs: number, timeZone: string): CalendarDay =>
    Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
);

/** The first moment of the day, in ms since 1970. */
export const startOfDayMs = remembered(
  (day: CalendarDay, timeZone: string): number =>
    Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds,
);

/** 1 to 31. */
export function dayOfMonth(day: CalendarDay): number {
  return Temporal.PlainDate.from(day).day;
}

/** The rent day in the month after: the anchor day is kept, so that a 31st becomes February 28 and then March 31. */
export const nextRentDay = remembered((day: CalendarDay, anchorDay: number): CalendarDay => {
  const month = Temporal.PlainDate.from(day).toPlainYearMonth().add({ months: 1 });
  return month.toPlainDate({ day: Math.min(anchorDay, month.daysInMonth) }).toString();
});

export const addDays = remembered(
  (day: CalendarDay, days: number): CalendarDay => Temporal.PlainDate.from(day).add({ days }).toString(),
);

/** Negative when `to` is before `from`. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
}

export function laterDay(one: CalendarDay, other: CalendarDay): CalendarDay {
  return one > other ? one : other;
}
