import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { parseRateDeck } from '../../server/rates/parse-rate-deck.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import { type DialableNumber, dialableNumber } from '../../src/protocol/phone-number.ts';
import { firstBlock, isFree, perMinuteMicros, priceCall } from '../../src/protocol/price.ts';
import type { Rate } from '../../src/protocol/rate.ts';
import { EMERGENCY_NUMBERS } from '../support/emergency-numbers.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'demo/sample-rates.csv'), 'utf8');
const parsed = parseRateDeck(text);
const deck = RateDeck.from(parsed.rates);
const names = new Intl.DisplayNames(['en'], { type: 'region' });

function rateOf(number: string, more: Partial<Parameters<RateDeck['find']>[0]> = {}): Rate {
  const dialled = dialableNumber(number);
  if (!dialled) throw new Error(`${number} cannot be dialled`);
  const rate = deck.find({
    number: dialled,
    direction: 'outbound',
    licence: null,
    atMs: Date.parse('2026-03-02'),
    ...more,
  });
  if (!rate) throw new Error(`${number} has no rate`);
  return rate;
}

/** Mobile numbers of these share their prefixes with the bigger country of the same code. */
const SHARED_MOBILE: Readonly<Record<string, string>> = {
  AX: 'FI',
  BL: 'GP',
  MF: 'GP',
  CC: 'AU',
  CX: 'AU',
  EH: 'MA',
  IM: 'GB',
  SJ: 'NO',
  VA: 'IT',
};

describe('the sample deck', () => {
  test('is good and says that it is a sample', () => {
    expect(parsed.bad).toEqual([]);
    expect(text.split('\n')[0]).toContain('Sample rates');
  });

  test.each(getCountries())('C-18: a number of %s has a rate of its own country', (country) => {
    const example = getExampleNumber(country, examples);
    const name = names.of(SHARED_MOBILE[country] ?? country);
    // The library writes E.164.
    const { destination } = rateOf(example?.number as DialableNumber);
    expect([name, `${name}, mobile`]).toContain(destination);
  });

  test.each([
    ['+12125550123', 'United States', 'domestic'],
    ['+14165550123', 'Canada', 'international'],
    ['+18765550123', 'Jamaica', 'international'],
    ['+16585550123', 'Jamaica', 'international'],
    ['+18095550123', 'Dominican Republic', 'international'],
    ['+17875550123', 'Puerto Rico', 'international'],
    ['+12425550123', 'Bahamas', 'international'],
    ['+18005550123', 'United States, toll-free', 'toll_free'],
    ['+18885550123', 'United States, toll-free', 'toll_free'],
    ['+19005550123', 'United States, premium', 'premium'],
    ['+4989123456', 'Germany', 'international'],
    ['+4915123456789', 'Germany, mobile', 'mobile'],
    ['+442079460958', 'United Kingdom', 'international'],
    ['+447400123456', 'United Kingdom, mobile', 'mobile'],
    ['+447781123456', 'Guernsey, mobile', 'mobile'],
    ['+74951234567', 'Russia', 'international'],
    ['+77011234567', 'Kazakhstan, mobile', 'mobile'],
    ['+390669812345', 'Vatican City', 'international'],
    ['+393331234567', 'Italy, mobile', 'mobile'],
    ['+919812345678', 'India, mobile', 'mobile'],
    ['+5511988551234', 'Brazil, mobile', 'mobile'],
    ['+881612345678', 'Mobile satellite', 'premium'],
    ['+80012345678', 'International freephone', 'toll_free'],
  ])('%s is %s', (number, destination, kind) => {
    expect(rateOf(number)).toMatchObject({ destination, kind });
  });

  test('C-18: two countries, the same duration, different cost; a mobile costs more', () => {
    const cost = (number: string) => priceCall(rateOf(number), { startedAtMs: 0, durationSeconds: 60 });
    expect(cost('+4989123456')).toBe(20_000);
    expect(cost('+4915123456789')).toBe(60_000);
    expect(cost('+5352123456')).toBeGreaterThan(cost('+4915123456789'));
  });

  test('D-21, C-19: a toll-free number costs 0.02 a minute to be reached at, a local one nothing', () => {
    const received = rateOf('+18005550123', { direction: 'inbound' });
    expect([60, 61].map((durationSeconds) => priceCall(received, { startedAtMs: 0, durationSeconds }))).toEqual([
      20_000, 40_000,
    ]);
    expect(isFree(rateOf('+12125550123', { direction: 'inbound' }))).toBe(true);
  });

  test('D-28: contact-centre and sales licences pay for local calls, from 0.01 in and 0.02 out', () => {
    for (const licence of ['contact_centre', 'sales']) {
      expect(perMinuteMicros(rateOf('+12125550123', { licence }), { startedAtMs: 0 })).toBe(20_000);
      expect(perMinuteMicros(rateOf('+12125550123', { licence, direction: 'inbound' }), { startedAtMs: 0 })).toBe(
        10_000,
      );
    }
  });

  test('emergency numbers are free', () => {
    for (const number of EMERGENCY_NUMBERS) {
      expect(rateOf(number)).toMatchObject({ kind: 'emergency' });
      expect(isFree(rateOf(number))).toBe(true);
    }
  });

  test('nothing else that can be called is free', () => {
    const free = parsed.rates.filter(
      (rate) => rate.direction === 'outbound' && rate.kind !== 'emergency' && isFree(rate),
    );
    expect(free).toEqual([]);
  });

  test('the echo number runs visibly: 0.05 and a cent a second', () => {
    const echo = rateOf('600');
    expect(firstBlock(echo, { startedAtMs: 0 })).toEqual({ seconds: 1, costMicros: 60_000 });
    expect(priceCall(echo, { startedAtMs: 0, durationSeconds: 30 })).toBe(350_000);
    for (const number of ['601', '602', '603', '604', '605', '606', '607']) expect(isFree(rateOf(number))).toBe(false);
    expect(perMinuteMicros(rateOf('609'), { startedAtMs: 0 })).toBe(1_900_000);
  });
});
