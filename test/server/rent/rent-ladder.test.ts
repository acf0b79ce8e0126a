import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { paymentSettingsSchema } from '../../../src/protocol/payment.ts';
import { DANA } from '../../support/office-rig.ts';
import { codeOf } from '../../support/payment-rig.ts';
import { RENTED, RentRig, USD } from '../../support/rent-rig.ts';

let rig: RentRig;
beforeEach(async () => {
  rig = await RentRig.open({ setAsideDays: 0, announceDays: 5, lateDays: 7, holdDays: 24, leavingDays: 5 });
  rig.turnTo('2026-02-03');
});
afterEach(async () => {
  await rig.close();
});

/** Every day from here to there, as life goes. */
async function liveThrough(from: string, to: string): Promise<void> {
  for (let day = new Date(from); day <= new Date(to); day.setUTCDate(day.getUTCDate() + 1)) {
    await rig.live(day.toISOString().slice(0, 10));
  }
}

describe('without credit', () => {
  test('complaint 25: every step has its date, is announced before, and is made on that date', async () => {
    await rig.own();
    await liveThrough('2026-02-04', '2026-02-25');
    expect(await rig.told()).toEqual([]);
    await rig.live('2026-02-26');
    expect(await rig.told()).toEqual(['rent_due 2026-03-03 in 5']);
    expect(await rig.shown()).toMatchObject({
      state: 'active',
      nextRentDay: '2026-03-03',
      rentInDays: 5,
      isCovered: false,
      worksUntil: '2026-03-10',
      keptUntil: '2026-04-03',
      dueMicros: 0,
    });
    await liveThrough('2026-02-27', '2026-03-03');
    expect((await rig.told()).slice(1)).toEqual(['number_late until 2026-03-10']);
    expect(await rig.shown()).toMatchObject({
      state: 'late',
      rentInDays: 0,
      worksUntil: '2026-03-10',
      keptUntil: '2026-04-03',
      dueMicros: USD,
    });
    await liveThrough('2026-03-04', '2026-03-09');
    expect(await rig.shown()).toMatchObject({ state: 'late', rentInDays: -6 });
    await rig.live('2026-03-10');
    expect((await rig.told()).slice(2)).toEqual(['number_held until 2026-04-03']);
    expect(await rig.shown()).toMatchObject({
      state: 'held',
      rentInDays: null,
      worksUntil: null,
      keptUntil: '2026-04-03',
      dueMicros: USD,
    });
    await liveThrough('2026-03-11', '2026-04-02');
    expect((await rig.told()).slice(3)).toEqual(['number_leaving on 2026-04-03 in 5']);
    expect(await rig.shown()).toMatchObject({ state: 'held' });
    await rig.live('2026-04-03');
    expect((await rig.told()).slice(4)).toEqual(['number_gone 2026-04-03']);
    expect(await rig.shown()).toMatchObject({ state: 'returned', givenBackOn: '2026-04-03', worksUntil: null });
    expect(await rig.rents()).toEqual([]);
  });

  test('a number that was given back is for sale again, and one buyer of two gets it', async () => {
    await rig.own();
    for (const day of ['2026-03-03', '2026-03-10', '2026-03-29', '2026-04-03']) await rig.live(day);
    expect(await rig.row()).toMatchObject({ state: 'returned', dueAtMs: null });
    await rig.office.addCredit(9 * USD);
    const { handlers } = rig.office.services;
    const identity = {
      accountId: 'acme',
      officeId: 'berlin',
      personId: 'dana',
      name: 'Dana',
      role: 'billing',
      licence: null,
    } as const;
    const bought = await Promise.all(
      [randomUUID(), randomUUID()].map((purchaseId) => handlers.buyNumber(identity, { number: RENTED, purchaseId })),
    );
    expect(bought.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await rig.row()).toMatchObject({ state: 'active', releasedAtMs: null, officeId: 'berlin' });
  });

  test('complaint 26: one click brings a held number back for one month from today; months on hold cost nothing', async () => {
    await rig.own();
    for (const day of ['2026-03-03', '2026-03-10', '2026-03-20']) await rig.live(day);
    expect(codeOf(await rig.restore())).toBe('no_credit');
    expect(await rig.row()).toMatchObject({ state: 'held' });
    await rig.office.addCredit(5 * USD);
    await rig.live('2026-03-21');
    expect(await rig.row()).toMatchObject({ state: 'held' });
    const changeId = randomUUID();
    const [once, twice] = await Promise.all([rig.restore(RENTED, changeId), rig.restore(RENTED, changeId)]);
    expect([once, twice]).toMatchObject([
      { ok: true, value: { state: 'active', nextRentDay: '2026-04-21' } },
      { ok: true, value: { state: 'active', nextRentDay: '2026-04-21' } },
    ]);
    expect(await rig.office.wallet()).toMatchObject({ balance: 4 * USD });
    await rig.live('2026-04-21');
    expect(await rig.row()).toMatchObject({ state: 'active', rentDay: '2026-05-21', anchorDay: 21 });
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD });
  });

  test('the id of a restoration brings a number back once and is refused the next time', async () => {
    await rig.own();
    for (const day of ['2026-03-03', '2026-03-10']) await rig.live(day);
    const changeId = randomUUID();
    await rig.office.addCredit(USD);
    expect(await rig.restore(RENTED, changeId)).toMatchObject({ ok: true });
    for (const day of ['2026-04-10', '2026-04-17']) await rig.live(day);
    expect(await rig.row()).toMatchObject({ state: 'held' });
    await rig.office.addCredit(5 * USD);
    expect(codeOf(await rig.restore(RENTED, changeId))).toBe('id_reused');
    expect(await rig.restore()).toMatchObject({ ok: true });
  });

  test('a late number is paid by itself as soon as there is credit, and keeps its rent day', async () => {
    await rig.own();
    await rig.live('2026-03-03');
    expect(await rig.row()).toMatchObject({ state: 'late' });
    await rig.office.addCredit(3 * USD);
    await rig.live('2026-03-05');
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
    expect(await rig.row()).toMatchObject({ state: 'active', rentDay: '2026-04-03', stepDay: null });
  });

  test('less credit than the rent leaves it late and takes nothing', async () => {
    await rig.own();
    await rig.live('2026-03-03');
    await rig.office.addCredit(USD - 1);
    await rig.live('2026-03-05');
    expect(await rig.row()).toMatchObject({ state: 'late' });
    expect(await rig.office.wallet()).toMatchObject({ balance: USD - 1 });
  });

  test('a number for which credit came on the very last day is not put on hold', async () => {
    await rig.own();
    await rig.live('2026-03-03');
    rig.turnTo('2026-03-10', 0);
    await rig.office.addCredit(USD);
    await rig.round();
    expect(await rig.row()).toMatchObject({ state: 'active', rentDay: '2026-04-03' });
  });

  test('no step is made that was not announced, also after months without servers', async () => {
    await rig.own();
    await rig.live('2026-08-15');
    expect(await rig.row()).toMatchObject({ state: 'late', stepDay: '2026-08-22' });
    await rig.live('2026-12-24');
    expect(await rig.row()).toMatchObject({ state: 'held', stepDay: '2027-01-17' });
    await rig.live('2027-06-01');
    expect(await rig.row()).toMatchObject({ state: 'held', stepDay: '2027-06-06' });
    await rig.live('2027-06-05');
    expect(await rig.row()).toMatchObject({ state: 'held' });
    await rig.live('2027-06-06');
    expect(await rig.row()).toMatchObject({ state: 'returned' });
    expect(await rig.told()).toEqual([
      'number_late until 2026-08-22',
      'number_held until 2027-01-17',
      'number_leaving on 2027-06-06 in 5',
      'number_gone 2027-06-06',
    ]);
  });

  test('nobody is warned whose credit covers the rent, and of two rents on a day the second counts, too', async () => {
    await rig.own();
    await rig.own({ number: '+12025550102' });
    await rig.office.addCredit(2 * USD);
    await liveThrough('2026-02-25', '2026-02-28');
    expect(await rig.told()).toEqual([]);
    await rig.office.addCredit(USD);
    await rig.own({
      number: '+12025550103',
      monthlyMicros: 2 * USD,
      purchasedAtMs: Date.parse('2026-02-03T12:00:00Z'),
    });
    await rig.live('2026-03-01');
    expect([...new Set(await rig.told())]).toEqual(['rent_due 2026-03-03 in 2']);
  });
});

