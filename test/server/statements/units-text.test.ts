/** Amounts of a CSV in units (D-27). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitsText } from '../../../server/statements/units-text.ts';
import { MICROS_PER_UNIT } from '../../../src/protocol/money.ts';

test.each([
  ['0', '0'],
  ['1', '0.000001'],
  ['-1', '-0.000001'],
  ['55000', '0.055'],
  ['-55000', '-0.055'],
  ['999999', '0.999999'],
  ['1000000', '1'],
  ['-1000000', '-1'],
  ['100000000', '100'],
  ['-120340000', '-120.34'],
  ['900000000000000', '900000000'],
  [String(Number.MAX_SAFE_INTEGER), '9007199254.740991'],
])('%s micros are %s units', (micros, units) => {
  expect(unitsText(micros)).toBe(units);
});

test('every amount is the number that a spreadsheet reads, written without an exponent', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (micros) => {
      const text = unitsText(String(micros));
      expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
      expect(Number(text)).toBe(micros / MICROS_PER_UNIT);
    }),
  );
});
