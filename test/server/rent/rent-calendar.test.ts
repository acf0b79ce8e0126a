import { describe, expect, test } from 'vitest';
import { firstRentDay } from '../../../server/rent/own-number.ts';
import {
  addDays,
  dayAt,
  dayOfMonth,
  daysBetween,
  laterDay,
  nextRentDay,
  startOfDayMs,
} from '../../../server/rent/rent-calendar.ts';

function rentDays(first: string, anchorDay: number, count: number): string[] {
  const days = [first];
  while (days.length < count) days.push(nextRentDay(days.at(-1) ?? first, anchorDay));
  return days;
}

describe('rent days', () => {
  test('the anchor day is kept: a 31st falls on the last day of shorter months and comes back', () => {
    expect(rentDays('2026-01-31', 31, 6)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
    ]);
  });

  test('a leap year has its 29th, a common year does not', () => {
    expect(rentDays('2027-12-29', 29, 4)).toEqual(['2027-12-29', '2028-01-29', '2028-02-29', '2028-03-29']);
    expect(nextRentDay('2027-01-30', 30)).toBe('2027-02-28');
    expect(nextRentDay('2100-01-31', 31)).toBe('2100-02-28');
  });

  test('years end', () => {
    expect(nextRentDay('2026-12-03', 3)).toBe('2027-01-03');
  });

  test('a day begins when it begins there: clocks that change make it 23 or 25 hours long, and midnight may not exist', () => {
    const hours = (day: string, zone: string) =>
      (startOfDayMs(addDays(day, 1), zone) - startOfDayMs(day, zone)) / 3_600_000;
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-03-30', 'Europe/Berlin')).toBe(24);
    // Beirut moves its clocks at midnight: March 29 begins at 01:00 there.
    expect(new Date(startOfDayMs('2026-03-29', 'Asia/Beirut')).toISOString()).toBe('2026-03-28T22:00:00.000Z');
    // Samoa had no December 30 in 2011.
    expect(dayAt(startOfDayMs('2011-12-29', 'Pacific/Apia') + 24 * 3_600_000, 'Pacific/Apia')).toBe('2011-12-31');
  });

  test('the first moment of a day is that day, the moment before is not', () => {
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'UTC']) {
      for (const day of ['2026-03-29', '2026-10-25', '2028-02-29', '2026-11-01']) {
        const startMs = startOfDayMs(day, zone);
        expect(dayAt(startMs, zone), zone).toBe(day);
        expect(dayAt(startMs - 1, zone), zone).toBe(addDays(day, -1));
      }
    }
  });

  test('days are counted and compared as days', () => {
    expect(daysBetween('2026-02-27', '2026-03-03')).toBe(4);
    expect(daysBetween('2026-03-03', '2026-02-27')).toBe(-4);
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(laterDay('2026-03-03', '2026-02-27')).toBe('2026-03-03');
    expect(laterDay('2026-02-27', '2026-03-03')).toBe('2026-03-03');
    expect(dayOfMonth('2026-02-28')).toBe(28);
  });
});

describe('the first rent day of a number that was just bought', () => {
  const bought = (iso: string, firstMonth: 'full_month' | 'rest_of_month', timeZone = 'Europe/Berlin') =>
    firstRentDay({ purchasedAtMs: Date.parse(iso), firstMonth, timeZone });

  test('is a month later with a full month paid, and the 1st with the rest of the month', () => {
    expect(bought('2026-01-31T10:00:00Z', 'full_month')).toEqual({ rentDay: '2026-02-28', anchorDay: 31 });
    expect(bought('2026-01-31T10:00:00Z', 'rest_of_month')).toEqual({ rentDay: '2026-02-01', anchorDay: 1 });
  });

  test('goes by the calendar of the account, not by that of the server', () => {
    expect(bought('2026-01-31T23:30:00Z', 'rest_of_month')).toEqual({ rentDay: '2026-03-01', anchorDay: 1 });
    expect(bought('2026-02-01T03:30:00Z', 'rest_of_month', 'America/New_York').rentDay).toBe('2026-02-01');
  });
});
