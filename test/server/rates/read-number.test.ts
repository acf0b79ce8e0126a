import { describe, expect, test } from 'vitest';
import { EMERGENCY_NUMBERS, isEmergencyNumber } from '../../../server/rates/emergency-numbers.ts';
import { countryOfNumber, readNumber } from '../../../server/rates/read-number.ts';
import { dialableNumber } from '../../../src/protocol/phone-number.ts';

describe('what a person typed', () => {
  test.each([
    ['+49 151 23456789', 'US', '+4915123456789'],
    ['0151 23456789', 'DE', '+4915123456789'],
    ['0049 151 23456789', 'AT', '+4915123456789'],
    ['011 49 151 23456789', 'US', '+4915123456789'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['1-212-555-0123', 'CA', '+12125550123'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['tel:+43-1-234567;phone-context=x', 'US', '+431234567'],
    ['０２０ ７９４６ ０９５８', 'GB', '+442079460958'],
    ['\u202A+49\u00A0151\u201023456789\u202C', 'US', '+4915123456789'],
    ['+39 06 698 12345', 'US', '+390669812345'],
    ['+800 1234 5678', 'DE', '+80012345678'],
    ['712 345', 'AD', '+376712345'],
  ])('%s in %s is %s', (text, country, expected) => {
    expect(readNumber(text, { country })).toBe(expected);
  });

  test.each([
    ['600', 'US'],
    ['1 01', 'DE'],
    ['112', 'US'],
    ['000', 'AU'],
  ])('a short number stays short: %s in %s', (text, country) => {
    expect(readNumber(text, { country })).toBe(text.replace(' ', ''));
  });

  test.each([
    '',
    '   ',
    '5',
    'hello',
    '1-800-FLOWERS',
    '+',
    '++4915123456789',
    '+49',
    '12345678901234567890',
    '+999123456789',
    'sip:alice@example.com',
    '=600',
  ])('%j is no number', (text) => {
    expect(readNumber(text, { country: 'US' })).toBeNull();
  });

  test('a country that is not known still dials international numbers', () => {
    expect(readNumber('+4915123456789', { country: 'ZZ' })).toBe('+4915123456789');
    expect(readNumber('0151 23456789', { country: 'ZZ' })).toBeNull();
  });
});

describe('the country of a number', () => {
  test.each([
    ['+12125550123', 'US'],
    ['+14165550123', 'CA'],
    ['+18765550123', 'JM'],
    ['+77011234567', 'KZ'],
    ['+80012345678', null],
    ['600', null],
  ])('%s is of %s', (text, expected) => {
    const number = dialableNumber(text);
    expect(number && countryOfNumber(number)).toBe(expected);
  });
});

describe('emergency numbers', () => {
  test('112 and 911 count everywhere, others where they are in use', () => {
    expect(isEmergencyNumber('112', 'JP')).toBe(true);
    expect(isEmergencyNumber('911', 'DE')).toBe(true);
    expect(isEmergencyNumber('999', 'GB')).toBe(true);
    expect(isEmergencyNumber('999', 'US')).toBe(false);
    expect(isEmergencyNumber('110', 'de')).toBe(true);
    expect(isEmergencyNumber('600', 'GB')).toBe(false);
  });

  test('all of them can be dialled', () => {
    for (const number of EMERGENCY_NUMBERS) expect(dialableNumber(number), number).toBe(number);
  });
});
