/** Prices of metered services, in the same deck and by the same arithmetic as those of calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { RateDeck } from '../../../server/rates/rate-deck.ts';
import { rateDeckText, ratesFromText } from '../../../server/rates/rate-deck-text.ts';
import { dialableNumber } from '../../../src/protocol/phone-number.ts';
import { priceCall } from '../../../src/protocol/price.ts';

const HEADER = 'prefix,destination,kind,price,increments,connection_fee,licence,service_kind';
const parse = (...rows: string[]) => parseRateDeck(`${[HEADER, ...rows].join('\n')}\n`);
const DECK = parse(
  '4915,"Germany, mobile",mobile,0.06,,,,',
  '49,Germany,international,0.08,,,,sms',
  '4915,"Germany, mobile",mobile,0.09,,,,sms',
  '4915,"Germany, mobile",mobile,0.05,,,sales,sms',
  '*,Anywhere,international,0.20,,,,SMS',
  '*,Transcription,domestic,0.024,,0.01,,transcription',
  '=12345,Short code,domestic,0.5,,,,sms',
);
const deck = RateDeck.from(DECK.rates);
const find = (service: string, to: string | null, licence: string | null = null) =>
  deck.findService({ service, number: to === null ? null : dialableNumber(to), licence, atMs: 0 });
const price = (service: string, to: string | null, units: number, licence: string | null = null) => {
  const rate = find(service, to, licence);
  return rate && priceCall(rate, { startedAtMs: 0, durationSeconds: units });
};

describe('rates of services', () => {
  test('C-20, D-02: a price is that of one unit, by the longest prefix; "*" is every other number', () => {
    expect(DECK.bad).toEqual([]);
    expect(price('sms', '+4915123456789', 3)).toBe(270_000);
    expect(price('sms', '+4930123456', 3)).toBe(240_000);
    expect(price('sms', '+33612345678', 1)).toBe(200_000);
    expect(price('sms', '12345', 1)).toBe(500_000);
    expect(price('sms', null, 1)).toBe(200_000);
  });

  test('a licence has its own price, and a fee is taken once', () => {
    expect(price('sms', '+4915123456789', 2, 'sales')).toBe(100_000);
    expect(price('transcription', null, 10)).toBe(250_000);
    expect(price('transcription', '+4915123456789', 10)).toBe(250_000);
  });

  test('a service without a price has none, and a call is never priced as one', () => {
    expect(price('fax', '+4915123456789', 1)).toBeNull();
    const number = dialableNumber('+33612345678');
    expect(number && deck.find({ number, direction: 'outbound', licence: null, atMs: 0 })).toBeNull();
    const mobile = dialableNumber('+4915123456789');
    expect(mobile && deck.find({ number: mobile, direction: 'outbound', licence: null, atMs: 0 })?.steps).toMatchObject(
      [{ priceMicros: 60_000, intervalSeconds: 60 }],
    );
  });

  test('a deck is stored and read with its services', () => {
    const read = ratesFromText(rateDeckText(DECK.rates));
    expect(read).toEqual(DECK.rates);
    expect(new Set(read.map(({ rateId }) => rateId)).size).toBe(DECK.rates.length);
  });

  test('the price of units adds up unit by unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), (units) => {
        expect(price('sms', '+4930123456', units)).toBe(units * 80_000);
      }),
    );
  });

  test.each([
    ['*,Anywhere,international,0.2,,,,', 'prefix', 'a prefix is digits, or "=" and a short number'],
    ['49,Seat,domestic,5,,,,seat', 'service_kind', 'credit never pays for subscriptions'],
    ['49,Plan,domestic,5,,,,monthly_plan', 'service_kind', 'credit never pays for subscriptions'],
    ['49,Odd,domestic,5,,,,s%s', 'service_kind', 'a service is a word such as sms or fax'],
    ['*,Bad,domestic,-1,,,,sms', 'price', 'a price is not negative'],
  ])('C-22: %s is refused, cell by cell', (row, column, reason) => {
    const { isGood, bad } = parse(row);
    expect(isGood).toBe(false);
    expect(bad).toMatchObject([{ column, reason }]);
  });

  test('a service has neither direction nor time of day, and one price for a prefix', () => {
    const header = 'prefix,price,direction,windows,service_kind';
    const bad = (row: string) => parseRateDeck(`${header}\n${row}\n`).bad.map(({ column }) => column);
    expect(bad('49,0.1,inbound,,sms')).toEqual(['direction']);
    expect(bad('49,0.1,,Mon-Fri 18:00-08:00 0.2,sms')).toEqual(['windows']);
    expect(bad('49,0.1,outbound,,sms')).toEqual([]);
    expect(bad('49,0.1,outbound,,sms\n49,0.2,outbound,,sms')).toEqual(['prefix']);
    expect(bad('49,0.1,outbound,,sms\n49,0.2,outbound,,fax')).toEqual([]);
  });

  test('F-07, D-02: the sample deck of the demo has every service and extra of a call', () => {
    const sample = parseRateDeck(readFileSync(join(import.meta.dirname, '../../../demo/sample-rates.csv'), 'utf8'));
    const services = new Set(sample.rates.flatMap(({ service }) => service ?? []));
    expect([...services].toSorted()).toEqual([
      'ai',
      'barge',
      'conference',
      'fax',
      'mms',
      'recording',
      'sip_phone',
      'sms',
      'transcription',
      'transfer',
    ]);
  });
});
