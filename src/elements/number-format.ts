/**
 * Loaded on the first digit: national formats while typing. libphonenumber-js, because the numbering plans of 240 countries change every
 * month and are somebody's whole job.
 */
import { AsYouType, type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

export interface NumberFormat {
  /** As far as typed: "+4915123" -> "+49 1512 3". */
  asTyped(text: string): string;
  /** A complete number: "+4915123456789" -> "+49 1512 3456789". Short numbers stay as they are. */
  complete(number: string): string;
}

export function numberFormat(country: string | null): NumberFormat {
  const home: CountryCode | undefined = country !== null && isSupportedCountry(country) ? country : undefined;
  return {
    asTyped: (text) => (isServiceOrShort(text) ? text : new AsYouType(home).input(text)),
    complete: (number) =>
      number.startsWith('+') ? (parsePhoneNumberFromString(number)?.formatInternational() ?? number) : number,
  };
}

/** "600", "112", "*21#" have no national format; brackets around them would only confuse. */
function isServiceOrShort(text: string): boolean {
  return /[*#]/.test(text) || /^\d{0,6}$/.test(text);
}
