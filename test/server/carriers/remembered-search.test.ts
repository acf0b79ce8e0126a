import { beforeEach, expect, test } from 'vitest';
import { CarrierError, type CarrierSearch, type NumberCarrier } from '../../../server/carriers/number-carrier.ts';
import { REMEMBERED_MS, rememberingSearches } from '../../../server/carriers/remembered-search.ts';

const SEARCH: CarrierSearch = { country: 'US', type: 'local', features: [], limit: 25 };

let asked: CarrierSearch[];
let nowMs: number;
let fails: boolean;
let carrier: NumberCarrier;
beforeEach(() => {
  asked = [];
  nowMs = 0;
  fails = false;
  const never = () => {
    throw new Error('not asked here');
  };
  carrier = rememberingSearches(
    {
      name: 'test',
      search: async (search) => {
        asked.push(search);
        if (fails) throw new CarrierError('down');
        return [{ number: `+1${asked.length}`, region: '', features: [], cost: null }];
      },
      order: never,
      findOrder: never,
      findNumber: never,
      release: never,
      owned: never,
    },
    { monotonicMs: () => nowMs },
  );
});

test('the same search is asked for once in a moment, also by many at once', async () => {
  const pages = await Promise.all(Array.from({ length: 100 }, () => carrier.search(SEARCH)));
  expect(asked).toHaveLength(1);
  expect(new Set(pages.map(([first]) => first?.number))).toEqual(new Set(['+11']));
  nowMs = REMEMBERED_MS - 1;
  await carrier.search(SEARCH);
  expect(asked).toHaveLength(1);
  nowMs = REMEMBERED_MS;
  expect((await carrier.search(SEARCH))[0]?.number).toBe('+12');
});

test('another search is another question', async () => {
  await carrier.search(SEARCH);
  await carrier.search({ ...SEARCH, areaCode: '312' });
  await carrier.search({ ...SEARCH, type: 'toll_free' });
  expect(asked).toHaveLength(3);
});

test('a failure is told to who asked, and not kept', async () => {
  fails = true;
  await expect(carrier.search(SEARCH)).rejects.toThrow('down');
  fails = false;
  await expect(carrier.search(SEARCH)).resolves.toHaveLength(1);
});

test('what is remembered is bounded', async () => {
  for (let index = 0; index < 501; index += 1) await carrier.search({ ...SEARCH, contains: String(index) });
  await carrier.search({ ...SEARCH, contains: '0' });
  expect(asked).toHaveLength(502);
});
