/**
 * Phone numbers as they travel: E.164 with "+", or a short number of the phone network itself (an extension, a service such as
 * 600, an emergency number such as 112). Reading what a person typed needs national rules; a library does that, on the server and,
 * loaded lazily, in the dial pad.
 */
import * as z from 'zod/mini';
import { brandedSchema } from './branded-schema.ts';

declare const dialableBrand: unique symbol;

/** "+4915123456789" or "600": what an INVITE may be addressed to. */
export type DialableNumber = string & { readonly [dialableBrand]: true };

const E164 = /^\+[1-9]\d{6,14}$/;
const SHORT = /^\d{2,6}$/;

export function isE164(text: string): boolean {
  return E164.test(text);
}

export function isShortNumber(text: string): boolean {
  return SHORT.test(text);
}

/** Null when the text is neither E.164 nor a short number. */
export function dialableNumber(text: string): DialableNumber | null {
  // One of the two patterns is what the brand stands for.
  return isE164(text) || isShortNumber(text) ? (text as DialableNumber) : null;
}

/** The key that a rate deck is searched by: digits for E.164, "=600" for a short number, which only matches itself. */
export function rateKey(number: DialableNumber): string {
  return number.startsWith('+') ? number.slice(1) : `=${number}`;
}

/** The longest text that is taken from a dial field or a request, in characters. */
export const MAX_DIALLED_LENGTH = 40;

export const dialableNumberSchema = brandedSchema<DialableNumber, string>(
  z.string().check(z.regex(/^(\+[1-9]\d{6,14}|\d{2,6})$/)),
);
/** What a person typed or pasted; the server reads it by the office's country. */
export const dialledTextSchema = z.string().check(z.minLength(1), z.maxLength(MAX_DIALLED_LENGTH));
