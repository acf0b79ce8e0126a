import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMicros,
  decimalFromMicros,
  MAX_MICROS,
  maxMicros,
  micros,
  minMicros,
  negateMicros,
  parseMicros,
  subtractMicros,
} from '../../../src/protocol/money.ts';

const amounts = fc.integer({ min: -MAX_MICROS, max: MAX_MICROS }).map(micros);

describe('micros', () => {
  test('are whole and within the limit', () => {
    expect(micros(MAX_MICROS)).toBe(MAX_MICROS);
    for (const wrong of [0.5, Number.NaN, MAX_MICROS + 1, -MAX_MICROS - 1, Number.POSITIVE_INFINITY]) {
      expect(() => micros(wrong)).toThrow(RangeError);
    }
  });

  test('know one zero only', () => {
    expect(Object.is(micros(-0), 0)).toBe(true);
    expect(Object.is(negateMicros(micros(0)), 0)).toBe(true);
  });

  test('a sum beyond the limit is a bug, not an amount', () => {
    expect(() => addMicros(micros(MAX_MICROS), micros(1))).toThrow(RangeError);
    expect(() => subtractMicros(micros(-MAX_MICROS), micros(1))).toThrow(RangeError);
    expect(addMicros(micros(1), micros(2), micros(-3))).toBe(0);
    expect(addMicros()).toBe(0);
  });

  test('are compared as numbers', () => {
    expect(minMicros(micros(-2), micros(1))).toBe(-2);
    expect(maxMicros(micros(-2), micros(1))).toBe(1);
  });
});

describe('decimals', () => {
  test('are written exactly and read back', () => {
    fc.assert(fc.property(amounts, (amount) => parseMicros(decimalFromMicros(amount)) === amount));
    expect([5_000_000, 12_500, -1, 0].map((value) => decimalFromMicros(micros(value)))).toEqual([
      '5.00',
      '0.0125',
      '-0.000001',
      '0.00',
    ]);
  });

  test('are refused when a digit would be lost or the text is no plain decimal', () => {
    expect(parseMicros('0.0000001')).toBeNull();
    expect(parseMicros('0.1000000')).toBe(100_000);
    for (const text of ['', '1,5', '1e3', '.5', '5.', '--1', '1000000001', 'NaN', '0x10']) {
      expect(parseMicros(text), text).toBeNull();
    }
  });
});
