import { describe, expect, test } from 'vitest';
import {
  dialableNumber,
  dialableNumberSchema,
  isE164,
  isShortNumber,
  rateKey,
} from '../../../src/protocol/phone-number.ts';

describe('dialable numbers', () => {
  test('are E.164 with "+" or short numbers of the network', () => {
    for (const text of ['+4915123456789', '+1234567', '600', '112', '99', '123456'])
      expect(dialableNumber(text)).toBe(text);
  });

  test('are nothing else', () => {
    const wrong = [
      '',
      '1',
      '1234567',
      '+0123456789',
      '+123456',
      '+1234567890123456',
      '+49 151',
      '=600',
      '6O0',
      '+49151\n',
      'sip:600',
    ];
    for (const text of wrong) {
      expect(dialableNumber(text), text).toBeNull();
      expect(dialableNumberSchema.safeParse(text).success, text).toBe(false);
    }
  });

  test('are told apart', () => {
    expect([isE164('+4366012345'), isShortNumber('+4366012345')]).toEqual([true, false]);
    expect([isE164('600'), isShortNumber('600')]).toEqual([false, true]);
  });

  test('are looked up by their digits, short ones only as a whole', () => {
    const keys = ['+4366012345', '600'].map((text) => {
      const number = dialableNumber(text);
      return number && rateKey(number);
    });
    expect(keys).toEqual(['4366012345', '=600']);
  });
});
