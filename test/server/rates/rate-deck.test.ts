import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { createPrefixIndex } from '../../../server/rates/prefix-index.ts';
import { RATE_PAGE_SIZE, RateBook } from '../../../server/rates/rate-book.ts';
import { RateDeck } from '../../../server/rates/rate-deck.ts';
import { rateDeckText, ratesFromText } from '../../../server/rates/rate-deck-text.ts';
import type { DialableNumber } from '../../../src/protocol/phone-number.ts';
import { priceCall } from '../../../src/protocol/price.ts';
import type { CallDirection } from '../../../src/protocol/rate.ts';

const NOW = Date.parse('2026-03-02');
const HEADER = 'prefix,destination,price,direction,licence,effective_from,effective_to,kind';

function deck(...rows: string[]): RateDeck {
  const parsed = parseRateDeck([HEADER, ...rows].join('\n'));
  expect(parsed.bad).toEqual([]);
  return RateDeck.from(parsed.rates);
}

function find(
  of: RateDeck | RateBook,
  number: string,
  more: { direction?: CallDirection; licence?: string | null; atMs?: number } = {},
) {
  // The tests name numbers as they are dialled.
  const query = { number: number as DialableNumber, direction: 'outbound' as const, licence: null, atMs: NOW, ...more };
  return of.find(query)?.destination ?? null;
}

