/**
 * Which window of a tariff holds at a moment, and until when nothing can change. Local time comes from Intl, so daylight saving
 * follows the time zone database of the machine: an hour that is skipped has no window, an hour that comes twice has its window
 * twice.
 */
import type { RateWindow, Tariff } from './rate.ts';

/** A stretch of time in which one set of rates holds. */
export interface RatePeriod {
  readonly rates: Pick<RateWindow, 'connectionFeeMicros' | 'steps'>;
  /** The first moment at which other rates may hold (ms since 1970). */
  readonly endsAtMs: number;
}

export interface TariffClock {
  periodAt(momentMs: number): RatePeriod;
}

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
/** Since 1972 every change of a zone's offset falls on a whole quarter of an hour UTC. */
const QUARTER_MS = 15 * 60_000;
/** 1970-01-01 was a Thursday, ISO weekday 4. */
const EPOCH_WEEKDAY = 4;

const clocks = new WeakMap<Tariff, TariffClock>();

/** The clock of a tariff; made once for each tariff object. Throws RangeError when its time zone is unknown. */
export function tariffClock(tariff: Tariff): TariffClock {
  const known = clocks.get(tariff);
  if (known) return known;
  const clock = createTariffClock(tariff);
  clocks.set(tariff, clock);
  return clock;
}

interface LocalWindow {
  readonly window: RateWindow;
  readonly fromSecond: number;
  readonly toSecond: number;
}

function createTariffClock(tariff: Tariff): TariffClock {
  const windows = tariff.windows.map(localWindow);
  const edges = [...new Set(windows.flatMap(({ fromSecond, toSecond }) => [fromSecond, toSecond])), DAY_SECONDS].sort(
    (first, second) => first - second,
  );
  return {
    periodAt(momentMs) {
      const localMs = momentMs + zoneOffsetMs(tariff.timeZone, momentMs);
      const day = Math.floor(localMs / DAY_MS);
      const msOfDay = localMs - day * DAY_MS;
      const second = Math.floor(msOfDay / 1000);
      const weekday = ((((day + EPOCH_WEEKDAY - 1) % 7) + 7) % 7) + 1;
      const holding = windows.find((candidate) => holds(candidate, { weekday, second }));
      const nextEdge = edges.find((edge) => edge > second) ?? DAY_SECONDS;
      const endsAtMs = momentMs + nextEdge * 1000 - msOfDay;
      return { rates: holding?.window ?? tariff, endsAtMs: firstOffsetChange(tariff.timeZone, { momentMs, endsAtMs }) };
    },
  };
}

/** A window that runs over midnight belongs to the day on which it begins. */
function holds(
  { window, fromSecond, toSecond }: LocalWindow,
  local: { readonly weekday: number; readonly second: number },
): boolean {
  const isToday = window.days.includes(local.weekday);
  if (fromSecond < toSecond) return isToday && local.second >= fromSecond && local.second < toSecond;
  const wasYesterday = window.days.includes(local.weekday === 1 ? 7 : local.weekday - 1);
  return (isToday && local.second >= fromSecond) || (wasYesterday && local.second < toSecond);
}

function localWindow(window: RateWindow): LocalWindow {
  return { window, fromSecond: secondOfDay(window.fromTime), toSecond: secondOfDay(window.toTime) };
}

/** "18:30:00" -> 66_600. */
function secondOfDay(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** The change of the zone's offset within the period, or the end of the period when there is none. */
function firstOffsetChange(timeZone: string, period: { readonly momentMs: number; readonly endsAtMs: number }): number {
  const before = zoneOffsetMs(timeZone, period.momentMs);
  if (zoneOffsetMs(timeZone, period.endsAtMs) === before) return period.endsAtMs;
  let same = Math.floor(period.momentMs / QUARTER_MS);
  let changed = Math.ceil(period.endsAtMs / QUARTER_MS);
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (zoneOffsetMs(timeZone, middle * QUARTER_MS) === before) same = middle;
    else changed = middle;
  }
  return Math.min(changed * QUARTER_MS, period.endsAtMs);
}

/** Formatting a date costs microseconds and a meter asks each second, so the answer is kept by quarter of an hour. */
const MAX_KEPT_OFFSETS = 4096;
const keptOffsets = new Map<string, number>();
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What has to be added to UTC to get the local time of the zone at that moment. */
export function zoneOffsetMs(timeZone: string, momentMs: number): number {
  const quarter = Math.floor(momentMs / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const kept = keptOffsets.get(key);
  if (kept !== undefined) return kept;
  if (keptOffsets.size >= MAX_KEPT_OFFSETS) keptOffsets.clear();
  const offset = readOffsetMs(timeZone, quarter * QUARTER_MS);
  keptOffsets.set(key, offset);
  return offset;
}

function readOffsetMs(timeZone: string, momentMs: number): number {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(momentMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const localMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return localMs - momentMs;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, formatter);
  return formatter;
}
