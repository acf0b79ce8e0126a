/**
 * What a person typed or pasted, read by the rules of the office's country. libphonenumber-js (a port of Google's libphonenumber)
 * knows trunk and international prefixes, lengths and the like of every country; the full metadata stays on the server.
 */
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { type DialableNumber, dialableNumber, MAX_DIALLED_LENGTH } from '../../src/protocol/phone-number.ts';
import { emergencyNumber } from './emergency-numbers.ts';

/** Up to here a number without a prefix is one of the phone network itself: an extension, a service, an emergency number. */
const MAX_EXTENSION_DIGITS = 4;

/** Null when it is no number that can be dialled. `country` is ISO 3166-1 alpha-2. */
export function readNumber(text: string, { country }: { readonly country: string }): DialableNumber | null {
  if (text.length > MAX_DIALLED_LENGTH) return null;
  const typed = withoutDecoration(text);
  // Letters would be dialled as nothing or as something else; a vanity number has to be written in digits.
  if (!/^\+?[\d\s().\-/]+$/.test(typed)) return null;
  const digits = typed.replace(/[^\d+]/g, '');
  const emergency = emergencyNumber(digits, country);
  if (emergency) return emergency;
  if (/^\d+$/.test(digits) && digits.length <= MAX_EXTENSION_DIGITS) return dialableNumber(digits);
  const number = parsed(digits, country);
  if (number?.isPossible()) return dialableNumber(number.number);
  return /^\d+$/.test(digits) ? dialableNumber(digits) : null;
}

/** The country a number belongs to (ISO 3166-1 alpha-2); null for short numbers and those of no country, such as +800. */
export function countryOfNumber(number: DialableNumber): string | null {
  return number.startsWith('+') ? (parsePhoneNumberFromString(number)?.country ?? null) : null;
}

function parsed(digits: string, country: string): PhoneNumber | undefined {
  const defaultCountry = asCountryCode(country.toUpperCase());
  return defaultCountry === null
    ? parsePhoneNumberFromString(digits)
    : parsePhoneNumberFromString(digits, { defaultCountry, extract: false });
}

function asCountryCode(country: string): CountryCode | null {
  return isSupportedCountry(country) ? country : null;
}

/** "tel:+43-1-234;phone-context=..." from a link, full-width digits and invisible marks from a web page, "(0)" after a country code. */
function withoutDecoration(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .trim()
    .replace(/^(?:tel|sip|callto):/i, '')
    .replace(/;.*$/, '')
    .replace(/^(\+\d{1,3}[\s.-]*)\(0\)/, '$1')
    .replace(/^\(\+/, '+');
}