describe('longest prefix', () => {
  const brazil = deck('55,Brazil,1,,,,,', '5511,Sao Paulo,1,,,,,', '55119,Sao Paulo mobile,1,,,,,', '=55,Short,1,,,,,');

  test('the longest one that fits wins', () => {
    expect(find(brazil, '+551140045678')).toBe('Sao Paulo');
    expect(find(brazil, '+5511988551234')).toBe('Sao Paulo mobile');
    expect(find(brazil, '+552140045678')).toBe('Brazil');
  });

  test('a number under no prefix has no rate, it is not free', () => {
    expect(find(brazil, '+4366012345')).toBeNull();
    expect(find(brazil, '+5411400456')).toBeNull();
    expect(find(RateDeck.from([]), '+4366012345')).toBeNull();
  });

  test('short numbers match as a whole and never as a prefix, nor do prefixes match them', () => {
    expect(find(brazil, '55')).toBe('Short');
    expect(find(brazil, '551')).toBeNull();
    expect(find(brazil, '5511')).toBeNull();
  });

  test('agrees with a search of all prefixes, for any prefixes and numbers', () => {
    const digits = (minLength: number, maxLength: number) =>
      fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: minLength - 1, maxLength: maxLength - 1 })
        .map((rest) => `1${rest.join('')}`);
    fc.assert(
      fc.property(fc.uniqueArray(digits(1, 15), { maxLength: 60 }), digits(7, 15), (prefixes, number) => {
        const index = createPrefixIndex(prefixes);
        const longest = prefixes
          .filter((prefix) => number.startsWith(prefix))
          .toSorted((first, second) => second.length - first.length)[0];
        const position = index.longest(`+${number}`);
        expect(position < 0 ? undefined : index.prefixes[position]).toBe(longest);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('directions, licences, versions', () => {
  test('C-19: receiving and calling have their own prices', () => {
    const both = deck('1800,Called,1,,,,,', '1800,Received,1,inbound,,,,', '1,US,1,,,,,');
    expect(find(both, '+18005550100')).toBe('Called');
    expect(find(both, '+18005550100', { direction: 'inbound' })).toBe('Received');
    expect(find(both, '+12125550100', { direction: 'inbound' })).toBeNull();
  });

  const licensed = deck(
    '1,US,0.01,,,,,',
    '1,US contact centre,0.02,,contact_centre,,,',
    '1900,Premium,1.90,,,,,',
    '2,Sales only,1,,sales,,,',
  );

  test('D-28: two people, the same call, different cost', () => {
    const cost = (licence: string | null) => {
      const rate = licensed.find({
        number: '+12125550100' as DialableNumber,
        direction: 'outbound',
        licence,
        atMs: NOW,
      });
      return rate && priceCall(rate, { startedAtMs: NOW, durationSeconds: 60 });
    };
    expect([cost(null), cost('contact_centre'), cost('unknown')]).toEqual([10_000, 20_000, 10_000]);
  });

  test('D-28: a licence pays the longer prefix of everybody, and nobody pays the rate of a licence they do not have', () => {
    expect(find(licensed, '+19005550100', { licence: 'contact_centre' })).toBe('Premium');
    expect(find(licensed, '+21234567', { licence: 'sales' })).toBe('Sales only');
    expect(find(licensed, '+21234567')).toBeNull();
  });

  test('a version holds from its first moment to the next one, and the prefix around it fills a gap', () => {
    const versions = deck(
      '49,Old,1,,,,,',
      '49,New,1,,,2026-04-01,,',
      '4915,Trial,1,,,2026-03-01,2026-03-10,',
      '=600,Later,1,,,2027-01-01,,',
    );
    const at = (time: string, number = '+4989123456') => find(versions, number, { atMs: Date.parse(time) });
    expect(at('2026-03-31T23:59:59.999Z')).toBe('Old');
    expect(at('2026-04-01T00:00:00Z')).toBe('New');
    expect(at('2026-03-09', '+4915123456789')).toBe('Trial');
    expect(at('2026-03-10', '+4915123456789')).toBe('Old');
    expect(at('2026-03-10', '600')).toBeNull();
    expect(at('2027-01-01', '600')).toBe('Later');
  });
});

describe('the book of rates', () => {
  test('swaps the deck as a whole; a rate that was agreed on stays what it was', () => {
    const book = new RateBook(deck('49,Old,0.01,,,,,'));
    const agreed = book.find({
      number: '+4989123456' as DialableNumber,
      direction: 'outbound',
      licence: null,
      atMs: NOW,
    });
    book.replace(deck('43,Austria,0.02,,,,,'));
    expect(find(book, '+4989123456')).toBeNull();
    expect(find(book, '+4312345678')).toBe('Austria');
    expect(agreed && priceCall(agreed, { startedAtMs: NOW, durationSeconds: 1 })).toBe(10_000);
  });

  test('F-08: is searched by name and by prefix, page by page', () => {
    const rows = Array.from(
      { length: RATE_PAGE_SIZE + 20 },
      (_, at) => `49${1000 + at},"Germany, area ${at}",0.02,,,,,`,
    );
    const book = new RateBook(deck(...rows, '43,Austria,0.02,,,,,', '=600,Echo,0.6,,,,,'));
    const first = book.search({ search: 'gerMANY', cursor: null });
    expect(first.rates).toHaveLength(RATE_PAGE_SIZE);
    const second = book.search({ search: 'gerMANY', cursor: first.nextCursor });
    expect(second).toMatchObject({ nextCursor: null });
    expect(new Set([...first.rates, ...second.rates].map(({ prefix }) => prefix)).size).toBe(RATE_PAGE_SIZE + 20);
    const destinations = (search: string | null) =>
      book.search({ search, cursor: null }).rates.map((rate) => rate.destination);
    expect(destinations('+43')).toEqual(['Austria']);
    expect(destinations('600')).toEqual(['Echo']);
    expect(destinations('Atlantis')).toEqual([]);
    expect(destinations(null)[0]).toBe('Austria');
    expect(book.search({ search: null, cursor: 'rubbish' }).rates).toHaveLength(RATE_PAGE_SIZE);
  });
});

describe('a deck as text', () => {
  test('comes back as it was', () => {
    const { rates } = deck(
      '49,Germany,0.02,,,,,',
      '4915,"Germany, mobile",0.06,,,2026-01-01,,mobile',
      '43,Germany,0.02,,,,,',
      '=600,Echo,0.6,,sales,,,',
    );
    expect(ratesFromText(rateDeckText(rates))).toEqual(rates);
    expect(ratesFromText(rateDeckText([]))).toEqual([]);
  });

  test('that is damaged prices nothing', () => {
    const text = rateDeckText(deck('49,Germany,0.02,,,,,').rates);
    expect(() => ratesFromText(text.replace('20000', '-20000'))).toThrow();
    expect(() => ratesFromText(text.replace('"49",0,0', '"49",0,1'))).toThrow('damaged');
    expect(() => ratesFromText(text.replace('"format":1', '"format":2'))).toThrow();
  });
});