describe('rent that is set aside', () => {
  beforeEach(async () => {
    rig.office.policy = { ...rig.office.policy, rent: { ...rig.office.policy.rent, setAsideDays: 5 } };
  });

  test('cannot be used up by calls, and is what pays on the day', async () => {
    await rig.own();
    await rig.office.addCredit(3 * USD);
    await rig.live('2026-02-25');
    expect(await rig.office.wallet()).toMatchObject({ held: 0 });
    await rig.live('2026-02-26');
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD, held: USD, available: 2 * USD });
    // As if calls had used the rest up.
    await rig.office.ledger.submit({
      kind: 'charge',
      operationId: 'calls',
      accountId: 'acme',
      walletId: 'berlin',
      atMs: 1,
      amountMicros: micros((await rig.office.wallet()).available),
      revenueAccount: 'call_revenue',
      entryKind: 'outbound_call',
      reference: 'calls',
      alongside: [],
    });
    expect(await rig.shown()).toMatchObject({ setAsideMicros: USD, isCovered: true, worksUntil: '2026-04-10' });
    expect((await rig.page()).rent).toMatchObject({ setAsideMicros: USD, overdueMicros: 0 });
    await rig.live('2026-03-03');
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
    expect(await rig.office.wallet()).toMatchObject({ balance: 0, held: 0 });
  });

  test('is set aside as soon as there is credit, and people are told once when there is not', async () => {
    await rig.own();
    await liveThrough('2026-02-26', '2026-02-28');
    expect(await rig.told()).toEqual(['rent_due 2026-03-03 in 5']);
    await rig.office.addCredit(2 * USD);
    await rig.live('2026-03-01');
    expect(await rig.office.wallet()).toMatchObject({ held: USD });
    await rig.live('2026-03-03');
    expect(await rig.told()).toHaveLength(1);
    expect(await rig.rents()).toEqual(['2026-03-03 1']);
  });

  test('after a rise of the price that was agreed meanwhile the whole is charged, once', async () => {
    await rig.own();
    await rig.office.addCredit(5 * USD);
    await rig.live('2026-02-26');
    const row = await rig.row();
    await rig.office.store.writeRows([
      {
        table: 'number_owner',
        mode: 'next_version',
        row: { ...row, nextMonthlyMicros: 2 * USD, nextMonthlyDay: '2026-03-01', version: row.version + 1 },
      },
    ]);
    await rig.live('2026-03-03');
    expect(await rig.rents()).toEqual(['2026-03-03 2']);
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD, held: 0 });
  });

  test('is available again when the number is released', async () => {
    await rig.own();
    await rig.office.addCredit(3 * USD);
    await rig.live('2026-02-26');
    expect(await rig.release()).toMatchObject({ ok: true, value: { state: 'returned' } });
    expect(await rig.office.wallet()).toMatchObject({ balance: 3 * USD, held: 0 });
    await rig.live('2026-03-03');
    expect(await rig.rents()).toEqual([]);
  });
});

