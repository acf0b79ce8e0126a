/** The rate deck in force, from the CSV file that "operator rates import" wrote. */
import { readFileSync } from 'node:fs';
import { parseRateDeck } from './rates/parse-rate-deck.ts';
import { RateBook } from './rates/rate-book.ts';
import { RateDeck } from './rates/rate-deck.ts';
import { StartError } from './start-error.ts';

export function emptyRateBook(): RateBook {
  return new RateBook(RateDeck.from([]));
}

/** Puts the file's rates in force, all or none. Throws StartError that names the first bad cell. */
export function loadRates(path: string, book: RateBook): void {
  const parsed = parseRateDeck(readFileSync(path, 'utf8'));
  const [bad] = parsed.bad;
  if (!parsed.isGood && bad) {
    throw new StartError(
      `The rate deck ${path} cannot be used: line ${bad.line}, ${bad.column ?? 'file'}: ${bad.reason}. Run "operator rates check".`,
    );
  }
  book.replace(RateDeck.from(parsed.rates));
}
