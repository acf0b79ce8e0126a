/** Statements by the rows that the rooms of calls, numbers, services and payments write (L-17 to L-21, D-13, D-25, F-06). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectBehind } from '../../../server/statements/behind-wallets.ts';
import { forgetProjection } from '../../../server/statements/project-wallet.ts';
import type { RowWrite } from '../../../server/storage/rows.ts';
import { micros } from '../../../src/protocol/money.ts';
import { STATEMENT_ENDPOINTS } from '../../../src/protocol/statement-endpoints.ts';
import { AUSTIN, BERLIN, GERMANY, StatementRig, TOLL_FREE } from '../../support/statement-rig.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';

const DAY_MS = 24 * 3_600_000;
const USD = 1_000_000;

describe.each(STATEMENT_STORES)('statements on %s', (_, createHome) => {
  let rig: StatementRig;
  beforeEach(async () => {
    rig = await StatementRig.open(createHome);
  }, 60_000);
  afterEach(() => rig.close());

  async function aFewDays(): Promise<void> {
    await rig.credit('credit-1', 100 * USD);
    await rig.call({ callId: 'call-0001', durationSeconds: 61 });
    await rig.call({
      callId: 'call-0002',
      durationSeconds: 30,
      rate: TOLL_FREE,
      personId: 'kim',
      personName: 'Kim Lee',
    });
    rig.clock.advance(DAY_MS);
    await rig.call({ callId: 'call-0003', durationSeconds: 600, number: '+4915112345678' });
    await rig.charge('purchase-1', 3 * USD);
    await rig.call({ callId: 'call-0004', durationSeconds: 0 });
  }

  test('L-17, F-06: every debit is a line, what cost nothing is none, and the sum is what left the wallet', async () => {
    await aFewDays();
    const lines = await rig.lines();
    expect(lines.map(({ sequence, entryKind, amountMicros }) => [sequence, entryKind, amountMicros])).toEqual([
      [5, 'number_purchase', -3 * USD],
      [4, 'outbound_call', -560_000],
      [3, 'inbound_call', -20_000],
      [2, 'outbound_call', -120_000],
      [1, 'operator_credit', 100 * USD],
    ]);
    expect(lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0)).toBe(await rig.balanceMicros());
    expect(lines[0]?.balanceMicros).toBe(await rig.balanceMicros());
  });

  test('L-19, L-20, D-25: groups have readable names and totals, a month counts toll-free and international calls', async () => {
    await aFewDays();
    const summary = await rig.summary({ month: '2026-11' });
    expect(summary.groups.map(({ title, lineCount, spentMicros }) => [title, lineCount, spentMicros])).toEqual([
      ['Phone Number Purchase', 1, 3 * USD],
      ['Outbound International Call', 2, 680_000],
      ['Inbound Toll-Free Call', 1, 20_000],
      ['Credit by the Operator', 1, 0],
    ]);
    expect(summary).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-30',
      openingMicros: 0,
      addedMicros: 100 * USD,
      spentMicros: 3_700_000,
      closingMicros: await rig.balanceMicros(),
      tollFreeCallCount: 1,
      internationalCallCount: 2,
      people: [
        { personId: null, personName: null, lineCount: 1, spentMicros: 3 * USD },
        { personId: 'sam', personName: 'Sam Reed', lineCount: 2, durationSeconds: 661, spentMicros: 680_000 },
        { personId: 'kim', personName: 'Kim Lee', lineCount: 1, durationSeconds: 30, spentMicros: 20_000 },
      ],
      offices: [{ officeId: 'berlin', officeName: 'Berlin', lineCount: 4, spentMicros: 3_700_000 }],
      destinations: [
        { destination: null, spentMicros: 3 * USD },
        { destination: 'Germany, mobile', spentMicros: 680_000 },
        { destination: 'US toll-free', spentMicros: 20_000 },
      ],
      numbers: [{ numberUsed: '+4930123456', lineCount: 4 }],
      days: [
        { day: '2026-11-10', spentMicros: 140_000, addedMicros: 100 * USD, balanceMicros: 99_860_000 },
        {
          day: '2026-11-11',
          usage: [
            { groupKey: 'number_purchase', spentMicros: 3 * USD },
            { groupKey: 'outbound_call.international', spentMicros: 560_000 },
          ],
          balanceMicros: 96_300_000,
        },
      ],
    });
  });

  test('L-21: each item has time, price, person, department, number used, the other side, duration and the balance after it', async () => {
    await aFewDays();
    expect((await rig.lines({ text: 'kim' }))[0]).toEqual({
      groupKey: 'inbound_call.toll_free',
      title: 'Inbound Toll-Free Call',
      flow: 'usage',
      sequence: 3,
      atMs: Date.UTC(2026, 10, 10, 12),
      entryKind: 'inbound_call',
      personId: 'kim',
      personName: 'Kim Lee',
      officeId: 'berlin',
      officeName: 'Berlin',
      numberUsed: '+4930123456',
      otherNumber: '+491713920031',
      destination: 'US toll-free',
      durationSeconds: 30,
      amountMicros: -20_000,
      balanceMicros: 99_860_000,
      reference: 'call-0002',
      parts: [],
    });
  });

  test('L-21: rent is of who bought the number, of our own or of a carrier’s, also when it was given back and bought again', async () => {
    const [own, carriers] = ['+4930123456', '+4930999'];
    await rig.credit('credit-1', 100 * USD);
    await rig.charge('purchase:p1', USD, { reference: own, alongside: [bought('purchase:p1', own, 'Dana Whitfield')] });
    await rig.charge('purchase:o:2:bought', USD, {
      reference: carriers,
      alongside: [bought('purchase:o:2:bought', carriers, 'Luis Ortega')],
    });
    await rig.charge('purchase:p3', USD, { reference: own, alongside: [bought('purchase:p3', own, 'Kim Lee')] });
    const rent = { entryKind: 'number_renewal', reference: own } as const;
    await rig.charge(`rent:${own}:p1:2026-12-01`, USD, rent);
    await rig.charge(`restore:${own}:p3:change-0001`, USD, rent);
    await rig.charge(`rent:${carriers}:o:2:2026-12-01`, USD, { ...rent, reference: carriers });
    // Bought before anybody wrote down who did.
    await rig.charge('rent:+4930111:p0:2026-12-01', USD, { ...rent, reference: '+4930111' });
    const shown = (await rig.lines({ group: 'number_renewal', direction: 'asc' })).map(
      ({ personId, personName, numberUsed }) => [personId, personName, numberUsed],
    );
    expect(shown).toEqual([
      ['dana', 'Dana Whitfield', own],
      ['kim', 'Kim Lee', own],
      ['luis', 'Luis Ortega', carriers],
      [null, 'Berlin', '+4930111'],
    ]);
    const rows = (await rig.csv({ group: 'number_renewal' })).text.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[3])).toEqual(['Dana Whitfield', 'Kim Lee', 'Luis Ortega', 'Berlin']);
    await forgetProjection(rig.store, { ...(await rig.view()).mark, officeId: 'berlin' });
    expect((await rig.lines({ group: 'number_renewal' })).at(-1)?.personName).toBe('Dana Whitfield');
  });

  test('days and months are those of the account, the running balance goes on over their edges', async () => {
    rig.clock.advance(Date.UTC(2026, 9, 31, 22, 59, 59, 999) - rig.clock.nowMs());
    await rig.credit('october', 5 * USD);
    rig.clock.advance(1);
    await rig.credit('november', 7 * USD);
    rig.clock.advance(Date.UTC(2026, 10, 30, 22, 59, 59, 999) - rig.clock.nowMs());
    await rig.charge('late', 1 * USD);
    rig.clock.advance(1);
    await rig.charge('december', 2 * USD);
    const november = await rig.summary({ month: '2026-11' });
    expect(november).toMatchObject({
      openingMicros: 5 * USD,
      addedMicros: 7 * USD,
      spentMicros: 1 * USD,
      closingMicros: 11 * USD,
    });
    expect((await rig.lines({ month: '2026-11' })).map(({ sequence }) => sequence)).toEqual([3, 2]);
    expect((await rig.lines({ from: '2026-12-01' })).map(({ sequence }) => sequence)).toEqual([4]);
    expect((await rig.lines({ to: '2026-10-31' })).map(({ sequence }) => sequence)).toEqual([1]);
    const months = await rig.statements.handlers.statementMonths(BERLIN, {});
    expect(months).toMatchObject({
      value: {
        currentMonth: '2026-12',
        months: [
          { month: '2026-12', lineCount: 1, spentMicros: 2 * USD },
          { month: '2026-11', lineCount: 2, spentMicros: 1 * USD },
          { month: '2026-10', lineCount: 1, spentMicros: 0 },
        ],
      },
    });
    expect(await rig.summary({ month: '2027-01' })).toMatchObject({
      openingMicros: 9 * USD,
      closingMicros: 9 * USD,
      lineCount: 0,
      groups: [],
      days: [],
    });
    expect(await rig.lines({ month: '2027-01' })).toEqual([]);
  });

  test('lines that two servers booked with clocks that differ are in the month of their own time, and nothing is counted twice', async () => {
    const midnightMs = Date.UTC(2026, 10, 30, 23);
    await rig.credit('before', 9 * USD, { atMs: midnightMs - 5_000 });
    await rig.charge('fast clock', 1 * USD, { atMs: midnightMs + 10 });
    await rig.charge('slow clock', 2 * USD, { atMs: midnightMs - 10 });
    await rig.charge('after', 3 * USD, { atMs: midnightMs + 5_000 });
    expect((await rig.lines({ month: '2026-11', sort: 'amount' })).map(({ sequence }) => sequence)).toEqual([3, 1]);
    expect((await rig.lines({ month: '2026-12', direction: 'asc' })).map(({ sequence }) => sequence)).toEqual([2, 4]);
    expect(await rig.summary({ month: '2026-11' })).toMatchObject({ closingMicros: 7 * USD });
    expect(await rig.summary({ month: '2026-12' })).toMatchObject({ openingMicros: 7 * USD, closingMicros: 3 * USD });
    expect((await rig.csv({ month: '2026-11' })).text.split('\r\n')).toHaveLength(1 + 2 + 1);
  });

  test('complaint 30: a call explains itself by rate, increments and rounding; what it was charged is their sum', async () => {
    await rig.credit('credit-1', 100 * USD);
    const rate = {
      ...GERMANY,
      steps: [{ fromSecond: 0, priceMicros: micros(55_000), intervalSeconds: 60, incrementSeconds: 7 }],
    };
    const call = await rig.call({ callId: 'call-0001', durationSeconds: 61, rate });
    const explained = await rig.statements.handlers.explainStatementLine(BERLIN, { sequence: '2' });
    expect(explained).toMatchObject({
      ok: true,
      value: {
        currency: 'USD',
        timeZone: 'Europe/Berlin',
        line: { sequence: 2, amountMicros: -call.costMicros },
        explanation: {
          type: 'call',
          durationSeconds: 61,
          billedSeconds: 63,
          connectionFeeMicros: 10_000,
          steps: [{ atSecond: 0, increments: 9, incrementSeconds: 7, priceMicros: 55_000, intervalSeconds: 60 }],
          rounding: { mode: 'up', decimals: 4 },
          // 10,000 + 55,000 x 63 / 60 = 67,750, up to the next 100.
          priceMicros: 67_800,
          chargedMicros: 67_800,
        },
      },
    });
  });

  test('F-07: the other lines of the same call are beside it; a kind that nobody explains is a line with kind and reference', async () => {
    await rig.credit('credit-1', 100 * USD);
    await rig.call({ callId: 'call-0001', durationSeconds: 61 });
    await rig.charge('extra', 5_000, { entryKind: 'time_travel', reference: 'call-0001', revenueAccount: 'wonder' });
    expect(await rig.statements.handlers.explainStatementLine(BERLIN, { sequence: '3' })).toMatchObject({
      value: {
        line: { groupKey: 'time_travel', title: 'Time Travel', flow: 'usage', reference: 'call-0001' },
        explanation: { type: 'entry', otherAccount: 'wonder', reference: 'call-0001' },
        related: [{ sequence: 2, groupKey: 'outbound_call.international' }],
      },
    });
    const unknown = await rig.statements.handlers.explainStatementLine(BERLIN, { sequence: '4' });
    expect(unknown).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  });

  test('F-07: recording is a line of its own, beside its call, and explains itself by units and rate', async () => {
    await rig.credit('credit-1', 100 * USD);
    await rig.call({ callId: 'call-0001', durationSeconds: 61 });
    const charge = rig.extraRow({ callId: 'call-0001', kind: 'recording', units: 3 });
    await rig.charge('extra-1', charge.costMicros, {
      entryKind: 'service_recording',
      reference: charge.chargeId,
      revenueAccount: 'service_revenue',
      alongside: [{ table: 'service_charge', mode: 'insert', row: charge }],
    });
    const extra = await rig.statements.handlers.explainStatementLine(BERLIN, { sequence: '3' });
    expect(extra).toMatchObject({
      value: {
        line: { title: 'Recording', personName: 'Sam Reed', durationSeconds: 180, amountMicros: -30_000 },
        explanation: {
          type: 'parts',
          parts: [{ kind: 'recording', quantity: 3, unit: 'minute', amountMicros: -30_000 }],
          price: { steps: [{ increments: 3, incrementSeconds: 1, priceMicros: 10_000 }], priceMicros: 30_000 },
        },
        related: [{ sequence: 2 }],
      },
    });
    if (extra.ok) STATEMENT_ENDPOINTS.explainStatementLine.response.parse(extra.value);
    const call = await rig.statements.handlers.explainStatementLine(BERLIN, { sequence: '2' });
    expect(call).toMatchObject({ value: { related: [{ sequence: 3, title: 'Recording' }] } });
  });

  test('D-13: each office reads its own wallet, another account finds no office', async () => {
    await rig.credit('berlin', 3 * USD);
    await rig.credit('austin', 5 * USD, { walletId: 'austin' });
    expect((await rig.summary({}, BERLIN)).closingMicros).toBe(3 * USD);
    expect((await rig.summary({}, AUSTIN)).closingMicros).toBe(5 * USD);
    const stranger = { ...BERLIN, accountId: 'other' };
    for (const read of [
      () => rig.statements.handlers.statementSummary(stranger, {}),
      () => rig.statements.handlers.statementLines(stranger, {}),
      () => rig.statements.exportCsv(stranger, {}),
    ]) {
      expect(await read()).toMatchObject({ ok: false, refusal: { code: 'office_forbidden' } });
    }
  });

  test('the forecast goes by the last seven days, today among them, and by usage alone', async () => {
    await rig.credit('credit-1', 20 * USD);
    await rig.charge('long ago', 5 * USD);
    rig.clock.advance(7 * DAY_MS);
    await rig.charge('refund', 1 * USD, { entryKind: 'payment_refund' });
    expect(await rig.statements.handlers.statementForecast(BERLIN, {})).toMatchObject({
      value: { lastsUntilMs: null },
    });
    await rig.charge('usage', 7 * USD);
    const nowMs = rig.clock.nowMs();
    // From midnight six days ago until now at 13:00: 157 hours for 7 dollars; 7 are left.
    expect(await rig.statements.handlers.statementForecast(BERLIN, {})).toMatchObject({
      value: {
        availableMicros: 7 * USD,
        lastsUntilMs: nowMs + 157 * 3_600_000,
        days: [
          { day: '2026-11-11', spentMicros: 0 },
          ...[12, 13, 14, 15, 16].map((day) => ({ day: `2026-11-${day}`, spentMicros: 0 })),
          { day: '2026-11-17', spentMicros: 7 * USD },
        ],
      },
    });
  });

  test('made twice at once by two servers, every line is there once; made again from the first entry, it is the same', async () => {
    await aFewDays();
    const other = await rig.anotherServer();
    for (let round = 0; round < 5; round += 1) {
      await rig.charge(`more-${round}`, 10_000 + round);
      const [here, there] = await Promise.all([
        rig.statements.handlers.statementSummary(BERLIN, {}),
        other.statements.handlers.statementSummary(BERLIN, {}),
        projectBehind(rig.store),
        projectBehind(other.store),
      ]);
      expect(here).toEqual(there);
    }
    await other.store.close();
    const [before, lines] = [await rig.summary(), await rig.lines()];
    expect(before).toMatchObject({ lineCount: 10, closingMicros: await rig.balanceMicros() });
    await forgetProjection(rig.store, { ...(await rig.view()).mark, officeId: 'berlin' });
    expect(await rig.summary()).toEqual(before);
    expect(await rig.lines()).toEqual(lines);
  });

  test('an account that moves to another time zone gets the days of that zone', async () => {
    rig.clock.advance(Date.UTC(2026, 10, 30, 23, 30) - rig.clock.nowMs());
    await rig.credit('midnight', 1 * USD);
    expect((await rig.summary({ month: '2026-12' })).lineCount).toBe(1);
    const account = await rig.store.db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
    await rig.store.writeRows([
      { table: 'account', mode: 'upsert', row: { ...account, timeZone: 'America/New_York' } },
    ]);
    rig.clock.advance(60_000);
    const summary = await rig.summary({ month: '2026-11' });
    expect(summary).toMatchObject({ lineCount: 1, days: [{ day: '2026-11-30' }], timeZone: 'America/New_York' });
    expect((await rig.summary({ month: '2026-12' })).lineCount).toBe(0);
  });

  test('periodic work makes the lines of wallets that nobody reads', async () => {
    await aFewDays();
    await projectBehind(rig.store);
    const marks = await rig.store.db.selectFrom('statement_mark').selectAll().execute();
    expect(marks).toMatchObject([{ accountId: 'acme', walletId: 'berlin', sequence: 5, epoch: 1 }]);
    await projectBehind(rig.store);
    expect(await rig.store.db.selectFrom('statement_mark').selectAll().execute()).toEqual(marks);
  });

  test.each([
    'berlin',
    'austin',
  ])('no lines can be made of %s, which keeps no other wallet waiting', async (damaged) => {
    await rig.credit('credit-berlin', USD);
    await rig.credit('credit-austin', USD, { walletId: 'austin' });
    const write = rig.store.writeRows.bind(rig.store);
    rig.store.writeRows = async (rows) => {
      const isOfIt = rows.some(({ table, row }) => table === 'statement_mark' && row.walletId === damaged);
      if (isOfIt) throw new Error('the disk is damaged');
      return await write(rows);
    };
    await expect(projectBehind(rig.store)).rejects.toThrow('No lines could be made of 1 wallets: Error: the disk');
    const marks = await rig.store.db.selectFrom('statement_mark').select('walletId').execute();
    expect(marks).toEqual([{ walletId: damaged === 'berlin' ? 'austin' : 'berlin' }]);
  });
});

function bought(operationId: string, number: string, personName: string): RowWrite {
  const [personId = ''] = personName.toLowerCase().split(' ');
  const charged = { setupMicros: 0, firstMonthMicros: USD, days: 30, atMs: 1 };
  const row = { accountId: 'acme', operationId, officeId: 'berlin', number, personId, personName, ...charged };
  return { table: 'number_purchase', mode: 'insert', row };
}
