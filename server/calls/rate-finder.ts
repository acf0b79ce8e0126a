/** What calls need from the rate deck and from number reading; server/rates provides both. */
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import type { CallDirection, Rate } from '../../src/protocol/rate.ts';

export interface RateQuery {
  readonly number: DialableNumber;
  readonly direction: CallDirection;
  /** The caller's licence (D-28): its own rate wins over the general one; null is everybody else. */
  readonly licence: string | null;
  /** Rates have effective dates. */
  readonly atMs: number;
}

export interface RatePage {
  readonly rates: readonly Rate[];
  readonly nextCursor: string | null;
}

/** Longest prefix wins; null when there is no price, which is a refusal of its own. */
export interface RateFinder {
  find(query: RateQuery): Rate | null;
  /** The rate table that people look prices up in (F-08, C-19): by destination name or prefix. */
  search(query: { readonly search: string | null; readonly cursor: string | null }): RatePage;
}

/** Reads what a person typed by the rules of the office's country (ISO 3166-1 alpha-2); null when it is no number. */
export type NumberReader = (text: string, context: { readonly country: string }) => DialableNumber | null;
