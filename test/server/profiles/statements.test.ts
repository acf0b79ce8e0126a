/** What the products say of the record of all this: where it is read what was spent, on what, when, and by whom. */
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, test } from 'vitest';
import type { Profile } from '../../../server/policy/profile.ts';
import { MeteringRig } from '../../support/metering-rig.ts';
import { ANN, AUSTRIA, DANA, GERMAN_MOBILE, KIM, SAM } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';
import { dollars, IN_AUSTIN, LOCAL_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';

let rig: ProfileRig;

/** An account that has used everything there is: calls out and in by two people, a number, messages. */
async function open(profile: Profile): Promise<void> {
  rig = await ProfileRig.open(profile);
  await rig.haveCredit(50);
  expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
  await rig.talk(GERMAN_MOBILE, { seconds: 90 });
  await rig.talk(AUSTRIA, { seconds: 30, identity: KIM });
  await rig.talkIn(TOLL_FREE, 61);
  agreed(await new MeteringRig(rig.office).charge({ units: 2 }));
}

afterEach(() => rig.close());

const statements = () => rig.office.services.statements.handlers;
const summary = async () => agreed(await statements().statementSummary(DANA, {}));
const lines = async (query = {}) =>
  agreed(await statements().statementLines(DANA, { direction: 'asc', ...query })).lines;
const sum = (amounts: readonly number[]) => amounts.reduce((one, other) => one + other, 0);

describe('diallink', () => {
  test('L-17: all usage charges are in the table: its sum is that of all debits of the ledger, to the micro-unit', async () => {
    await open('diallink');
    const debits = (await rig.debits()).map(([, micros]) => micros);
    expect((await lines({ flow: 'usage' })).map(({ amountMicros }) => -amountMicros).toSorted()).toEqual(
      debits.toSorted(),
    );
    const { spentMicros, closingMicros } = await summary();
    expect(spentMicros).toBe(sum(debits));
    expect(closingMicros).toBe(await rig.payments.balance());
  });

  test('L-19, L-20: entries are grouped by a type that people can read, each group with the total of its own items', async () => {
    await open('diallink');
    const { groups } = await summary();
    const spent = groups.filter(({ flow }) => flow === 'usage');
    expect(spent.map(({ title }) => title)).toContain('Outbound International Call');
    for (const { groupKey, lineCount, spentMicros } of spent) {
      const items = await lines({ group: groupKey });
      expect([items.length, -sum(items.map(({ amountMicros }) => amountMicros))]).toEqual([lineCount, spentMicros]);
    }
    expect(spent.length).toBeGreaterThan(2);
  });

  test('L-21: each item has date and time, price and person', async () => {
    await open('diallink');
    const calls = (await lines()).filter(({ entryKind }) => entryKind === 'outbound_call');
    expect(calls.map(({ personName, amountMicros }) => [personName, amountMicros])).toEqual([
      [SAM.name, -120_000],
      [KIM.name, -100_000],
    ]);
    const bought = (await lines()).find(({ entryKind }) => entryKind === 'number_purchase');
    expect(bought?.personName).toBe(DANA.name);
    // The rent falls due by itself: it is of who bought the number.
    rig.office.clock.advance(20 * 86_400_000);
    for (const { work } of rig.office.services.rent.works) await work();
    const all = await lines();
    expect(all.find(({ entryKind }) => entryKind === 'number_renewal')?.personName).toBe(DANA.name);
    expect(all.find(({ entryKind }) => entryKind === 'operator_credit')?.personName).toBe('Berlin');
    for (const { atMs, amountMicros, personName } of all) {
      expect([atMs > 0, amountMicros !== 0, personName]).toEqual([true, true, expect.stringMatching(/./)]);
    }
    const kinds = new Set(all.map(({ entryKind }) => entryKind));
    const every = [
      'operator_credit',
      'number_purchase',
      'number_renewal',
      'outbound_call',
      'inbound_call',
      'service_sms',
    ];
    expect(kinds).toEqual(new Set(every));
  });
});

describe('dialpad', () => {
  test('D-25: usage of a month counts toll-free and international calls, and says of each call when, who, by which number, how long, how much', async () => {
    await open('dialpad');
    const { months, currentMonth } = agreed(await statements().statementMonths(DANA, {}));
    expect(months.map(({ month }) => month)).toEqual([currentMonth]);
    const month = agreed(await statements().statementSummary(DANA, { month: currentMonth }));
    expect([month.tollFreeCallCount, month.internationalCallCount]).toEqual([1, 1]);
    const [first, second, third] = (await lines({ month: currentMonth })).filter(({ entryKind }) =>
      entryKind.endsWith('_call'),
    );
    expect(first).toMatchObject({ personName: SAM.name, officeName: 'Berlin', durationSeconds: 90 });
    expect(second).toMatchObject({ personName: KIM.name, durationSeconds: 30, amountMicros: -100_000 });
    expect(third).toMatchObject({ numberUsed: TOLL_FREE, durationSeconds: 61, amountMicros: -40_000 });
  });

  test('D-25: a mobile phone abroad counts as an international call, one at home does not', async () => {
    await open('dialpad');
    const home = await summary();
    expect(home.internationalCallCount).toBe(1);
    expect(home.groups.map(({ title }) => title)).toContain('Outbound Mobile Call');
    const { store } = rig.office;
    const office = await store.db.selectFrom('office').selectAll().where('officeId', '=', 'austin').executeTakeFirst();
    if (!office) throw new Error('There is no such office');
    await store.writeRows([{ table: 'office', mode: 'upsert', row: { ...office, country: 'US' } }]);
    await rig.haveCredit(10, 'austin');
    await rig.talk(GERMAN_MOBILE, { seconds: 60, identity: ANN });
    const abroad = agreed(await statements().statementSummary({ ...IN_AUSTIN, role: 'company' }, {}));
    expect(abroad.internationalCallCount).toBe(1);
    expect(abroad.groups.map(({ title }) => title)).toContain('Outbound International Mobile Call');
  });

  test('D-13, D-12: the usage of one office is not in the statement of the other', async () => {
    await open('dialpad');
    const other = agreed(await statements().statementSummary({ ...IN_AUSTIN, role: 'company' }, {}));
    expect([other.lineCount, other.spentMicros]).toEqual([0, 0]);
  });

  test('D-27: the export has the rows and the sum of the table, and nothing in it is a formula to a spreadsheet', async () => {
    await open('dialpad');
    await rig.talk(GERMAN_MOBILE, { seconds: 30, identity: { ...KIM, name: '=HYPERLINK("https://evil.example")' } });
    const file = agreed(await rig.office.services.statements.exportCsv(DANA, { flow: 'usage' }));
    let csv = '';
    for await (const page of file.pages) csv += page.text;
    const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true });
    const debits = (await rig.debits()).map(([, micros]) => micros);
    expect([rows.length, -sum(rows.map(({ amount_micros }) => Number(amount_micros)))]).toEqual([
      debits.length,
      sum(debits),
    ]);
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@]/);
    expect(csv).toContain('HYPERLINK');
  });
});

describe('freshcaller', () => {
  test('F-06, F-04: each row of the statement says what it was for, and all of them come off one balance', async () => {
    await open('freshcaller');
    const kinds = (await lines({ flow: 'usage' })).map(({ entryKind }) => entryKind);
    expect(new Set(kinds)).toEqual(new Set(['number_purchase', 'outbound_call', 'inbound_call', 'service_sms']));
    const balances = (await lines()).map(({ balanceMicros }) => balanceMicros);
    expect(balances.at(-1)).toBe(await rig.payments.balance());
    expect(balances[0]).toBe(dollars(50));
  });
});

test('F-05, C-03, D-03: an agent is not asked in, by the service or by the gate', async () => {
  await open('default');
  const { status } = await rig.http('agent', { method: 'GET', path: '/v1/payment-settings' });
  expect(status).toBe(403);
  expect(codeOf(await statements().statementSummary({ ...DANA, officeId: 'nowhere' }, {}))).toBe('office_forbidden');
});
