import { describe, expect, test } from 'vitest';
import { buyNumberSchema, numberSearchSchema } from '../../../src/protocol/number.ts';

const isGood = (search: unknown) => numberSearchSchema.safeParse(search).success;

describe('a search for numbers', () => {
  test('may ask for anything or for everything at once', () => {
    expect(isGood({})).toBe(true);
    const all = { country: 'DE', type: 'local', areaCode: '30', starts: '1', contains: '2', ends: '3' };
    expect(isGood({ ...all, features: 'voice,sms,fax', cursor: '+4930123' })).toBe(true);
  });

  test('with an area code names the country, too', () => {
    expect(isGood({ country: 'DE', areaCode: '30' })).toBe(true);
    const without = numberSearchSchema.safeParse({ areaCode: '30' });
    expect(without.error?.issues).toMatchObject([{ path: ['areaCode'], message: 'means nothing without a country' }]);
  });

  test.each([
    { country: 'de' },
    { country: 'DE', areaCode: '030000000' },
    { starts: '+49' },
    { contains: '%' },
    { contains: '_1' },
    { ends: '' },
    { ends: '1234567890123456' },
    { features: 'mms' },
    { features: 'voice,' },
    { features: 'voice,sms,fax,voice' },
    { type: 'landline' },
    { cursor: 'x'.repeat(65) },
  ])('is refused as %j', (search) => {
    expect(isGood(search)).toBe(false);
  });
});

test('an offer has a limit', () => {
  const purchaseId = 'purchase-0001';
  expect(buyNumberSchema.safeParse({ purchaseId, offer: 'x'.repeat(2_000) }).success).toBe(true);
  expect(buyNumberSchema.safeParse({ purchaseId, offer: 'x'.repeat(2_001) }).success).toBe(false);
});
