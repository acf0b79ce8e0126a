import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importNumbers, parseNumbers } from '../../../server/numbers/import-numbers.ts';
import { OfficeRig } from '../../support/office-rig.ts';

const HEAD = 'number,country,type,region,features,currency,setup,monthly,inbound_per_minute';
const GOOD = '+12025550101,US,local,"Washington, DC",voice sms,USD,1.00,1.50,0.0085';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

test('headers stand in any order, cells may be quoted, a second import brings prices up to date', async () => {
  const csv =
    'monthly,setup,inbound_per_minute,currency,features,region,type,country,Number\n1.50,1,0.0085,USD,"fax,voice","Washington, ""DC""",local,US,+12025550101\n';
  expect(await importNumbers(rig.store, { accountId: 'acme', csv })).toEqual({ ok: true, imported: 1 });
  const stored = () => rig.store.db.selectFrom('number').selectAll().execute();
  expect(await stored()).toEqual([
    {
      accountId: 'acme',
      number: '+12025550101',
      country: 'US',
      type: 'local',
      region: 'Washington, "DC"',
      features: 'fax voice',
      currency: 'USD',
      setupMicros: 1_000_000,
      monthlyMicros: 1_500_000,
      inboundPerMinuteMicros: 8_500,
      carrier: null,
    },
  ]);
  await importNumbers(rig.store, { accountId: 'acme', csv: csv.replace('1.50', '2') });
  expect(await stored()).toMatchObject([{ monthlyMicros: 2_000_000 }]);
});

test('one bad row stops the file; every bad cell is named with line, column, value and reason', async () => {
  const csv = [HEAD, GOOD, '12025550102,usa,pager,x,voice telex,dollar,-1,1.0000001,free', '', GOOD].join('\n');
  const result = await importNumbers(rig.store, { accountId: 'acme', csv });
  if (result.ok) throw new Error('imported');
  expect(result.errors.map(({ line, column, value }) => [line, column, value])).toEqual([
    [3, 'number', '12025550102'],
    [3, 'country', 'usa'],
    [3, 'type', 'pager'],
    [3, 'features', 'voice telex'],
    [3, 'currency', 'dollar'],
    [3, 'setup', '-1'],
    [3, 'monthly', '1.0000001'],
    [3, 'inbound_per_minute', 'free'],
    [5, 'number', '+12025550101'],
  ]);
  expect(result.errors.at(-1)?.reason).toBe('is in line 2 already');
  expect(await rig.store.db.selectFrom('number').selectAll().execute()).toEqual([]);
});

test.each([
  ['', 'columns are missing: number, country'],
  [`${HEAD.replace(',setup', '')}\n`, 'columns are missing: setup'],
  [`${HEAD}\n+12025550101,US`, 'Invalid Record Length'],
  [`${HEAD}\n"+12025550101,US`, 'Quote'],
])('a file that is no table of numbers is refused with the reason', (csv, reason) => {
  const result = parseNumbers({ accountId: 'acme', csv });
  if (result.ok) throw new Error('parsed');
  expect(result.errors[0]?.reason).toContain(reason);
});

test('the sample inventory is good, of several countries and types, and reserved for fiction where such ranges exist', () => {
  const csv = readFileSync(new URL('../../../demo/sample-numbers.csv', import.meta.url), 'utf8');
  const result = parseNumbers({ accountId: 'demo', csv });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  expect(result.rows.length).toBeGreaterThanOrEqual(60);
  expect(new Set(result.rows.map(({ country }) => country)).size).toBeGreaterThanOrEqual(6);
  expect(new Set(result.rows.map(({ type }) => type))).toEqual(new Set(['local', 'mobile', 'toll_free']));
  const american = result.rows.filter(({ country }) => country === 'US' || country === 'CA');
  expect(american.every(({ number }) => /^\+1\d{3}55501\d{2}$/.test(number))).toBe(true);
});
