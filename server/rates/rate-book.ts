/** The deck that is in force, swapped as a whole: a look-up sees the old deck or the new one, never a mixture. */
import type { Rate } from '../../src/protocol/rate.ts';
import type { RateDeck, RateQuery, ServiceRateQuery } from './rate-deck.ts';

/** Rates on one page of the rate table. */
export const RATE_PAGE_SIZE = 100;

export class RateBook {
  #deck: RateDeck;
  /** Sorted for people, made when somebody first looks. */
  #table: readonly Rate[] | null = null;

  constructor(deck: RateDeck) {
    this.#deck = deck;
  }

  get deck(): RateDeck {
    return this.#deck;
  }

  replace(deck: RateDeck): void {
    this.#deck = deck;
    this.#table = null;
  }

  find(query: RateQuery): Rate | null {
    return this.#deck.find(query);
  }

  findService(query: ServiceRateQuery): Rate | null {
    return this.#deck.findService(query);
  }

  /**
   * The rate table that people look prices up in (F-08, C-19): part of a destination's name, or digits that a prefix begins with.
   * A cursor is a position in the table, so a page after a new import may repeat or skip rows; it is a table to read, not a bill.
   */
  search(query: { readonly search: string | null; readonly cursor: string | null }): {
    readonly rates: readonly Rate[];
    readonly nextCursor: string | null;
  } {
    this.#table ??= this.#deck.rates.toSorted(byDestination);
    const isWanted = matcherOf(query.search);
    const page: Rate[] = [];
    for (let at = positionOf(query.cursor); at < this.#table.length; at += 1) {
      const rate = this.#table[at];
      if (rate === undefined || !isWanted(rate)) continue;
      if (page.length === RATE_PAGE_SIZE) return { rates: page, nextCursor: String(at) };
      page.push(rate);
    }
    return { rates: page, nextCursor: null };
  }
}

function matcherOf(search: string | null): (rate: Rate) => boolean {
  const wanted = (search ?? '').trim().toLowerCase();
  const digits = wanted.replace(/^\+/, '');
  if (/^=?\d+$/.test(digits)) return (rate) => rate.prefix.startsWith(digits) || rate.prefix === `=${digits}`;
  return (rate) => rate.destination.toLowerCase().includes(wanted);
}

function positionOf(cursor: string | null): number {
  const position = Number(cursor ?? '0');
  return Number.isSafeInteger(position) && position >= 0 ? position : 0;
}

function byDestination(first: Rate, second: Rate): number {
  if (first.destination !== second.destination) return first.destination < second.destination ? -1 : 1;
  return first.prefix < second.prefix ? -1 : first.prefix > second.prefix ? 1 : 0;
}
