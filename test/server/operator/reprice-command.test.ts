/** numbers reprice: what it says, what it does, and what it refuses. The clock is the machine's, as it is for an operator. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDays, type CalendarDay, dayAt } from '../../../server/rent/rent-calendar.ts';
import { RENTED, RentRig, USD, ZONE } from '../../support/rent-rig.ts';
import { runOperator } from '../../support/run-operator.ts';

const SECOND = '+12025550102';

let rig: RentRig;
let folder: string;
let today: CalendarDay;
let soon: CalendarDay;
beforeEach(async () => {
  rig = await RentRig.open();
  await rig.own();
  await rig.own({ number: SECOND, officeId: 'austin', monthlyMicros: 1_500_000 });
  folder = await mkdtemp(join(tmpdir(), 'credit-phone-reprice-'));
  today = dayAt(Date.now(), ZONE);
  soon = addDays(today, 40);
});
afterEach(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});

function reprice(...words: string[]) {
  return runOperator(rig.office.environment, ['numbers', 'reprice', ...words]);
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const all = () => ['--from', soon, '--currency', 'USD', '--monthly', '2'];

async function announced(number = RENTED) {
  const { nextMonthlyMicros, nextMonthlyDay } = await rig.row(number);
  return [nextMonthlyMicros, nextMonthlyDay];
}

describe('numbers reprice', () => {
  test('says how many numbers and accounts, and the sum; nothing is announced until --yes', async () => {
    expect(await reprice(...all())).toEqual({
      lines: [
        'acme\t2 numbers: 2.50 to 4.00 USD a month (+1.50)',
        `1 accounts, 2 numbers: 2.50 to 4.00 USD a month (+1.50), from ${soon} on`,
        'Nothing was announced. With --yes and an --id it is.',
      ],
      exitCode: 0,
    });
    expect(await announced()).toEqual([null, null]);
    await expect(reprice(...all(), '--yes')).rejects.toThrow('--id is missing');
    expect(await announced()).toEqual([null, null]);
  });

  test('with --yes it is done once, however often it is said', async () => {
    const { lines } = await reprice(...all(), '--id', 'spring', '--yes');
    expect(lines.at(-1)).toBe('Announced for 2 numbers; the admins of 2 offices are told.');
    expect(await announced()).toEqual([2 * USD, soon]);
    expect((await reprice(...all(), '--id', 'spring', '--yes')).lines).toEqual([
      `0 accounts, 0 numbers: 0.00 to 0.00 USD a month (+0.00), from ${soon} on`,
      '2 more cost that from then on already.',
      'There was nothing to announce.',
    ]);
    expect(await rig.told()).toEqual(['rent_changes', 'rent_changes']);
  });

  test('takes the price of each number from a file, or tells every line that is wrong', async () => {
    const prices = file('prices.csv', `number,monthly\n${RENTED},2\n${SECOND},0.5\n`);
    const dated = ['--from', soon, '--currency', 'USD', '--id', 'spring', '--yes'];
    expect((await reprice('--prices', prices, ...dated)).lines.slice(0, 1)).toEqual([
      'acme\t2 numbers: 2.50 to 2.50 USD a month (+0.00)',
    ]);
    expect([await announced(), await announced(SECOND)]).toEqual([
      [2 * USD, soon],
      [500_000, soon],
    ]);
    const wrong = file('wrong.csv', `number,monthly\n${RENTED},-1\n1202,2\n${RENTED},3\n`);
    expect(await reprice('--prices', wrong, ...dated)).toEqual({
      lines: [
        'line 2, column monthly: "-1" is not a price such as 1.50 (at most six decimals)',
        'line 3, column number: "1202" is not an E.164 number such as +12025550101',
        `line 4, column number: "${RENTED}" is in line 2 already`,
        'Nothing was announced.',
      ],
      exitCode: 1,
    });
    const unknown = file('unknown.csv', `number,monthly\n${RENTED},3\n+12025550199,3\n`);
    await expect(reprice('--prices', unknown, ...dated, '--id', 'other')).rejects.toThrow(
      /rented by nobody.*: \+12025550199\. Nothing was announced/,
    );
    await expect(reprice('--prices', prices, ...all())).rejects.toThrow('--monthly');
    await expect(reprice('--prices', prices, '--from', soon, '--currency', 'USD', '--prefix', '+1')).rejects.toThrow(
      '--prefix',
    );
  });

  test('is for the numbers that are named: another account, type or beginning is left alone', async () => {
    await reprice(...all(), '--prefix', SECOND, '--account', 'acme', '--type', 'local', '--id', 'one', '--yes');
    expect([await announced(), await announced(SECOND)]).toEqual([
      [null, null],
      [2 * USD, soon],
    ]);
    await expect(reprice(...all(), '--account', 'nobody')).rejects.toThrow('there is no account');
    expect((await reprice(...all(), '--country', 'DE')).lines[0]).toContain('0 numbers');
  });

  test('refuses a day before the notice is over, with the first one that would do; the policy says how long it is', async () => {
    const early = (day: CalendarDay) => ['--from', day, '--currency', 'USD', '--monthly', '9'];
    await expect(reprice(...early(addDays(today, 29)))).rejects.toThrow(
      `which is less than 30 days ahead, the policy's rent.noticeDays; expected ${addDays(today, 30)} or later for account "acme". Nothing`,
    );
    await expect(reprice(...early(addDays(today, 30)))).resolves.toMatchObject({ exitCode: 0 });
    await runOperator(rig.office.environment, ['policy', 'set', file('policy.json', '{"rent": {"noticeDays": 60}}')]);
    await expect(reprice(...early(soon))).rejects.toThrow('less than 60 days ahead');
    // A file is what the servers of this environment go by.
    const POLICY_FILE = file('mine.json', '{"rent": {"noticeDays": 2}}');
    const words = ['numbers', 'reprice', ...early(addDays(today, 2))];
    await expect(runOperator({ ...rig.office.environment, POLICY_FILE }, words)).resolves.toMatchObject({
      exitCode: 0,
    });
    const BAD = file('bad.json', '{"rent": {"noticeDay": 2}}');
    await expect(runOperator({ ...rig.office.environment, POLICY_FILE: BAD }, words)).rejects.toThrow('POLICY_FILE');
  });

  test.each([
    [['--from', '2026-02-30'], '--from is "2026-02-30"'],
    [['--from', 'soon'], '--from is "soon"'],
    [['--currency', 'usd'], '--currency'],
    [['--monthly', '-1'], '--monthly is "-1"'],
    [['--monthly', '1e3'], '--monthly is "1e3"'],
    [['--monthly', '99999999999999999999'], '--monthly'],
    [['--type', 'landline'], '--type is "landline"'],
    [['--prefix', '1415'], '--prefix is "1415"'],
    [['--prefix', '+%'], '--prefix is "+%"'],
    [['--country', 'usa'], '--country'],
    [['--id', '../x'], '--id'],
  ])('refuses %j with a sentence', async (words, said) => {
    await expect(reprice(...all(), ...words)).rejects.toThrow(said);
    await expect(reprice('--from', soon, '--currency', 'USD')).rejects.toThrow('--monthly is missing');
  });
});
