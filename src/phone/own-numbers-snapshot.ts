/** What the list of own numbers shows, and what can be asked of it. */
import type { OfficeRefusal } from '../protocol/office-problem.ts';
import type { OwnNumber, OwnNumberPage } from '../protocol/owned-number.ts';
import type { Refusal } from '../protocol/problem.ts';

export type OwnNumbersRefusal = Refusal | OfficeRefusal;

export type OwnNumbersSnapshot =
  | { readonly state: 'unopened' | 'loading' }
  | { readonly state: 'failed'; readonly refusal: OwnNumbersRefusal }
  | {
      readonly state: 'full';
      readonly numbers: readonly OwnNumber[];
      readonly isMoreThere: boolean;
      /** What rent takes of the credit; null for those who do not manage it. */
      readonly rent: OwnNumberPage['rent'];
      readonly offices: OwnNumberPage['offices'];
      readonly people: OwnNumberPage['people'];
      /** The number that is being changed. */
      readonly changing: string | null;
      /** The last change that was refused, and of which number. */
      readonly refused: { readonly number: string; readonly refusal: OwnNumbersRefusal } | null;
    };

export type OwnNumbersWish =
  | { readonly type: 'open' | 'more' }
  /** Pays what is due: brings a number back from hold, or ends its being late. */
  | { readonly type: 'restore'; readonly number: string }
  /** For good. Whoever draws this asks first. */
  | { readonly type: 'release'; readonly number: string }
  | {
      readonly type: 'assign';
      readonly number: string;
      readonly officeId: string;
      /** Null: everybody of the office. */
      readonly personId: string | null;
    };
