/**
 * Reads what a person typed as a phone number by the rules of a country. libphonenumber-js: national rules of the whole world are not
 * ours to keep, and it is the same library that formats in the dial pad. It takes some 50 microseconds a number, and the same few
 * numbers are asked for with each key, quote and call, so answers are remembered.
 */
import {
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { type DialableNumber, dialableNumber, isShortNumber } from '../src/protocol/phone-number.ts';
import type { NumberReader } from './calls/rate-finder.ts';

/**
 * What people type or paste between digits: spaces, brackets, dots, slashes, all kinds of dashes, and the marks that nobody sees (soft
 * hyphen, zero width, direction of text).
 */
const SEPARATORS = /[\s().\-/\u2010-\u2015\u2212\p{Cf}]/gu;
/** Arabic, Persian and full-width digits: the last four bits of each are its value. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;
/** Parsed numbers that are remembered; all are forgotten at once when there are more. */
const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, PhoneNumber | null>();

export const readNumber: NumberReader = (text, { country }) => {
  const plain = text
    .replace(/^(?:tel|callto):/i, '')
    .replace(SEPARATORS, '')
    .replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
  // The library looks for a number inside any text: "*67600" would be another number than the one that was typed, at a price of its own.
  if (!/^\+?\d+$/.test(plain)) return null;
  // Extensions, services and emergency numbers are what they are in every country.
  if (isShortNumber(plain)) return dialableNumber(plain);
  const parsed = parse(plain, country);
  return parsed?.isPossible() && !parsed.ext ? dialableNumber(parsed.number) : null;
};

/** ISO 3166-1 alpha-2 of an E.164 number; null for short numbers and where it is not known. */
export function countryOf(number: DialableNumber): string | null {
  return (number.startsWith('+') && parse(number, '')?.country) || null;
}

/** "49" of DE; null of what is no country. */
export function callingCodeOf(country: string): string | null {
  return isSupportedCountry(country) ? getCountryCallingCode(country) : null;
}

function parse(plain: string, country: string): PhoneNumber | null {
  const key = plain.startsWith('+') ? plain : `${country}/${plain}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const parsed = parsePhoneNumberFromString(plain, isSupportedCountry(country) ? country : undefined) ?? null;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, parsed);
  return parsed;
}
