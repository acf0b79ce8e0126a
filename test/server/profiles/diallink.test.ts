/** The profile `diallink`: any amount inside the limits; a refill below a threshold needs a card and nobody's hand. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GERMAN_MOBILE, US_LOCAL } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, ProfileRig } from '../../support/profile-rig.ts';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('diallink');
});
afterEach(() => rig.close());

test('L-01: a call that is included debits nothing and needs no credit, in both directions', async () => {
  expect(await rig.talk(US_LOCAL, { seconds: 90 })).toBe(0);
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('rings');
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('no_credit');
  expect(await rig.debits()).toEqual([]);
});

test('L-08: any amount inside the limits is taken; what is none is refused, and nothing is begun', async () => {
  for (const amount of ['abc', dollars(-5), 0, 4_990_000, 1e15, 37.5, null]) {
    const { status, answer } = await rig.payOverHttp(amount);
    expect(status).toBe(422);
    expect(JSON.stringify(answer.errors)).toContain('amountMicros');
  }
  // 37.505 is no amount that a card can be charged.
  expect((await rig.payOverHttp(37_505_000)).status).toBe(422);
  expect(agreed(await rig.payments.ask('payments', {})).payments).toEqual([]);
  await rig.payments.saveCard();
  agreed(await rig.payments.pay({ amountMicros: dollars(37.5) }));
  expect(await rig.payments.balance()).toBe(37_500_000);
});

test('L-09: with a saved and a new card the one that was picked is charged; a new one may pay without being kept', async () => {
  await rig.payments.saveCard();
  const amount = { amountMicros: dollars(20) };
  agreed(await rig.payments.pay({ ...amount, payWith: 'saved_card' }));
  await rig.payments.payWithNewCard('5555555555554444', { ...amount, keepsCard: false });
  await rig.payments.deliverAll();
  const { payments } = agreed(await rig.payments.ask('payments', {}));
  expect(payments.map(({ card, status }) => [card?.last4, status])).toEqual(
    expect.arrayContaining([
      ['4242', 'succeeded'],
      ['4444', 'succeeded'],
    ]),
  );
  expect([payments.length, (await rig.settings()).card?.last4]).toEqual([2, '4242']);
});

test('L-10: a double click is one payment', async () => {
  await rig.payments.saveCard();
  const payment = { paymentId: crypto.randomUUID(), amountMicros: dollars(20) };
  const clicks = await Promise.all([rig.payments.pay(payment), rig.payments.pay(payment), rig.payments.pay(payment)]);
  for (const click of clicks) expect(agreed(click).payment.paymentId).toBe(payment.paymentId);
  await rig.payments.deliverAll();
  await rig.payments.later(120);
  expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([1, dollars(20)]);
});

test('L-11: a refill comes strictly below the threshold', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge({ thresholdMicros: dollars(7) });
  expect(await rig.chargedAt(7)).toEqual([]);
  expect(await rig.chargedAt(6.99)).toEqual([20]);
});

test('L-12: the amount that was saved last is the one of the next refill', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(50);
  await rig.turnOnRecharge({ amountMicros: dollars(20) });
  await rig.turnOnRecharge({ amountMicros: dollars(33.33) });
  expect(await rig.chargedAt(1)).toEqual([33.33]);
});

test('L-13: the threshold that was saved last decides', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(50);
  await rig.turnOnRecharge({ thresholdMicros: dollars(40) });
  await rig.turnOnRecharge({ thresholdMicros: dollars(10) });
  expect(await rig.chargedAt(30)).toEqual([]);
  expect(await rig.chargedAt(9)).toEqual([20]);
});

test('L-15: without a card it cannot be turned on; with one it can', async () => {
  const { thresholdMicros, amountMicros, monthlyLimitMicros } = (await rig.settings()).autoRecharge;
  const wish = { isOn: true, thresholdMicros, amountMicros, monthlyLimitMicros, hasConsented: true };
  expect(codeOf(await rig.payments.ask('saveAutoRecharge', wish))).toBe('card_missing');
  await rig.payments.saveCard();
  expect(agreed(await rig.payments.ask('saveAutoRecharge', wish)).autoRecharge.isOn).toBe(true);
});

test('L-16: a call that goes below the threshold refills the credit while nobody looks', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(5);
  await rig.turnOnRecharge();
  await rig.talk(GERMAN_MOBILE, { seconds: 60 });
  await rig.payments.later(1);
  expect(await rig.payments.recharges()).toMatchObject([{ status: 'succeeded', personId: null }]);
  expect(await rig.payments.balance()).toBe(24_940_000);
});
