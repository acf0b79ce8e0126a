import { describe, expect, test } from 'vitest';
import {
  daysBefore,
  firstDayOf,
  isCalendarDay,
  lastDayOf,
  localDays,
  nextDay,
} from '../../../server/statements/local-days.ts';

const HOUR_MS = 3_600_000;

describe('days of a time zone', () => {
  test.each([
    ['the last millisecond of a day', 'Europe/Berlin', '2026-11-21T22:59:59.999Z', '2026-11-21', '23:59:59'],
    ['the first one', 'Europe/Berlin', '2026-11-21T23:00:00Z', '2026-11-22', '00:00:00'],
    ['before clocks go forward', 'Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29', '01:59:59'],
    ['after clocks went forward', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29', '03:00:00'],
    ['the hour that comes twice, first', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25', '02:30:00'],
    ['the hour that comes twice, again', 'Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', '02:30:00'],
    ['a day that begins at one', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24', '01:00:00'],
    ['three quarters of an hour', 'Asia/Kathmandu', '2026-11-21T18:15:00Z', '2026-11-22', '00:00:00'],
    ['a leap day', 'UTC', '2028-02-29T23:59:59Z', '2028-02-29', '23:59:59'],
  ])('%s', (_, timeZone, at, day, time) => {
    const days = localDays(timeZone);
    const atMs = Date.parse(at);
    expect([days.dayOf(atMs), days.timeOf(atMs)]).toEqual([day, time]);
  });

  test('what was asked before changes no answer', () => {
    const days = localDays('America/New_York');
    const startMs = Date.UTC(2026, 9, 30);
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });
    // There and back again, over the end of daylight saving.
    for (const hour of [...Array(96).keys(), ...[...Array(96).keys()].reverse()]) {
      expect(days.dayOf(startMs + hour * HOUR_MS)).toBe(format.format(startMs + hour * HOUR_MS));
    }
  });

  test('days begin when the zone says', () => {
    expect(localDays('Europe/Berlin').startOf('2026-03-29')).toBe(Date.UTC(2026, 2, 28, 23));
    expect(localDays('Europe/Berlin').startOf('2026-03-30')).toBe(Date.UTC(2026, 2, 29, 22));
    expect(localDays('Africa/Cairo').startOf('2026-04-24')).toBe(Date.UTC(2026, 3, 23, 22));
  });

  test('calendar days', () => {
    expect([nextDay('2026-12-31'), nextDay('2028-02-28'), daysBefore('2026-03-01', 1)]).toEqual([
      '2027-01-01',
      '2028-02-29',
      '2026-02-28',
    ]);
    expect([firstDayOf('2026-02'), lastDayOf('2026-02'), lastDayOf('2028-02')]).toEqual([
      '2026-02-01',
      '2026-02-28',
      '2028-02-29',
    ]);
    expect(['2026-02-28', '2026-02-29', '2028-02-29', '2026-04-31'].map(isCalendarDay)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
