import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueToday } from '../../../server/numbers/due-today.ts';

const THREE = { setupMicros: 200_000, monthlyMicros: 3_000_000, currency: 'USD' };

function bought(atText: string, more: { price?: object; timeZone?: string; firstMonth?: 'full_month' } = {}) {
  return dueToday(
    { ...THREE, ...more.price },
    {
      atMs: Date.parse(atText),
      timeZone: more.timeZone ?? 'UTC',
      firstMonth: more.firstMonth ?? 'rest_of_month',
    },
  );
}

describe('the price due today', () => {
  test('F-04: is set-up and the days that are left of the month, today among them', () => {
    expect(bought('2026-11-21T10:00:00Z')).toEqual({
      totalMicros: 1_200_000,
      setupMicros: 200_000,
      firstMonthMicros: 1_000_000,
      days: 10,
      daysInMonth: 30,
      nextRentDay: '2026-12-01',
      anchorDay: 1,
    });
    expect(bought('2026-11-01T00:00:00Z')).toMatchObject({ firstMonthMicros: 3_000_000, days: 30 });
    expect(bought('2026-12-31T23:59:59Z')).toMatchObject({ days: 1, daysInMonth: 31, nextRentDay: '2027-01-01' });
  });

  test('knows leap years', () => {
    expect(bought('2028-02-29T12:00:00Z')).toMatchObject({ days: 1, daysInMonth: 29, nextRentDay: '2028-03-01' });
    expect(bought('2027-02-28T12:00:00Z')).toMatchObject({ days: 1, daysInMonth: 28 });
  });

  test("goes by the account's time zone: at the same moment it is another month elsewhere", () => {
    const moment = '2026-10-31T23:30:00Z';
    expect(bought(moment, { timeZone: 'Europe/Berlin' })).toMatchObject({ days: 30, nextRentDay: '2026-12-01' });
    expect(bought(moment, { timeZone: 'America/New_York' })).toMatchObject({ days: 1, nextRentDay: '2026-11-01' });
  });

  test('counts whole days across the change of the clocks', () => {
    expect(bought('2026-10-25T00:30:00Z', { timeZone: 'Europe/Berlin' })).toMatchObject({ days: 7, daysInMonth: 31 });
    expect(bought('2026-03-29T22:30:00Z', { timeZone: 'Europe/Berlin' })).toMatchObject({ days: 2 });
  });

  test('is rounded up to what can be paid in the currency', () => {
    // 3.00 * 17 / 31 = 1.6451...
    expect(bought('2026-01-15T12:00:00Z').firstMonthMicros).toBe(1_650_000);
    expect(bought('2026-01-15T12:00:00Z', { price: { currency: 'JPY' } }).firstMonthMicros).toBe(2_000_000);
    expect(bought('2026-01-15T12:00:00Z', { price: { currency: 'KWD' } }).firstMonthMicros).toBe(1_646_000);
  });

  test('is never more than a month, however small the rent', () => {
    expect(bought('2026-01-15T12:00:00Z', { price: { monthlyMicros: 8_500 } }).firstMonthMicros).toBe(8_500);
    expect(bought('2026-01-15T12:00:00Z', { price: { monthlyMicros: 0, setupMicros: 0 } }).totalMicros).toBe(0);
  });

  test('may be a full month, when the policy says so: the next rent falls due on the same day', () => {
    const full = (day: string) => bought(`${day}T12:00:00Z`, { firstMonth: 'full_month' });
    expect(full('2026-11-21')).toMatchObject({ firstMonthMicros: 3_000_000, nextRentDay: '2026-12-21', anchorDay: 21 });
    expect(full('2026-01-31')).toMatchObject({ nextRentDay: '2026-02-28', anchorDay: 31, firstMonthMicros: 3_000_000 });
    expect(full('2028-01-31')).toMatchObject({ nextRentDay: '2028-02-29', anchorDay: 31 });
  });

  test('is between a day and a month on any day in any zone, and less than a cent above the exact part', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Casablanca'];
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2060, 0) }),
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (atMs, timeZone, monthlyMicros) => {
          const price = { ...THREE, monthlyMicros };
          const due = dueToday(price, { atMs, timeZone, firstMonth: 'rest_of_month' });
          expect(due.days).toBeGreaterThanOrEqual(1);
          expect(due.days).toBeLessThanOrEqual(due.daysInMonth);
          expect(due.firstMonthMicros).toBeGreaterThan(0);
          expect(due.firstMonthMicros).toBeLessThanOrEqual(monthlyMicros);
          // Never less than the exact share, and less than one cent more.
          const exact = (monthlyMicros * due.days) / due.daysInMonth;
          expect(due.firstMonthMicros).toBeGreaterThanOrEqual(Math.min(exact, monthlyMicros) - 0.01);
          expect(due.firstMonthMicros - exact).toBeLessThan(10_000);
        },
      ),
    );
  });
});
