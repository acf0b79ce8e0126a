/** Reads the values of options; every complaint names the option, what was given and what is expected. */
import { type Micros, parseMicros } from '../../src/protocol/money.ts';
import { isProfile, PROFILES, type Profile } from '../policy/profile.ts';
import { callingCodeOf } from '../read-number.ts';
import { OperatorError } from './operator-error.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function idOption(option: string, value: string): string {
  if (ID.test(value)) return value;
  throw new OperatorError(`${option} is "${value}"; expected 1 to 64 letters, digits, ".", "_" or "-".`);
}

export function amountOption(option: string, value: string): Micros {
  const amount = parseMicros(value);
  if (amount !== null && amount > 0) return amount;
  throw new OperatorError(`${option} is "${value}"; expected an amount above zero such as 25 or 12.50.`);
}

/** A name for people: of an account, of an office. */
const MAX_NAME_LENGTH = 100;

export function nameOption(option: string, value: string): string {
  const name = value.trim();
  if (name.length >= 1 && name.length <= MAX_NAME_LENGTH) return name;
  throw new OperatorError(`${option} has ${name.length} characters; expected 1 to ${MAX_NAME_LENGTH}.`);
}

/** A currency that is in use: a typing error would be the currency of every wallet of an account for good. */
export function currencyOption(option: string, value: string): string {
  if (Intl.supportedValuesOf('currency').includes(value)) return value;
  throw new OperatorError(`${option} is "${value}"; expected an ISO 4217 code such as USD.`);
}

/** A country whose numbers can be read: of another one, no national number could be dialled. */
export function countryOption(option: string, value: string): string {
  if (callingCodeOf(value) !== null) return value;
  throw new OperatorError(`${option} is "${value}"; expected an ISO 3166-1 code such as US.`);
}

export function timeZoneOption(option: string, value: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    throw new OperatorError(`${option} is "${value}"; expected an IANA time zone such as Europe/Vienna.`);
  }
}

export function profileOption(option: string, value: string): Profile {
  if (isProfile(value)) return value;
  throw new OperatorError(`${option} is "${value}"; expected one of ${PROFILES.join(', ')}.`);
}

export function secondsOption(option: string, value: string): number {
  const seconds = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new OperatorError(`${option} is "${value}"; expected seconds from 1 to 86400.`);
}

/** A price may be 0, unlike an amount that is paid. */
export function priceOption(option: string, value: string): Micros {
  const price = parseMicros(value);
  if (price !== null && price >= 0) return price;
  throw new OperatorError(`${option} is "${value}"; expected a price such as 1.20, or 0.`);
}

/** A day of the calendar, in whichever time zone. */
export function dayOption(option: string, value: string): string {
  if (startOfDay(value) !== null) return value;
  throw new OperatorError(`${option} is "${value}"; expected a day such as 2026-12-31.`);
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The end of that day in UTC. */
export function endOfDayOption(option: string, value: string): number {
  const startsAtMs = startOfDay(value);
  if (startsAtMs !== null) return startsAtMs + DAY_MS;
  throw new OperatorError(`${option} is "${value}"; expected a day such as 2026-12-31, or off.`);
}

/** In UTC; null for what is no day. */
function startOfDay(value: string): number | null {
  const startsAtMs = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  // JavaScript takes 30 February for 2 March.
  const isDay = !Number.isNaN(startsAtMs) && new Date(startsAtMs).toISOString().startsWith(value);
  return isDay ? startsAtMs : null;
}
