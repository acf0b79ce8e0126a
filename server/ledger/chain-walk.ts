/** Walks along the entries of one wallet, in a store or in an exported file, and says where the first thing is that does not follow. */
import { entryLink, type LinkedEntry } from './entry-link.ts';

/** An entry, or the place before the first one: sequence 0, balance 0, walletLink(). */
export interface ChainPlace {
  readonly sequence: number;
  readonly balanceMicros: number;
  readonly link: string;
}

export interface ChainBreak {
  /** The next sequence; the balance before and the amount; the hash of the link before and the entry. */
  readonly field: 'sequence' | 'balanceMicros' | 'link';
  readonly expected: number | string;
  readonly found: number | string;
}

export class ChainWalk {
  #place: ChainPlace;

  constructor(start: ChainPlace) {
    this.#place = start;
  }

  /** The last entry that was walked to. */
  get place(): ChainPlace {
    return this.#place;
  }

  /** Moves on to the entry, whatever is wrong with it. null when it follows from the place before it. */
  next(entry: LinkedEntry, link: string): ChainBreak | null {
    const before = this.#place;
    const { sequence, balanceMicros } = entry;
    this.#place = { sequence, balanceMicros, link };
    return (
      compare('sequence', before.sequence + 1, sequence) ??
      compare('balanceMicros', before.balanceMicros + entry.amountMicros, balanceMicros) ??
      compare('link', entryLink(before.link, entry), link)
    );
  }
}

function compare(field: ChainBreak['field'], expected: number | string, found: number | string): ChainBreak | null {
  return expected === found ? null : { field, expected, found };
}
