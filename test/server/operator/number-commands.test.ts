/** Numbers by the operator's commands: prices of carriers' numbers, orders, and what both sides have. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importNumbers } from '../../../server/numbers/import-numbers.ts';
import { CarrierRig, CHICAGO, PEORIA } from '../../support/carrier-rig.ts';
import { TELNYX_KEY } from '../../support/local-telnyx.ts';
import { granted } from '../../support/office-rig.ts';
import { runOperator } from '../../support/run-operator.ts';

let rig: CarrierRig;
let folder: string;
beforeEach(async () => {
  rig = await CarrierRig.open();
  await rig.office.addCredit(5_000_000);
  folder = await mkdtemp(join(tmpdir(), 'credit-phone-numbers-'));
});
afterEach(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});

function operator(...words: string[]) {
  const telnyx = { TELNYX_API_KEY: TELNYX_KEY, TELNYX_URL: rig.telnyx.url };
  return runOperator({ ...rig.office.environment, ...telnyx }, words);
}

function file(text: string): string {
  const path = join(folder, 'prices.csv');
  writeFileSync(path, text);
  return path;
}

const HEAD = 'country,type,currency,setup,monthly,inbound_per_minute';

describe('numbers prices', () => {
  test("hold for all accounts at once, and an account's own before them", async () => {
    expect(await operator('numbers', 'prices', file(`${HEAD}\nUS,local,USD,2,0.75,0`))).toEqual({
      lines: ['1 prices are in force for what is searched from now on.'],
      exitCode: 0,
    });
    expect((await rig.search())[0]?.setupMicros).toBe(2_000_000);
    await operator('numbers', 'prices', file(`${HEAD}\nUS,local,USD,3,0.75,0`), '--account', 'acme');
    await operator('numbers', 'prices', file(`${HEAD}\nUS,local,USD,4,0.75,0`));
    expect((await rig.search())[0]?.setupMicros).toBe(3_000_000);
  });

  test('are checked as a whole: each wrong cell is told, nothing is stored', async () => {
    const { lines, exitCode } = await operator(
      'numbers',
      'prices',
      file(`${HEAD}\nUS,local,USD,9,1,0\nus,landline,USD,-1,1e3,0\nUS,local,USD,9,1,0`),
    );
    expect(lines).toEqual([
      'line 3, column country: "us" is not an ISO 3166-1 country such as US',
      'line 3, column type: "landline" is none of local, mobile, toll_free',
      'line 3, column setup: "-1" is not a price such as 1.50 (at most six decimals)',
      'line 3, column monthly: "1e3" is not a price such as 1.50 (at most six decimals)',
      'line 4, column country: "US" is in line 2 already',
      'Nothing was imported.',
    ]);
    expect(exitCode).toBe(1);
    expect((await rig.search())[0]?.setupMicros).toBe(580_000);
    await expect(operator('numbers', 'prices', file(HEAD), '--account', 'nobody')).rejects.toThrow('no account');
  });
});

test('numbers orders lists them with why they hang, and never the key', async () => {
  granted(await rig.buy(CHICAGO));
  rig.office.clock.advance(1_000);
  rig.telnyx.next('order', 'error_before');
  granted(await rig.buy(PEORIA));
  const { lines } = await operator('numbers', 'orders');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/acme\tberlin\t\+13125550101\t.*\t1\.00 USD\tbought\ttelnyx:0000/);
  expect(lines[1]).toMatch(/\+13095550102\t.*\tasking \(503 10007 Unexpected error\)\ttelnyx:not told yet/);
  expect((await operator('numbers', 'orders', '--open')).lines).toHaveLength(2);
  expect(lines.join()).not.toContain(TELNYX_KEY);
});

describe('numbers reconcile', () => {
  test('finds nothing where both sides have the same, however many; our own inventory is no matter of a carrier', async () => {
    await importNumbers(rig.office.store, {
      accountId: 'acme',
      csv: 'number,country,type,region,features,currency,setup,monthly,inbound_per_minute\n+12025550101,US,local,,voice,USD,0,0,0',
    });
    granted(await rig.buy('+12025550101', { offer: '' }));
    rig.telnyx.delivery = 'pending';
    rig.telnyx.sells({ number: '+13125550777' });
    const offers = granted(
      await rig.office.services.handlers.searchNumbers(
        { accountId: 'acme', officeId: 'berlin', personId: 'dana', name: 'Dana', role: 'billing', licence: null },
        { country: 'US', cursor: 'carrier' },
      ),
    ).numbers;
    const offerOf = (number: string) => offers.find((row) => row.number === number)?.offer ?? '';
    granted(await rig.buy(PEORIA, { offer: offerOf(PEORIA) }));
    rig.telnyx.delivery = 'success';
    granted(await rig.buy(CHICAGO, { offer: offerOf(CHICAGO) }));
    expect(await operator('numbers', 'reconcile')).toEqual({
      lines: [`${PEORIA}\tordered for acme: not compared`, '1 numbers agree, 0 differ, 1 are being ordered'],
      exitCode: 0,
    });
  });

  test('lists what is only there and what is only here', async () => {
    granted(await rig.buy(CHICAGO));
    for (let index = 0; index < 300; index += 1) rig.telnyx.has(`+1312777${1_000 + index}`);
    const [owned] = rig.telnyx.owned;
    if (owned) owned.status = 'deleted';
    const { lines, exitCode } = await operator('numbers', 'reconcile');
    expect(lines).toHaveLength(302);
    expect(lines[0]).toBe('+13127771000\tat telnyx, owned by nobody here');
    expect(lines.slice(-2)).toEqual([
      `${CHICAGO}\towned by acme here, not at telnyx`,
      '0 numbers agree, 301 differ, 0 are being ordered',
    ]);
    expect(exitCode).toBe(1);
  });

  test('says in a sentence when the carrier cannot be asked, or is none', async () => {
    rig.telnyx.next('numbers', 'error_before');
    await expect(operator('numbers', 'reconcile')).rejects.toThrow('Telnyx: GET /phone_numbers: 503');
    await expect(runOperator(rig.office.environment, ['numbers', 'reconcile'])).rejects.toThrow('TELNYX_API_KEY');
  });
});
