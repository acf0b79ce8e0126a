/**
 * Reads what a person typed as a phone number by the rules of a country. libphonenumber-js: national rules of the whole world are not
 * ours to keep, and it is the same library that formats in the dial pad.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type DialableNumber, dialableNumber, isShortNumber } from '../src/protocol/phone-number.ts';
import type { NumberReader } from './calls/rate-finder.ts';

/** Characters between digits that people type or paste: spaces, brackets, dots, slashes, all kinds of dashes. */
const SEPARATORS = /[\s().\-/\u2010-\u2015\u00a0]/g;

export const readNumber: NumberReader = (text, { country }) => {
  const plain = text.replace(/^tel:/i, '').replace(SEPARATORS, '');
  // Extensions, services and emergency numbers are what they are in every country.
  if (isShortNumber(plain)) return dialableNumber(plain);
  const region = isSupportedCountry(country) ? country : undefined;
  return e164(plain, region);
};

function e164(plain: string, region: CountryCode | undefined): DialableNumber | null {
  const parsed = parsePhoneNumberFromString(plain, region);
  return parsed?.isPossible() && !parsed.ext ? dialableNumber(parsed.number) : null;
}

/** ISO 3166-1 alpha-2 of an E.164 number; null for short numbers and where it is not known. */
export function countryOf(number: DialableNumber): string | null {
  return (number.startsWith('+') && parsePhoneNumberFromString(number)?.country) || null;
}
