/** The profile `dialpad`: credit by office, 50 dollars below 5, and calls within the account that never need any. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ANN, AUSTRIA, ECHO, GERMAN_MOBILE, granted, SAM, US_LOCAL } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';
import { dollars, IN_AUSTIN, LOCAL_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('dialpad');
});
afterEach(() => rig.close());

test("D-01: calls to the account's own local numbers cost nothing and need no credit", async () => {
  await rig.haveCredit(1, 'austin');
  const purchase = { number: LOCAL_NUMBER, purchaseId: crypto.randomUUID() };
  granted(await rig.office.services.handlers.buyNumber(IN_AUSTIN, purchase));
  granted(await rig.office.services.handlers.me(ANN, {}));
  expect(await rig.talk(LOCAL_NUMBER, { seconds: 120 })).toBe(0);
  expect(await rig.talk(ECHO, { seconds: 120 })).toBe(0);
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('rings');
  expect(await rig.debits()).toEqual([]);
});

test('D-03: company and office admins can buy credit, others cannot', async () => {
  expect(await rig.mayAddCredit('agent')).toEqual([403, 403, 403, 403]);
  for (const role of ['billing', 'company'] as const) {
    expect((await rig.mayAddCredit(role)).filter((status) => status === 403)).toEqual([]);
  }
});

test('D-07: no amount is suggested: somebody chooses one', async () => {
  expect((await rig.settings()).topUp).toMatchObject({ isChoiceNeeded: true });
});

test('D-09: looking at everything charges nothing and changes nothing; what is given up costs nothing', async () => {
  await rig.payments.saveCard();
  const before = await rig.settings();
  const { payment } = agreed(await rig.payments.pay({ payWith: 'new_card', amountMicros: dollars(50) }));
  agreed(await rig.payments.ask('cancelPayment', { paymentId: payment.paymentId }));
  await rig.payments.later(3_600);
  expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([0, 0]);
  expect((await rig.settings()).autoRecharge).toEqual(before.autoRecharge);
});

test('D-12: every office has its own credit: what one spends is not missing in the other', async () => {
  await rig.haveCredit(5, 'berlin');
  await rig.haveCredit(5, 'austin');
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 60 })).toBe(60_000);
  expect([await rig.payments.balance('berlin'), await rig.payments.balance('austin')]).toEqual([4_940_000, 5_000_000]);
  await rig.haveCredit(0, 'berlin');
  expect([await rig.callOut(GERMAN_MOBILE, SAM), await rig.callOut(GERMAN_MOBILE, ANN)]).toEqual([
    'no_credit',
    'granted',
  ]);
});

test('D-13: card, auto-recharge and payments are those of the office; a company admin has them for each', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge();
  agreed(await rig.payments.pay({ amountMicros: dollars(50) }));
  const [berlin, austin] = [await rig.settings(), await rig.settings(IN_AUSTIN)];
  expect([berlin.officeId, austin.officeId]).toEqual(['berlin', 'austin']);
  expect([berlin.autoRecharge.isOn, austin.autoRecharge.isOn]).toEqual([true, false]);
  expect([berlin.card?.last4, austin.card]).toEqual(['4242', null]);
  expect(agreed(await rig.payments.ask('payments', {}, { identity: IN_AUSTIN })).payments).toEqual([]);
  expect([await rig.payments.balance('berlin'), await rig.payments.balance('austin')]).toEqual([dollars(70), 0]);
});

test('D-14: who pays by card is charged at once', async () => {
  await rig.payments.saveCard();
  const atMs = rig.office.clock.nowMs();
  const { payment } = agreed(await rig.payments.pay({ amountMicros: dollars(20) }));
  expect(payment).toMatchObject({ status: 'succeeded', createdAtMs: atMs });
  expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([1, dollars(20)]);
});

test('D-16: what the sentence needs is there: 50 when it goes below 5, and the most in a month', async () => {
  expect((await rig.settings()).autoRecharge).toMatchObject({
    comparison: 'below',
    thresholdMicros: dollars(5),
    amountMicros: dollars(50),
    mostInMonthMicros: dollars(200),
    isOn: false,
  });
});

test('D-17: at 5.00 the card is not charged; at 4.99 it is charged 50, and 50 are added', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge();
  expect(await rig.chargedAt(5)).toEqual([]);
  expect(await rig.chargedAt(4.99)).toEqual([50]);
  expect(await rig.payments.balance()).toBe(54_990_000);
});

test('D-20: an international call costs what is set for its country', async () => {
  await rig.haveCredit(10);
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 60 })).toBe(60_000);
  expect(await rig.talk(AUSTRIA, { seconds: 60 })).toBe(150_000);
  expect(await rig.talk(US_LOCAL, { seconds: 60 })).toBe(0);
});

test('D-21: to a toll-free number 60 s cost 0.02 and 61 s cost 0.04', async () => {
  await rig.haveCredit(10);
  expect(await rig.talkIn(TOLL_FREE, 60)).toBe(20_000);
  expect(await rig.talkIn(TOLL_FREE, 61)).toBe(40_000);
  await rig.haveCredit(0);
  expect(await rig.callIn(TOLL_FREE)).toBe('no_credit');
});

test('D-13: a company admin looks at each office, an office admin at his own only', async () => {
  await rig.haveCredit(3, 'austin');
  const look = (role: 'billing' | 'company', office: string) =>
    rig.http(role, { method: 'GET', path: '/v1/balance', office });
  expect((await look('company', 'austin')).answer).toMatchObject({ officeId: 'austin', balanceMicros: dollars(3) });
  expect((await look('company', 'berlin')).answer).toMatchObject({ officeId: 'berlin', balanceMicros: 0 });
  expect((await look('billing', 'berlin')).answer).toMatchObject({ officeId: 'berlin' });
  const refused = await look('billing', 'austin');
  expect([refused.status, refused.answer.code]).toEqual([403, 'office_forbidden']);
});
