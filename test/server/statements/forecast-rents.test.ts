/** The forecast reckons the rents that are known to fall due (REQUIREMENTS 2.3 no. 1, F-06). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NumberOwnerRow } from '../../../server/storage/rows.ts';
import type { StatementForecast } from '../../../src/protocol/statement.ts';
import { STATEMENT_ENDPOINTS } from '../../../src/protocol/statement-endpoints.ts';
import { numberOwnerRowOf } from '../../support/ledger-operations.ts';
import { ACME, AUSTIN, BERLIN, StatementRig } from '../../support/statement-rig.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';

const HOUR_MS = 3_600_000;
const USD = 1_000_000;
/** The first moment of a day in Berlin, in winter. */
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+01:00`);

describe.each(STATEMENT_STORES)('the forecast on %s', (_, createHome) => {
  let rig: StatementRig;
  beforeEach(async () => {
    rig = await StatementRig.open(createHome);
    // At 13:00 on November 10.
    expect(rig.clock.nowMs()).toBe(startOf('2026-11-10') + 13 * HOUR_MS);
  }, 60_000);
  afterEach(() => rig.close());

  let owned = 0;
  async function own(row: Partial<NumberOwnerRow> = {}): Promise<void> {
    owned += 1;
    const facts = { accountId: ACME, officeId: 'berlin', anchorDay: 15, rentDay: '2026-11-15', ...row };
    const written = numberOwnerRowOf(`+4930${10_000 + owned}`, facts);
    await rig.store.writeRows([{ table: 'number_owner', mode: 'insert', row: written }]);
  }

  async function forecast(identity = BERLIN): Promise<StatementForecast> {
    const answer = await rig.statements.handlers.statementForecast(identity, {});
    if (!answer.ok) throw new Error(answer.refusal.code);
    return STATEMENT_ENDPOINTS.statementForecast.response.parse(answer.value);
  }

  test('ends on the day of a rent that the credit does not cover, also where nothing was spent', async () => {
    await rig.credit('credit-1', 3 * USD);
    await own();
    await own({ rentDay: '2026-11-20', anchorDay: 20, monthlyMicros: USD });
    expect(await forecast()).toMatchObject({
      // November and December of one, November of the other; December 20 is the fourth dollar.
      lastsUntilMs: startOf('2026-12-20'),
      rents: [
        { day: '2026-11-15', amountMicros: USD },
        { day: '2026-11-20', amountMicros: USD },
        { day: '2026-12-15', amountMicros: USD },
        { day: '2026-12-20', amountMicros: USD },
      ],
    });
  });

  test('takes off what is due before the pace has used it up', async () => {
    await rig.credit('credit-1', 15 * USD);
    await rig.charge('usage', 7 * USD);
    const paceMs = 157 * HOUR_MS;
    expect(await forecast()).toMatchObject({
      lastsUntilMs: Math.floor(rig.clock.nowMs() + (8 / 7) * paceMs),
      rents: [],
    });
    await own({ monthlyMicros: 2 * USD });
    await own({ monthlyMicros: 2 * USD });
    expect(await forecast()).toMatchObject({
      lastsUntilMs: startOf('2026-11-15'),
      rents: [{ day: '2026-11-15', amountMicros: 4 * USD }],
    });
    await rig.credit('credit-2', USD);
    expect(await forecast()).toMatchObject({ lastsUntilMs: Math.floor(rig.clock.nowMs() + (5 / 7) * paceMs) });
  });

  test('a rent of this week is no part of the pace: it would be counted twice', async () => {
    await rig.credit('credit-1', 20 * USD);
    await rig.charge('rent-1', 6 * USD, { entryKind: 'number_renewal' });
    const rentsOnly = await forecast();
    expect(rentsOnly).toMatchObject({ lastsUntilMs: null, rents: [] });
    expect(rentsOnly.days.at(-1)).toEqual({ day: '2026-11-10', spentMicros: 6 * USD });
    await rig.charge('usage', 7 * USD);
    expect(await forecast()).toMatchObject({ lastsUntilMs: rig.clock.nowMs() + 157 * HOUR_MS });
  });

  test('reckons announced prices from their day, and what is set aside as paid', async () => {
    await rig.credit('credit-1', 5 * USD);
    await own({ heldMicros: USD, holdId: 'rent-1', nextMonthlyMicros: 4 * USD, nextMonthlyDay: '2026-12-15' });
    // The price rose since it was set aside, so the difference is still due; and it fell, so nothing is.
    await own({ heldMicros: USD, holdId: 'rent-2', nextMonthlyMicros: 1_500_000, nextMonthlyDay: '2026-11-15' });
    await own({ heldMicros: USD, holdId: 'rent-3', nextMonthlyMicros: 400_000, nextMonthlyDay: '2026-11-12' });
    expect(await forecast()).toMatchObject({
      lastsUntilMs: startOf('2026-12-15'),
      rents: [
        { day: '2026-11-15', amountMicros: 500_000 },
        { day: '2026-12-15', amountMicros: 4 * USD + 1_500_000 + 400_000 },
      ],
    });
  });

  test('keeps the anchor day over short months, and takes at once what is due today', async () => {
    await rig.credit('credit-1', 4_500_000);
    await own({ rentDay: '2026-11-10', anchorDay: 31 });
    expect((await forecast()).rents.map(({ day }) => day)).toEqual([
      '2026-11-10',
      '2026-12-31',
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
    ]);
    await own({ rentDay: '2026-11-10', anchorDay: 10, monthlyMicros: 4 * USD });
    expect(await forecast()).toMatchObject({ lastsUntilMs: rig.clock.nowMs() });
  });

  test('leaves out what no credit is taken for: free, late, held and returned numbers, and those of other wallets', async () => {
    await rig.credit('credit-1', USD / 2);
    await own({ monthlyMicros: 0 });
    await own({ officeId: 'austin' });
    await own({ accountId: 'other' });
    await own({ rentDay: '' });
    for (const state of ['late', 'held', 'returning', 'returned']) await own({ state, stepDay: '2026-11-20' });
    expect(await forecast()).toMatchObject({ lastsUntilMs: null, rents: [] });
    expect((await forecast(AUSTIN)).rents).toEqual([{ day: '2026-11-15', amountMicros: USD }]);
  });

  test('a thousand numbers are a handful of rows', async () => {
    await rig.credit('credit-1', 2_500 * USD);
    const rows = Array.from({ length: 1_000 }, (_one, index) =>
      numberOwnerRowOf(`+1202${5_550_000 + index}`, {
        accountId: ACME,
        rentDay: `2026-11-${String(15 + (index % 10)).padStart(2, '0')}`,
        anchorDay: 15 + (index % 10),
      }),
    );
    await rig.store.writeRows(rows.map((row) => ({ table: 'number_owner', mode: 'insert', row })));
    const { lastsUntilMs, rents } = await forecast();
    // A hundred a day: two and a half months of a thousand.
    expect(lastsUntilMs).toBe(startOf('2027-01-20'));
    expect(rents).toHaveLength(26);
    expect(rents.every(({ amountMicros }) => amountMicros === 100 * USD)).toBe(true);
  });
});