describe('what rent takes of the next credit', () => {
  test('is in the settings of paying, too, before somebody adds credit; and nothing is without rented numbers', async () => {
    const settings = async () => {
      const outcome = await rig.office.services.payments.handlers.paymentSettings(DANA, {});
      if (!outcome.ok) throw new Error(outcome.refusal.code);
      return paymentSettingsSchema.parse(outcome.value).rent;
    };
    expect(await settings()).toBe(undefined);
    await rig.own();
    expect(await settings()).toMatchObject({ overdueMicros: 0, next: { day: '2026-03-03', numberCount: 1 } });
    await rig.live('2026-03-03');
    expect(await settings()).toMatchObject({ overdueMicros: USD, next: null });
  });

  test('add.arrears: every month that is overdue counts, what is on hold does not', async () => {
    await rig.own();
    await rig.own({ number: '+12025550102', monthlyMicros: 5 * USD });
    await rig.live('2026-03-03');
    expect((await rig.page()).rent).toEqual({ currency: 'USD', overdueMicros: 6 * USD, setAsideMicros: 0, next: null });
    await rig.live('2026-03-10');
    expect((await rig.page()).rent).toMatchObject({ overdueMicros: 0 });
  });

  test('bal.coming: the next rent day, with all that falls due on it', async () => {
    await rig.own();
    await rig.own({ number: '+12025550102', monthlyMicros: 5 * USD });
    expect((await rig.page()).rent?.next).toEqual({
      day: '2026-03-03',
      amountMicros: 6 * USD,
      number: RENTED,
      numberCount: 2,
    });
  });
});
