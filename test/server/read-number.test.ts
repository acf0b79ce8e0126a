import { describe, expect, test } from 'vitest';
import { countryOf, readNumber } from '../../server/read-number.ts';
import { EMERGENCY_NUMBERS } from '../support/emergency-numbers.ts';
import { dialable } from '../support/sample-answers.ts';

describe('reading what was dialled', () => {
  test.each([
    ['+49 151 2345 6789', 'US', '+4915123456789'],
    ['tel:+1-415-555-0100', 'DE', '+14155550100'],
    ['callto:+14155550100', 'DE', '+14155550100'],
    ['(415) 555-0100', 'US', '+14155550100'],
    ['0151 23456789', 'DE', '+4915123456789'],
    ['011 49 151 23456789', 'US', '+4915123456789'],
    ['0043 1 234567', 'DE', '+431234567'],
    ['600', 'US', '600'],
    ['112', 'DE', '112'],
    ['1 0 1', 'US', '101'],
    ['１１２', 'DE', '112'],
    ['١١٢', 'AE', '112'],
    ['\u2066+٤٩ ۱۵۱ ٢٣٤٥٦٧٨٩\u2069', 'US', '+4915123456789'],
    ['\u202a0151\u00a023456789\u202c\u200b', 'DE', '+4915123456789'],
    ['\u20661\u206912', 'DE', '112'],
    ['+49 (0)151 23456789', 'US', '+4915123456789'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['1-212-555-0123', 'CA', '+12125550123'],
    ['+39 06 698 12345', 'US', '+390669812345'],
    ['+800 1234 5678', 'DE', '+80012345678'],
    ['000', 'AU', '000'],
  ])('%s in %s is %s', (text, country, number) => {
    expect(readNumber(text, { country })).toBe(number);
    expect(readNumber(text, { country })).toBe(number);
  });

  test.each([
    '',
    '+',
    'hello',
    '+49',
    '1',
    '+1 415 555 0100 ext. 7',
    '+999 999',
    '4155550100 OR 1=1',
    '1-800-FLOWERS',
    '++4915123456789',
    '12345678901234567890',
    '+999123456789',
    '=600',
  ])('"%s" is no number', (text) => {
    expect(readNumber(text, { country: 'US' })).toBeNull();
  });

  test.each([
    '*67600',
    '*0900 1234567',
    'Room 12345678',
    'call 0900 1234567',
    'x0900 1234567',
    '+499001234567@evil',
    '+499001234567?x',
    'sip:+499001234567@evil',
    '0900 1234567#',
    '0900 1234567,,1',
    '030+499001234567',
    '*112',
    '112#',
  ])('no number is picked out of "%s": what is dialled is what was typed', (text) => {
    expect(readNumber(text, { country: 'DE' })).toBeNull();
  });

  test('emergency numbers are what they are, wherever one is', () => {
    for (const number of EMERGENCY_NUMBERS) {
      for (const country of ['DE', 'AD', 'US']) expect(readNumber(number, { country }), number).toBe(number);
    }
  });

  test('a country that is not one leaves international numbers readable', () => {
    expect(readNumber('+14155550100', { country: 'ZZ' })).toBe('+14155550100');
    expect(readNumber('415 555 0100', { country: 'ZZ' })).toBeNull();
  });

  test('the same digits mean another number in another country', () => {
    expect([readNumber('0151 23456789', { country: 'DE' }), readNumber('0151 23456789', { country: 'GB' })]).toEqual([
      '+4915123456789',
      expect.not.stringMatching(/^\+49/),
    ]);
  });

  test('country of a number', () => {
    expect([
      countryOf(dialable('+4915123456789')),
      countryOf(dialable('+14155552671')),
      countryOf(dialable('600')),
    ]).toEqual(['DE', 'US', null]);
  });
});
