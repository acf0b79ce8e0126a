/** Reads the cells of a rate deck. Each reader returns the value or throws CellError with the reason; nothing is guessed. */
import { MAX_CALL_SECONDS } from '../../src/protocol/duration.ts';
import { type Micros, parseMicros } from '../../src/protocol/money.ts';
import {
  ANY_PREFIX,
  CALL_DIRECTIONS,
  type CallDirection,
  RATE_KINDS,
  type RateKind,
  ROUNDING_MODES,
  type RoundingMode,
} from '../../src/protocol/rate.ts';
import { serviceKindSchema } from '../../src/protocol/service.ts';
import { isSubscription } from '../../src/protocol/subscription.ts';
import { MAX_DIGITS } from './prefix-index.ts';

/** What is wrong with one cell; caught where the line and the column are known. */
export class CellError extends Error {}

const PLAIN_PREFIX = /^[1-9]\d{0,14}$/;
/** More prefixes in one cell than this are taken for a mistake. */
const MAX_PREFIXES_IN_CELL = 1000;

/**
 * "4915", "+49 15", "0" is no prefix; "4915,4916" and "4915;4916" are two; "61 38,39" is 6138 and 6139, country code first, as
 * Freeside writes it; "=600" is a short number that only matches itself.
 */
export function readPrefixes(cell: string): readonly string[] {
  if (PLAIN_PREFIX.test(cell)) return [cell];
  const groups = cell.split(/[,;|]/).map((group) => group.trim());
  if (groups.length > MAX_PREFIXES_IN_CELL) throw new CellError(`more than ${MAX_PREFIXES_IN_CELL} prefixes`);
  const [countryCode, areas] = (groups[0] ?? '').split(/\s+/, 2);
  const hasCountryCode = areas !== undefined && groups.every((group, at) => at === 0 || /^\d{1,8}$/.test(group));
  const texts = hasCountryCode ? [areas, ...groups.slice(1)].map((area) => `${countryCode}${area}`) : groups;
  return texts.map(readPrefix);
}

/** Of a service: as of a call, or "*" for one that goes to no number, and for every number without a prefix of its own. */
export function readServicePrefixes(cell: string): readonly string[] {
  return cell === ANY_PREFIX ? [ANY_PREFIX] : readPrefixes(cell);
}

/** The name that the policy gives to a metered service: "sms", "fax". */
export function readServiceKind(cell: string): string {
  const kind = cell.toLowerCase().replace(/[\s-]+/g, '_');
  if (!serviceKindSchema.safeParse(kind).success) throw new CellError('a service is a word such as sms or fax');
  if (isSubscription(kind)) throw new CellError('credit never pays for subscriptions');
  return kind;
}

function readPrefix(text: string): string {
  const prefix = text.replace(/^(\+|00(?=[1-9]))/, '');
  if (/^=\d{2,6}$/.test(prefix)) return prefix;
  if (/^\d(\.\d+)?e\+?\d+$/i.test(prefix)) throw new CellError('a spreadsheet has turned this prefix into a float');
  if (!/^\d+$/.test(prefix)) throw new CellError('a prefix is digits, or "=" and a short number');
  if (prefix.startsWith('0')) throw new CellError('an E.164 prefix does not begin with 0');
  if (prefix.length > MAX_DIGITS) throw new CellError(`a prefix has at most ${MAX_DIGITS} digits`);
  return prefix;
}

export interface Price {
  readonly priceMicros: Micros;
  readonly intervalSeconds: number;
}

/**
 * A decimal per interval. Digits below one micro are kept by a longer interval: 0.0123456 per 60 s is 0.123456 per 600 s.
 */
export function readPrice(cell: string, intervalSeconds: number): Price {
  const text = cell.replace(/^\$\s*/, '');
  for (let factor = 1; intervalSeconds * factor <= MAX_CALL_SECONDS; factor *= 10) {
    const priceMicros = readAmount(shiftedRight(text, Math.log10(factor)));
    if (priceMicros !== null) return { priceMicros, intervalSeconds: intervalSeconds * factor };
  }
  throw new CellError(decimalComplaint(text));
}

