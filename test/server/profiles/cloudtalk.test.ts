/** The profile `cloudtalk`: without credit no calls out and none to toll-free numbers; auto-recharge below what the admin says. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AUSTRIA, DANA, GERMAN_MOBILE, granted, PREMIUM, SAM } from '../../support/office-rig.ts';
import { agreed, GOOD_CARD } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';

const DEBIT_CARD = '4000056655665556';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('cloudtalk');
});
afterEach(() => rig.close());

test('C-01: without credit calls out and calls to toll-free numbers are refused; others still come in', async () => {
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('no_credit');
  expect(await rig.callIn(TOLL_FREE)).toBe('no_credit');
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('rings');
  await rig.haveCredit(0.06);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('granted');
  expect(await rig.callIn(TOLL_FREE)).toBe('rings');
});

test('C-03: what concerns credit is for admins', async () => {
  expect(await rig.mayAddCredit('agent')).toEqual([403, 403, 403, 403]);
  expect((await rig.mayAddCredit('billing')).filter((status) => status === 403)).toEqual([]);
});

test.each([
  ['credit', GOOD_CARD, 0],
  ['debit', DEBIT_CARD, 0],
  ['credit', GOOD_CARD, 900],
])('C-04: an admin pays by %s card, whatever the balance is (%s, %i)', async (_kind, card, credit) => {
  await rig.haveCredit(credit);
  await rig.payments.saveCard(card);
  agreed(await rig.payments.pay({ amountMicros: dollars(25) }));
  expect(await rig.payments.balance()).toBe(dollars(credit + 25));
});

test('C-06: balance, card and payments are there together; of the card brand, last four and expiry only', async () => {
  await rig.payments.saveCard();
  const settings = await rig.settings();
  expect(settings.card).toEqual({ brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 });
  expect(JSON.stringify(settings)).not.toContain(GOOD_CARD);
});

test('C-09: auto-recharge takes the amount to add and the balance to fall below; what is wrong is named', async () => {
  await rig.payments.saveCard();
  const good = {
    isOn: true,
    thresholdMicros: dollars(20),
    amountMicros: dollars(50),
    monthlyLimitMicros: dollars(500),
  };
  const save = async (wish: object) =>
    await rig.http('billing', {
      method: 'PUT',
      path: '/v1/payment-settings/auto-recharge',
      body: { ...good, hasConsented: true, ...wish },
    });
  for (const field of ['thresholdMicros', 'amountMicros']) {
    for (const value of [undefined, 'twenty', -1, 1e15]) {
      const { status, answer } = await save({ [field]: value });
      expect(status).toBe(422);
      expect(JSON.stringify(answer.errors)).toContain(field);
    }
  }
  expect((await rig.settings()).autoRecharge.isOn).toBe(false);
  expect((await save({})).status).toBe(200);
});

test('C-10: at 20.00 the saved card is not charged; at 19.99 it is, once', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(60);
  await rig.turnOnRecharge({ thresholdMicros: dollars(20), amountMicros: dollars(50) });
  expect(await rig.chargedAt(20)).toEqual([]);
  expect(await rig.chargedAt(19.99)).toEqual([50]);
  expect(await rig.payments.balance()).toBe(69_990_000);
});

test('C-12: with a good card and auto-recharge on, 50 calls that use three times the balance are all let out', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(30);
  await rig.turnOnRecharge({ thresholdMicros: dollars(20), amountMicros: dollars(50) });
  let used = 0;
  for (let call = 0; call < 50; call += 1) {
    used += await rig.talk(PREMIUM, { seconds: 60 });
    await rig.payments.later(1);
  }
  expect(used).toBeGreaterThan(3 * dollars(30));
  const { calls } = granted(await rig.office.services.handlers.calls(SAM, {}));
  expect(calls.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 'settled'));
  expect(await rig.payments.balance()).toBe(dollars(30) - used + dollars(50) * (await rig.payments.charges()));
});

test('C-14: one request pays with the saved card, and every open widget hears of it at once', async () => {
  await rig.payments.saveCard();
  await rig.office.settleDown();
  rig.office.told.length = 0;
  agreed(await rig.payments.pay({ amountMicros: dollars(25) }));
  await rig.office.settleDown();
  expect(rig.office.eventsOf('balance').at(-1)?.balance.balanceMicros).toBe(dollars(25));
  const audience = rig.office.told.find(({ event }) => event.type === 'balance')?.audience;
  expect(audience).toEqual({ accountId: 'acme', officeId: 'berlin', personId: null });
});

test('C-15: money that the bank delays is under way, not there; it comes once', async () => {
  await rig.payments.saveCard();
  rig.payments.faults.push('lost_after');
  const { payment } = agreed(await rig.payments.pay({ amountMicros: dollars(25) }));
  expect([payment.status, (await rig.settings()).comingMicros]).toEqual(['pending', dollars(25)]);
  expect(await rig.payments.balance()).toBe(0);
  const reports = [...rig.payments.reports];
  await rig.payments.deliverAll();
  for (const report of reports) await rig.payments.deliver(report);
  expect([await rig.payments.balance(), (await rig.settings()).comingMicros]).toEqual([dollars(25), 0]);
});

test('C-17: while a call runs, what is available falls', async () => {
  await rig.haveCredit(10);
  const available = async () => granted(await rig.office.services.handlers.balance(DANA, {})).availableMicros;
  let before = await available();
  const { callId } = await rig.office.answeredCall(GERMAN_MOBILE);
  for (let minute = 0; minute < 3; minute += 1) {
    // What the renewal has written may be read a moment later.
    await expect.poll(available, { timeout: 15_000 }).toBeLessThan(before);
    before = await available();
    await rig.office.pass(60);
  }
  await rig.office.ended(callId, 180_000);
});

test('C-18: the same minute costs what its country costs', async () => {
  await rig.haveCredit(10);
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 60 })).toBe(60_000);
  expect(await rig.talk(AUSTRIA, { seconds: 60 })).toBe(150_000);
});

test('C-19: a minute to a toll-free number costs what the table of rates says', async () => {
  await rig.haveCredit(10);
  const { rates } = granted(await rig.office.services.handlers.rates(SAM, { search: 'toll' }));
  expect(rates).toMatchObject([{ direction: 'inbound', steps: [{ priceMicros: 20_000 }] }]);
  expect(await rig.talkIn(TOLL_FREE, 60)).toBe(20_000);
  expect(await rig.debits()).toEqual([['inbound_call', 20_000]]);
});
