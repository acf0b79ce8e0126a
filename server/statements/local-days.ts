/** Calendar days and months of a time zone (IANA): "2026-11-22", "2026-11". Days have 23 to 25 hours, and begin when the zone says. */
import { Temporal } from 'temporal-polyfill';

export interface LocalDays {
  dayOf(atMs: number): string;
  /** "14:03:07" */
  timeOf(atMs: number): string;
  /** When the day begins, ms since 1970. */
  startOf(day: string): number;
}

const DAY_MS = 24 * 3_600_000;

const known = new Map<string, LocalDays>();

export function localDays(timeZone: string): LocalDays {
  const found = known.get(timeZone);
  if (found) return found;
  const made = new RememberedDays(timeZone);
  known.set(timeZone, made);
  return made;
}

export function nextDay(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}

export function daysBefore(day: string, days: number): string {
  return Temporal.PlainDate.from(day).subtract({ days }).toString();
}

export function daysAfter(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** False for a 30 February. */
export function isCalendarDay(day: string): boolean {
  const [year, month, ofMonth] = day.split('-').map(Number);
  return Temporal.PlainYearMonth.from({ year: year ?? 0, month: month ?? 0 }).daysInMonth >= (ofMonth ?? 0);
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function firstDayOf(month: string): string {
  return `${month}-01`;
}

export function lastDayOf(month: string): string {
  return `${month}-${Temporal.PlainYearMonth.from(month).daysInMonth}`;
}

/** Entries come day after day: the calendar is asked once a day, not for each of them. */
class RememberedDays implements LocalDays {
  readonly #timeZone: string;
  #day = '';
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  dayOf(atMs: number): string {
    if (atMs < this.#startMs || atMs >= this.#endMs) this.#remember(atMs);
    return this.#day;
  }

  timeOf(atMs: number): string {
    this.dayOf(atMs);
    // On a day of 24 hours the clock shows what has passed of it.
    return this.#endMs - this.#startMs === DAY_MS
      ? clockTime(Math.floor((atMs - this.#startMs) / 1_000))
      : zoned(atMs, this.#timeZone).toPlainTime().toString({ smallestUnit: 'second' });
  }

  startOf(day: string): number {
    return Temporal.PlainDate.from(day).toZonedDateTime(this.#timeZone).epochMilliseconds;
  }

  #remember(atMs: number): void {
    this.#day = zoned(atMs, this.#timeZone).toPlainDate().toString();
    this.#startMs = this.startOf(this.#day);
    this.#endMs = this.startOf(nextDay(this.#day));
  }
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** 50_587 is "14:03:07". */
function clockTime(second: number): string {
  const minute = Math.floor(second / 60);
  return `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
}

function zoned(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}
