import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLedger } from '../../../server/ledger/ledger.ts';
import { claimNumber } from '../../../server/rent/own-number.ts';
import { micros } from '../../../src/protocol/money.ts';
import { RENTED, RentRig, USD, ZONE } from '../../support/rent-rig.ts';

let rig: RentRig;
beforeEach(async () => {
  rig = await RentRig.open({ setAsideDays: 0, announceDays: 0 });
});
afterEach(async () => {
  await rig.close();
});

describe('rent', () => {
  test('F-06: is charged on the rent day as number_renewal, at the agreed price, and not before', async () => {
    rig.turnTo('2026-01-31');
    await rig.office.addCredit(5 * USD);
    await rig.own({ monthlyMicros: 1_500_000 });
    await rig.live('2026-02-27', 23);
    expect(await rig.rents()).toEqual([]);
    await rig.live('2026-02-28', 0);
    expect(await rig.rents()).toEqual(['2026-02-28 1.5']);
    expect(await rig.row()).toMatchObject({ state: 'active', rentDay: '2026-03-31', told: '' });
    await rig.live('2026-03-30');
    await rig.live('2026-03-31', 0);
    expect(await rig.rents()).toEqual(['2026-02-28 1.5', '2026-03-31 1.5']);
    expect(await rig.office.wallet()).toMatchObject({ balance: 2 * USD, held: 0 });
  });

  test('is charged once, however often it is looked at', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(5 * USD);
    await rig.own();
    await rig.live('2026-03-03');
    await rig.round();
    await rig.round();
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
  });

  test('a price in the shop that changed later is not the price of numbers that were bought before', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(5 * USD);
    await rig.own();
    await rig.own({ number: '+12025550102', monthlyMicros: 3 * USD });
    const { store } = rig.office;
    const stocked = await store.db
      .selectFrom('number')
      .selectAll()
      .where('number', '=', RENTED)
      .executeTakeFirstOrThrow();
    await store.writeRows([{ table: 'number', mode: 'upsert', row: { ...stocked, monthlyMicros: 4 * USD } }]);
    await rig.live('2026-03-03');
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
  });

  test('a price that was announced holds from its day on, and not before', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(9 * USD);
    await rig.own();
    const row = await rig.row();
    const changed = { ...row, nextMonthlyMicros: 2 * USD, nextMonthlyDay: '2026-04-01', version: row.version + 1 };
    await rig.office.store.writeRows([{ table: 'number_owner', mode: 'next_version', row: changed }]);
    expect((await rig.shown()).newPrice).toEqual({ monthlyMicros: 2 * USD, fromDay: '2026-04-01' });
    await rig.live('2026-03-03');
    await rig.live('2026-04-03');
    await rig.live('2026-05-03');
    expect(await rig.rents()).toEqual(['2026-03-03 1', '2026-04-03 2', '2026-05-03 2']);
    expect(await rig.shown()).toMatchObject({ monthlyMicros: 2 * USD, newPrice: null });
  });

  test('a number without a price costs nothing, ever, and writes nothing into the book', async () => {
    rig.turnTo('2026-02-03');
    await rig.own({ monthlyMicros: 0 });
    await rig.live('2026-03-03');
    await rig.live('2026-08-03');
    expect(await rig.rents()).toEqual([]);
    expect(await rig.row()).toMatchObject({ state: 'active', rentDay: '2026-09-03' });
    expect(await rig.shown()).toMatchObject({ worksUntil: null, keptUntil: null, isCovered: true });
  });

  test('complaint 26: after a time without servers each missed month is charged once, in order', async () => {
    rig.turnTo('2026-01-31');
    await rig.office.addCredit(20 * USD);
    await rig.own();
    await rig.live('2026-05-15');
    expect(await rig.rents()).toEqual(['2026-02-28 1', '2026-03-31 1', '2026-04-30 1']);
    expect(await rig.row()).toMatchObject({ rentDay: '2026-05-31', state: 'active' });
  });

  test('a clock that jumps back charges nothing twice, one that jumps ahead charges each month once', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(20 * USD);
    await rig.own();
    await rig.live('2026-04-03');
    rig.office.clock.advance(-40 * 24 * 3_600_000);
    await rig.round();
    expect(await rig.rents()).toEqual(['2026-03-03 1', '2026-04-03 1']);
    await rig.live('2026-04-03');
    await rig.live('2026-05-03');
    expect(await rig.rents()).toEqual(['2026-03-03 1', '2026-04-03 1', '2026-05-03 1']);
  });

  test('two servers on the same rent day charge each number once', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(100 * USD);
    const numbers = Array.from({ length: 30 }, (_, index) => `+1202555${1000 + index}`);
    for (const number of numbers) await rig.own({ number });
    const store = await rig.office.openStore();
    const ledger = createLedger(store);
    const other = rig.office.newServices({ store, ledger });
    rig.turnTo('2026-03-03');
    await Promise.all([rig.round(), rig.round(other.rent), rig.round(), rig.round(other.rent)]);
    for (const number of numbers) expect(await rig.rents(number)).toEqual(['2026-03-03 1']);
    expect(await rig.office.wallet()).toMatchObject({ balance: 70 * USD });
    await ledger.close();
    await store.close();
  });

  test('a server that dies between the charge and its answer charges no second time', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(5 * USD);
    await rig.own();
    rig.turnTo('2026-03-03');
    const { ledger } = rig.office;
    let isDead = true;
    const dying = rig.office.newServices({
      ledger: Object.assign(Object.create(ledger), {
        submit: async (operation: Parameters<typeof ledger.submit>[0]) => {
          const result = await ledger.submit(operation);
          if (isDead) throw new Error('The server died before it heard the answer');
          return result;
        },
      }),
    });
    await rig.round(dying.rent);
    isDead = false;
    await rig.round(dying.rent);
    await rig.office.restart();
    await rig.round();
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
    expect(rig.office.logged).toEqual(['the rent of a number could not be looked at']);
  });

  test('one number that cannot be looked at keeps no other waiting', async () => {
    rig.turnTo('2026-02-03');
    await rig.office.addCredit(5 * USD);
    await rig.own();
    await rig.own({ number: '+12025550102' });
    const row = await rig.row();
    // A state that no version of this server knows how to leave, as if the row were from somewhere else.
    await rig.office.store.writeRows([
      {
        table: 'number_owner',
        mode: 'next_version',
        row: { ...row, state: 'late', stepDay: null, version: 2, dueAtMs: 0 },
      },
    ]);
    await rig.office.ledger.submit({
      kind: 'charge',
      operationId: 'drain',
      accountId: 'acme',
      walletId: 'berlin',
      atMs: 1,
      amountMicros: micros((await rig.office.wallet()).available),
      revenueAccount: 'number_revenue',
      entryKind: 'number_purchase',
      reference: 'drain',
      alongside: [],
    });
    await rig.live('2026-03-03');
    expect(rig.office.logged).toContain('the rent of a number could not be looked at');
    expect(await rig.row('+12025550102')).toMatchObject({ state: 'late' });
  });

  test('a number that was bought before there was rent gets its first rent day in the future, whatever time went by', async () => {
    rig.turnTo('2026-01-31');
    const bought = {
      number: RENTED,
      accountId: 'acme',
      officeId: 'berlin',
      purchaseId: 'old-purchase',
      purchasedAtMs: rig.office.clock.nowMs(),
      currency: 'USD',
      monthlyMicros: USD,
      timeZone: ZONE,
      firstMonth: 'full_month',
    } as const;
    const claim = claimNumber(bought, null);
    if (claim.table !== 'number_owner') throw new Error('Not a claim');
    // As the migration leaves it.
    const row = { ...claim.row, rentDay: '', anchorDay: 1, dueAtMs: 0 };
    await rig.office.store.writeRows([{ table: 'number_owner', mode: 'insert', row }]);
    await rig.office.addCredit(5 * USD);
    await rig.live('2026-06-10');
    expect(await rig.row()).toMatchObject({ rentDay: '2026-06-30', anchorDay: 31, state: 'active' });
    expect(await rig.rents()).toEqual([]);
    await rig.live('2026-06-30');
    expect(await rig.rents()).toEqual(['2026-06-30 1']);
  });
});