export function readFee(cell: string): Micros {
  const text = cell.replace(/^\$\s*/, '');
  const amount = readAmount(text);
  if (amount === null) throw new CellError(decimalComplaint(text));
  return amount;
}

function readAmount(text: string): Micros | null {
  const amount = parseMicros(text);
  if (amount !== null && amount < 0) throw new CellError('a price is not negative');
  return amount;
}

/** "0.0123456" moved by one place: "0.123456". */
function shiftedRight(text: string, places: number): string {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (!match || places === 0) return text;
  const [, whole = '', fraction = ''] = match;
  const padded = fraction.padEnd(places, '0');
  const moved = `${whole}${padded.slice(0, places)}`.replace(/^(-?)0+(?=\d)/, '$1');
  const rest = padded.slice(places).replace(/0+$/, '');
  return rest === '' ? moved : `${moved}.${rest}`;
}

function decimalComplaint(text: string): string {
  if (text === '') return 'empty';
  if (/^-?\d+,\d+$/.test(text)) return 'a comma in a price can mean thousands or decimals; write a point';
  if (/^-?\d+(\.\d+)?$/.test(text)) return 'more digits than can be kept exactly';
  return 'not a decimal number';
}

/** "60/60", "30/6", "1" (the same as 1/1). */
export function readIncrements(cell: string): { readonly initial: number; readonly next: number } {
  const parts = cell.split(/[/+:]/).map((part) => part.trim());
  if (parts.length > 2) throw new CellError('increments look like 60/60');
  const initial = readSeconds(parts[0] ?? '', 'increments look like 60/60');
  return { initial, next: parts[1] === undefined ? initial : readSeconds(parts[1], 'increments look like 60/60') };
}

/** A whole number of seconds, from 1 to a day. */
export function readSeconds(cell: string, otherwise = 'not a whole number of seconds from 1 to 86400'): number {
  const seconds = /^\d{1,5}$/.test(cell) ? Number(cell) : 0;
  if (seconds < 1 || seconds > MAX_CALL_SECONDS) throw new CellError(otherwise);
  return seconds;
}

export function readDecimals(cell: string): number {
  if (!/^[0-6]$/.test(cell)) throw new CellError('decimals are a number from 0 to 6');
  return Number(cell);
}

export function readKind(cell: string): RateKind {
  return oneOf(RATE_KINDS, cell.toLowerCase().replace(/[\s-]+/g, '_'));
}

export function readDirection(cell: string): CallDirection {
  const text = cell.toLowerCase();
  return oneOf(CALL_DIRECTIONS, text === 'in' ? 'inbound' : text === 'out' ? 'outbound' : text);
}

export function readRoundingMode(cell: string): RoundingMode {
  return oneOf(ROUNDING_MODES, cell.toLowerCase().replace(/[\s-]+/g, '_'));
}

function oneOf<Value extends string>(allowed: readonly Value[], text: string): Value {
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new CellError(`one of ${allowed.join(', ')}`);
  return found;
}

export function readCurrency(cell: string): string {
  if (!/^[A-Z]{3}$/.test(cell)) throw new CellError('a currency is three capital letters');
  return cell;
}

export function readTimeZone(cell: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: cell }) && cell;
  } catch {
    throw new CellError('no time zone of that name; it looks like Europe/Vienna');
  }
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An ISO 8601 date (its first moment in UTC) or a moment with its offset; ms since 1970. */
export function readMoment(cell: string): number {
  if (!ISO_DATE.test(cell) && !ISO_MOMENT.test(cell)) {
    throw new CellError('not an ISO date such as 2026-01-31 or 2026-01-31T00:00:00Z');
  }
  const moment = Date.parse(cell.replace(' ', 'T'));
  if (Number.isNaN(moment) || !isDayOfCalendar(cell.slice(0, 10))) throw new CellError('there is no such day');
  return moment;
}

/** Date.parse turns February 30 into March 2. */
function isDayOfCalendar(day: string): boolean {
  return Number(day.slice(8)) <= 28 || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
