/** The time-of-day windows of a vector, in the three ways in which vectors write them. */
import type { Micros } from '../../../src/protocol/money.ts';
import type { RateStep, RateWindow, Tariff } from '../../../src/protocol/rate.ts';
import { CellError } from '../rate-cell.ts';
import { readDays } from '../rate-windows-cell.ts';
import { wholeSeconds } from './exact-decimal.ts';
import { type Fields, isFields, needFields, needText, refuseUnknown, Unsupported } from './vector.ts';

/** How the steps and the connection fee of one window are read. */
export interface WindowReader {
  readonly steps: (fields: Fields) => RateStep[];
  readonly fee: (fields: Fields) => Micros;
}

const WINDOW_MEMBERS = [
  'days',
  'from',
  'to',
  'rate',
  'price',
  'per_s',
  'increment_s',
  'connect_fee',
  'steps',
  'name',
  'label',
  'note',
  'notes',
];

/**
 * A list of { days, from, to, rate } or { from, to, price }. A window without "to" lasts until the next one of its days begins, so
 * later beginnings come first: the first window that matches wins.
 */
export function plainWindows(list: readonly unknown[], reader: WindowReader): RateWindow[] {
  const windows = list.map((entry) => {
    const fields = needFields(entry, 'window');
    refuseUnknown(fields, WINDOW_MEMBERS);
    const rate = isFields(fields.rate) ? fields.rate : fields;
    return {
      days: daysOf(fields.days),
      fromTime: timeOf(fields.from ?? '00:00:00'),
      toTime: endOf(fields.to ?? '24:00:00'),
      connectionFeeMicros: reader.fee(rate),
      steps: reader.steps(rate),
      hasEnd: fields.to !== undefined,
    };
  });
  return windows
    .toSorted((first, second) =>
      first.hasEnd !== second.hasEnd ? (first.hasEnd ? -1 : 1) : first.fromTime < second.fromTime ? 1 : -1,
    )
    .map(({ hasEnd: _, ...window }) => window);
}

function daysOf(value: unknown): number[] {
  if (value === undefined || value === null) return [1, 2, 3, 4, 5, 6, 7];
  try {
    return Array.isArray(value) ? readDays(value.map(String).join(',')) : readDays(plainDays(needText(value, 'days')));
  } catch (error) {
    if (error instanceof CellError) throw new Unsupported(error.message);
    throw error;
  }
}

/** "weekdays", "Sat and Sun" as our rate decks write them. */
function plainDays(text: string): string {
  const listed = text.replace(/\s+(?:and|&)\s+|;\s*/g, ',');
  return listed.replace(/\bweek-?ends?\b/i, 'Sat-Sun').replace(/\bweek-?days?\b/i, 'Mon-Fri');
}

/** "23:59:59" and "07:59" name the last second or minute that belongs to a window. */
function endOf(value: unknown): string {
  const text = needText(value, 'to').trim();
  const time = timeOf(text);
  if (!/^\d{1,2}:\d{2}:59$|^\d{1,2}:59$/.test(text)) return time;
  return clockTime(secondOf(time) + (time.endsWith(':59') ? 1 : 60));
}

export function timeOf(value: unknown): string {
  const text = needText(value, 'time');
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (!match) throw new Unsupported(`"${text}" is no time of day`);
  const [, hours = '', minutes = '', seconds = '00'] = match;
  return `${hours.padStart(2, '0')}:${minutes}:${seconds}`;
}

/**
 * { offpeak: { initial, follow }, onpeak: { initial?, follow }, schedule }: "initial" is the first increment of the call, "follow"
 * the rest; the schedule says when on-peak is, off-peak is the other time.
 */
export function peakWindows(
  rate: Fields,
  context: WindowReader & { readonly durationSeconds: number; readonly scheduleOf: (reference: string) => string },
): Pick<Tariff, 'connectionFeeMicros' | 'steps' | 'windows'> {
  const offpeak = needFields(rate.offpeak, 'offpeak');
  const onpeak = needFields(rate.onpeak, 'onpeak');
  const schedule = context.scheduleOf(needText(rate.schedule, 'schedule'));
  const peak = {
    days: daysOf(undefined),
    connectionFeeMicros: context.fee(onpeak),
    steps: initialAndFollow(onpeak, context),
  };
  return {
    connectionFeeMicros: context.fee(offpeak),
    steps: initialAndFollow(offpeak, context),
    windows: peakTimes(schedule, context.durationSeconds).map((times) => ({ ...peak, ...times })),
  };
}

function initialAndFollow(fields: Fields, reader: WindowReader): RateStep[] {
  const follow = reader.steps(needFields(fields.follow, 'follow'));
  if (!isFields(fields.initial)) return follow;
  const second = wholeSeconds(fields.initial.increment_s, 'increment_s');
  return [...reader.steps(fields.initial), ...follow.map((step) => ({ ...step, fromSecond: second }))];
}

/** "on-peak 08:00-08:01; then off-peak and on-peak alternate every 60 s", or one stretch a day. */
function peakTimes(schedule: string, durationSeconds: number): Pick<RateWindow, 'fromTime' | 'toTime'>[] {
  const stretch = /\bon-?peak\s+(?:from\s+)?(\d{2}:\d{2}(?::\d{2})?)\s*(?:-|to|until)\s*(\d{2}:\d{2}(?::\d{2})?)/i.exec(
    schedule,
  );
  if (!stretch) throw new Unsupported(`the schedule "${schedule}"`);
  const first = { fromTime: timeOf(stretch[1]), toTime: timeOf(stretch[2]) };
  const every = /alternate every (\d+) s/i.exec(schedule)?.[1];
  if (every === undefined) return [first];
  const from = secondOf(first.fromTime);
  const length = secondOf(first.toTime) - from;
  const count = Math.ceil(durationSeconds / (Number(every) + length)) + 1;
  return Array.from({ length: count }, (_, index) => from + index * (Number(every) + length))
    .filter((second) => second + length <= 24 * 3600)
    .map((second) => ({ fromTime: clockTime(second), toTime: clockTime(second + length) }));
}

function secondOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

function clockTime(second: number): string {
  const parts = [second / 3600, (second / 60) % 60, second % 60];
  return parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}
