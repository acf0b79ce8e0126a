/** The client of Telnyx over HTTP, against a Telnyx of the test's own. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CarrierError, type NumberCarrier } from '../../../server/carriers/number-carrier.ts';
import { createTelnyxCarrier } from '../../../server/carriers/telnyx-carrier.ts';
import { LocalTelnyx, TELNYX_KEY } from '../../support/local-telnyx.ts';

const NUMBER = '+13125550101';
const ORDER = { orderId: 'purchase-0001', number: NUMBER };
const TIMEOUT_MS = 1_000;

let telnyx: LocalTelnyx;
let carrier: NumberCarrier;
beforeEach(async () => {
  telnyx = await LocalTelnyx.start();
  telnyx.sells({ number: NUMBER, features: ['voice', 'sms', 'emergency'], upfront: '1.00', monthly: '0.125' });
  carrier = carrierWith({});
});
afterEach(() => telnyx.stop());

function carrierWith(options: { readonly apiKey?: string; readonly connectionId?: string }): NumberCarrier {
  return createTelnyxCarrier({ apiKey: TELNYX_KEY, baseUrl: telnyx.url, timeoutMs: TIMEOUT_MS, ...options });
}

describe('search', () => {
  test('sends each filter as the published API names it, and reads what it knows', async () => {
    const found = await carrier.search({
      country: 'US',
      type: 'local',
      areaCode: '312',
      starts: '555',
      contains: '01',
      ends: '101',
      features: ['voice', 'sms'],
      limit: 25,
    });
    expect(Object.fromEntries(telnyx.queries[0] ?? [])).toEqual({
      'filter[country_code]': 'US',
      'filter[phone_number_type]': 'local',
      'filter[limit]': '25',
      'filter[best_effort]': 'false',
      'filter[national_destination_code]': '312',
      'filter[phone_number][starts_with]': '555',
      'filter[phone_number][contains]': '01',
      'filter[phone_number][ends_with]': '101',
      'filter[features]': 'voice,sms',
    });
    expect(found).toEqual([
      {
        number: NUMBER,
        region: 'Chicago, IL',
        features: ['voice', 'sms'],
        cost: { currency: 'USD', setupMicros: 1_000_000, monthlyMicros: 125_000 },
      },
    ]);
  });

  test.each([
    'error_before',
    'busy',
    'refused',
    'garbled',
    'lost',
    'hang',
  ] as const)('that fails (%s) says so', async (fault) => {
    telnyx.next('search', fault);
    await expect(carrier.search({ country: 'US', type: 'local', features: [], limit: 5 })).rejects.toThrow(
      CarrierError,
    );
  });
});

describe('order', () => {
  test('carries our own id, and the connection where calls are to arrive', async () => {
    expect(await carrierWith({ connectionId: '42' }).order(ORDER)).toMatchObject({
      outcome: 'order',
      order: { state: 'delivered' },
    });
    expect(telnyx.orders).toMatchObject([{ reference: ORDER.orderId, number: NUMBER, connectionId: '42' }]);
  });

  test.each([
    ['success', { state: 'delivered' }],
    ['pending', { state: 'pending' }],
    ['failure', { state: 'failed' }],
  ] as const)('that is "%s" there is told as what it is', async (delivery, order) => {
    telnyx.delivery = delivery;
    expect(await carrier.order(ORDER)).toMatchObject({ outcome: 'order', order });
    expect(await carrier.findOrder(ORDER)).toMatchObject(order);
  });

  test.each([
    ['refused', { outcome: 'refused', reason: '422 85001 The phone number is not available' }],
    ['busy', { outcome: 'busy', retryInMs: 3_000 }],
    ['error_before', { outcome: 'unknown', reason: '503 10007 Unexpected error' }],
    ['error_after', { outcome: 'unknown' }],
    ['lost', { outcome: 'unknown' }],
    ['hang', { outcome: 'unknown' }],
    ['garbled', { outcome: 'unknown' }],
  ] as const)('that ends with "%s" never claims more than is known', async (fault, answer) => {
    telnyx.next('order', fault);
    expect(await carrier.order(ORDER)).toMatchObject(answer);
  });

  test('that nobody can reach is not known either, and the reason never has the key', async () => {
    await telnyx.stop();
    const answer = await carrier.order(ORDER);
    expect(answer.outcome).toBe('unknown');
    expect(JSON.stringify(answer)).not.toContain(TELNYX_KEY);
    telnyx = await LocalTelnyx.start();
  });

  test('with a wrong key is refused', async () => {
    const answer = await carrierWith({ apiKey: 'KEY_that_is_another' }).order(ORDER);
    expect(answer).toEqual({ outcome: 'refused', reason: '401 10009 No key' });
  });
});

describe('an order with our id', () => {
  test('is not taken for one whose id only begins like it', async () => {
    await carrier.order(ORDER);
    expect(await carrier.findOrder({ ...ORDER, orderId: 'purchase-0002' })).toBeNull();
    expect(await carrier.findOrder({ ...ORDER, orderId: 'purchase-000' })).toBeNull();
  });

  test.each([
    'error_before',
    'busy',
    'lost',
    'garbled',
  ] as const)('is not "none" when the answer fails (%s)', async (fault) => {
    telnyx.next('orders', fault);
    await expect(carrier.findOrder(ORDER)).rejects.toThrow(CarrierError);
  });
});

async function refOf(number: string): Promise<string> {
  const numberRef = await carrier.findNumber(number);
  if (numberRef === null) throw new Error(`${number} is not ours`);
  return numberRef;
}

describe('release', () => {
  test('is of the very number, and not of one that has the same digits in it', async () => {
    telnyx.has('+131255501019');
    telnyx.has(NUMBER);
    await carrier.release(await refOf(NUMBER));
    expect(telnyx.numbersOwned()).toEqual(['+131255501019']);
    expect(await carrier.findNumber(NUMBER)).toBeNull();
  });

  test('said twice is done once, and does not touch the same number that was bought again since', async () => {
    telnyx.has(NUMBER);
    const first = await refOf(NUMBER);
    await carrier.release(first);
    await carrier.release(first);
    telnyx.has(NUMBER);
    await carrier.release(first);
    expect(telnyx.numbersOwned()).toEqual([NUMBER]);
    expect(await carrier.findNumber(NUMBER)).not.toBe(first);
  });

  test('whose answer is lost can be repeated', async () => {
    telnyx.has(NUMBER);
    const numberRef = await refOf(NUMBER);
    telnyx.next('release', 'lost');
    await expect(carrier.release(numberRef)).rejects.toThrow(CarrierError);
    await carrier.release(numberRef);
    expect(telnyx.numbersOwned()).toEqual([]);
  });

  test.each([
    'error_before',
    'busy',
    'lost',
    'garbled',
  ] as const)('does not take a number for none when the answer fails (%s)', async (fault) => {
    telnyx.has(NUMBER);
    telnyx.next('numbers', fault);
    await expect(carrier.findNumber(NUMBER)).rejects.toThrow(CarrierError);
  });
});

test('the numbers that are ours there are read page by page', async () => {
  for (let index = 0; index < 601; index += 1) telnyx.has(`+1312${5_550_000 + index}`);
  const [first] = telnyx.owned;
  if (first) first.status = 'deleted';
  const owned: string[] = [];
  for await (const number of carrier.owned()) owned.push(number);
  expect(owned).toHaveLength(600);
  expect(telnyx.requests).toHaveLength(3);
});
