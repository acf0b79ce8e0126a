/** Auto-recharge that is wanted along with something else: stored once that is done, and not before (S-10, S-14, D-08, D-09). */
import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { refusal, refused } from '../../../src/protocol/problem.ts';
import { samplePaymentSettings } from '../../support/payment-samples.ts';
import { ask, billingRig, checkout, GOOD_CARD, NEW, open, SAVED } from '../../support/phone-billing-rig.ts';
import { FakePaymentGate } from '../../support/phone-fake-payments.ts';

const WANTED = {
  thresholdMicros: micros(5_000_000),
  amountMicros: micros(50_000_000),
  monthlyLimitMicros: micros(200_000_000),
};
const PLAN = { ...SAVED, autoRecharge: WANTED };

function saved({ payments }: { readonly payments: FakePaymentGate }): number {
  return payments.log.filter((line) => line === 'saveAutoRecharge').length;
}

describe('auto-recharge beside an amount', () => {
  test('S-10, D-08: is turned on once the payment is done, with the consent that the review asked for', async () => {
    const rig = await billingRig();
    const asked: unknown[] = [];
    const { saveAutoRecharge } = rig.payments;
    rig.payments.saveAutoRecharge = (settings) => {
      asked.push([settings, rig.payments.chargedMicros.length]);
      return saveAutoRecharge(settings);
    };
    await ask(rig, { type: 'review', plan: PLAN });
    expect(asked).toEqual([]);
    await ask(rig, { type: 'pay' });
    expect(asked).toEqual([[{ ...WANTED, isOn: true, hasConsented: true }, 1]]);
    expect(checkout(rig)).toMatchObject({ step: 'done', autoRecharge: 'on' });
    expect(open(rig).settings.autoRecharge).toMatchObject({ isOn: true, ...WANTED });
  });

  test('D-09: leaving the review, a declined card and a payment that was given up store nothing', async () => {
    const left = await billingRig();
    await ask(left, { type: 'review', plan: PLAN }, { type: 'leave' });
    const declined = await billingRig();
    await ask(
      declined,
      { type: 'review', plan: { ...PLAN, ...NEW, autoRecharge: WANTED } },
      { type: 'pay' },
      { type: 'give_test_card', card: { ...GOOD_CARD, number: '4000000000000002' } },
    );
    expect(checkout(declined).step).toBe('failed');
    const givenUp = await billingRig();
    await ask(givenUp, { type: 'review', plan: { ...NEW, autoRecharge: WANTED } }, { type: 'pay' }, { type: 'leave' });
    expect([saved(left), saved(declined), saved(givenUp)]).toEqual([0, 0, 0]);
  });

  test('a reload in the middle forgets neither the payment nor what was wanted with it, and never asks the server for both at once', async () => {
    const before = await billingRig();
    const { startPayment } = before.payments;
    before.payments.startPayment = (request) => {
      expect(Object.keys(request).toSorted()).toEqual([
        'amountMicros',
        'currency',
        'keepsCard',
        'lastPaymentId',
        'payWith',
        'paymentId',
      ]);
      return startPayment(request);
    };
    await ask(before, { type: 'review', plan: { ...NEW, autoRecharge: WANTED } }, { type: 'pay' });
    await before.phone.close();
    const after = await billingRig(before);
    expect(checkout(after)).toMatchObject({ step: 'card', plan: { autoRecharge: WANTED } });
    await ask(after, { type: 'give_test_card', card: GOOD_CARD });
    expect(checkout(after)).toMatchObject({ step: 'done', autoRecharge: 'on' });
    expect(after.payments.chargedMicros).toHaveLength(1);
  });

  test('the same amount with and without it are two payments', async () => {
    const rig = await billingRig();
    rig.payments.lostAnswers = 1;
    await ask(rig, { type: 'review', plan: PLAN }, { type: 'pay' }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(rig.payments.paymentIds).toHaveLength(2);
    expect(saved(rig)).toBe(0);
  });

  test('says when it could not be turned on although the payment is done', async () => {
    const rig = await billingRig();
    rig.payments.saveAutoRecharge = async () => refused(refusal('unavailable'));
    await ask(rig, { type: 'review', plan: PLAN }, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'done', autoRecharge: { code: 'unavailable' } });
    expect(rig.payments.chargedMicros).toHaveLength(1);
  });
});

describe('auto-recharge before there is a card', () => {
  const SAVE = { type: 'save_auto_recharge', settings: { ...WANTED, isOn: true, hasConsented: true } } as const;

  async function cardlessRig() {
    const payments = new FakePaymentGate();
    payments.shownSettings = samplePaymentSettings({ card: null });
    return await billingRig({ payments });
  }

  test('S-14: Save asks for the card, and it is on once the card is stored, not before', async () => {
    const rig = await cardlessRig();
    await ask(rig, SAVE);
    expect(checkout(rig)).toMatchObject({ step: 'card', plan: null });
    expect([saved(rig), open(rig).settings.autoRecharge.isOn]).toEqual([0, false]);
    await ask(rig, { type: 'give_test_card', card: GOOD_CARD });
    expect(checkout(rig)).toMatchObject({ step: 'done', plan: null, card: { last4: '4242' }, autoRecharge: 'on' });
    expect(open(rig).settings).toMatchObject({ card: { last4: '4242' }, autoRecharge: { isOn: true, ...WANTED } });
    expect(rig.payments.chargedMicros).toEqual([]);
  });

  test('S-14: whoever leaves the card form has stored nothing; turning it off needs no card', async () => {
    const rig = await cardlessRig();
    await ask(rig, SAVE, { type: 'leave' });
    expect([checkout(rig).step, saved(rig)]).toEqual(['none', 0]);
    await ask(rig, { ...SAVE, settings: { ...SAVE.settings, isOn: false, hasConsented: false } });
    expect([checkout(rig).step, saved(rig)]).toEqual(['none', 1]);
  });
});

describe('ways to pay', () => {
  test('L-09: with a saved and a new card, the one that was picked last is charged, and once', async () => {
    const saved = await billingRig();
    await ask(saved, { type: 'review', plan: NEW }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(checkout(saved)).toMatchObject({ step: 'done', card: { last4: '4242' } });
    const other = await billingRig();
    await ask(
      other,
      { type: 'review', plan: SAVED },
      { type: 'review', plan: NEW },
      { type: 'pay' },
      { type: 'give_test_card', card: { ...GOOD_CARD, number: '5555555555554444' } },
    );
    expect(checkout(other)).toMatchObject({ step: 'done', card: { last4: '4444' } });
    expect([saved.payments.chargedMicros.length, other.payments.chargedMicros.length]).toEqual([1, 1]);
  });

  test('D-15: on account, one confirmation is enough and no card is asked for', async () => {
    const rig = await billingRig();
    const plan = { ...SAVED, payWith: 'invoice' } as const;
    await ask(rig, { type: 'review', plan }, { type: 'pay' });
    expect(checkout(rig)).toEqual({ step: 'done', plan, card: null });
  });
});
