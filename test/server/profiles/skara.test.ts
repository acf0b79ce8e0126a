/**
 * The profile `skara`: amounts from a list of 10 to 1000, auto-recharge strictly below, a card that is kept and can be changed while
 * paying.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DANA, GERMAN_MOBILE, refusalOf } from '../../support/office-rig.ts';
import { agreed, codeOf, GOOD_CARD } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, OTHER_NUMBER, ProfileRig } from '../../support/profile-rig.ts';

const MASTERCARD = '5555555555554444';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('skara');
});
afterEach(() => rig.close());

const wish = {
  isOn: true,
  thresholdMicros: dollars(10),
  amountMicros: dollars(50),
  monthlyLimitMicros: dollars(1_000),
  hasConsented: true,
};

test('S-01: without credit no number is bought, and the refusal says what is missing', async () => {
  const purchase = { number: LOCAL_NUMBER, purchaseId: crypto.randomUUID() };
  const refusal = refusalOf(await rig.office.services.handlers.buyNumber(DANA, purchase));
  expect(refusal).toMatchObject({ code: 'no_credit', neededMicros: 1_000_000, availableMicros: 0, currency: 'USD' });
});

test('S-02: without credit no call begins', async () => {
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('no_credit');
});

test('S-04: credit that was used up by numbers, or by calls, leads to a refusal at each further try', async () => {
  await rig.haveCredit(1);
  expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
  for (let tries = 0; tries < 2; tries += 1) {
    expect([await rig.buy(OTHER_NUMBER), await rig.callOut(GERMAN_MOBILE)]).toEqual(['no_credit', 'no_credit']);
  }
  await rig.haveCredit(0.06);
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 60 })).toBe(60_000);
  for (let tries = 0; tries < 2; tries += 1) {
    expect([await rig.buy(OTHER_NUMBER), await rig.callOut(GERMAN_MOBILE)]).toEqual(['no_credit', 'no_credit']);
  }
});

test('S-05: once credit was added, numbers and calls both work again', async () => {
  expect([await rig.buy(LOCAL_NUMBER), await rig.callOut(GERMAN_MOBILE)]).toEqual(['no_credit', 'no_credit']);
  await rig.payments.saveCard();
  agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
  expect([await rig.buy(LOCAL_NUMBER), await rig.callOut(GERMAN_MOBILE)]).toEqual(['bought', 'granted']);
});

test('S-09: the list begins with 10 and ends with 1000; 9.99, 1000.01 and what is not in it are refused', async () => {
  const { presetsMicros } = (await rig.settings()).topUp;
  expect([presetsMicros.at(0), presetsMicros.at(-1)]).toEqual([dollars(10), dollars(1_000)]);
  expect(presetsMicros).toEqual(presetsMicros.toSorted((a, b) => a - b));
  expect((await rig.settings()).topUp).toMatchObject({ isList: true, isOtherAmountAllowed: false });
  for (const amountMicros of [9_990_000, 1_000_010_000, 37_500_000]) {
    const refused = await rig.payOverHttp(amountMicros);
    expect([refused.status, refused.answer.code]).toEqual([422, 'amount_out_of_bounds']);
  }
  for (const amountMicros of presetsMicros) expect((await rig.payOverHttp(amountMicros)).status).toBe(200);
});

test.each([
  'thresholdMicros',
  'amountMicros',
] as const)('S-11, S-12: the %s of auto-recharge is 10 to 1000, and nothing beside', async (field) => {
  await rig.payments.saveCard();
  const most = { ...wish, monthlyLimitMicros: dollars(1_000) };
  for (const amountMicros of [9_990_000, 1_000_010_000]) {
    const saved = await rig.payments.ask('saveAutoRecharge', { ...most, [field]: amountMicros });
    expect(codeOf(saved)).toBe('amount_out_of_bounds');
    expect(saved).toMatchObject({ refusal: { errors: [{ field: `/${field}` }] } });
  }
  await rig.haveCredit(1_000);
  for (const amountMicros of [dollars(10), dollars(1_000)]) {
    agreed(await rig.payments.ask('saveAutoRecharge', { ...most, isOn: false, [field]: amountMicros }));
    expect((await rig.settings()).autoRecharge[field]).toBe(amountMicros);
  }
});

test('S-11: at the threshold the card is not charged, below it is', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge();
  expect(await rig.chargedAt(10)).toEqual([]);
  expect(await rig.chargedAt(9.99)).toEqual([50]);
});

test('S-13: what was saved is there again, also after the server has started anew', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(100);
  agreed(
    await rig.payments.ask('saveAutoRecharge', { ...wish, thresholdMicros: dollars(40), amountMicros: dollars(70) }),
  );
  await rig.office.restart();
  const { autoRecharge } = await rig.settings();
  expect(autoRecharge).toMatchObject({ isOn: true, thresholdMicros: dollars(40), amountMicros: dollars(70) });
});

test('S-14: without a card auto-recharge is not active: the answer says what is missing', async () => {
  expect(codeOf(await rig.payments.ask('saveAutoRecharge', wish))).toBe('card_missing');
  const { autoRecharge } = await rig.settings();
  // The panel asks for the card on Save, and stores the settings once there is one.
  expect(autoRecharge).toMatchObject({ isOn: false, cannotTurnOn: 'card_missing', isCardAskedFor: true });
  await rig.payments.saveCard();
  agreed(await rig.payments.ask('saveAutoRecharge', wish));
  expect((await rig.settings()).autoRecharge.isOn).toBe(true);
});

test('S-15: the first payment asks for a card, the second one does not', async () => {
  const first = await rig.payments.payWithNewCard(GOOD_CARD, { amountMicros: dollars(10), keepsCard: true });
  expect(first.step?.kind).toBe('card');
  await rig.payments.deliverAll();
  const second = agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
  expect([second.step, second.payment.status]).toEqual([null, 'succeeded']);
  expect(await rig.payments.balance()).toBe(dollars(20));
});

test('S-16: the card is kept as a token: its number is nowhere in what the server keeps', async () => {
  await rig.payments.saveCard();
  agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
  const { db } = rig.office.store;
  const kept = await Promise.all([
    db.selectFrom('payer').selectAll().execute(),
    db.selectFrom('payment').selectAll().execute(),
    db.selectFrom('entry').selectAll().execute(),
    db.selectFrom('payment_event').selectAll().execute(),
  ]);
  expect(JSON.stringify(kept)).toContain('4242');
  expect(JSON.stringify(kept)).not.toContain(GOOD_CARD);
});

test('S-17: where credit is added, the saved card is named: brand, last four, expiry', async () => {
  await rig.payments.saveCard();
  expect((await rig.settings()).card).toEqual({ brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 });
});

test('S-18: another card is paid with and kept in one go; the old one is not charged', async () => {
  await rig.payments.saveCard();
  await rig.payments.payWithNewCard(MASTERCARD, { amountMicros: dollars(25), keepsCard: true });
  await rig.payments.deliverAll();
  expect((await rig.settings()).card).toMatchObject({ brand: 'mastercard', last4: '4444' });
  expect([await rig.payments.charges(), await rig.payments.balance()]).toEqual([1, dollars(25)]);
  const [paid] = agreed(await rig.payments.ask('payments', {})).payments;
  expect(paid).toMatchObject({ card: { last4: '4444' } });
});
