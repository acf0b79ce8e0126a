/** A card that must be confirmed before it pays (D-22 to D-24), as the phone leads through it. */
import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { refusal, refused } from '../../../src/protocol/problem.ts';
import { samplePaymentSettings } from '../../support/payment-samples.ts';
import { ask, billingRig, checkout, GOOD_CARD, NEW, SAVED } from '../../support/phone-billing-rig.ts';
import { FakePaymentGate, TWENTY_FIVE } from '../../support/phone-fake-payments.ts';

const RIGHT = micros(1_370_000);
const WRONG = micros(1_380_000);
const GUESS = { type: 'guess_check', amountMicros: RIGHT } as const;
const WRONG_GUESS = { type: 'guess_check', amountMicros: WRONG } as const;
const REVIEW = { type: 'review', plan: SAVED } as const;
const CHARGE = { type: 'charge_check' } as const;

async function flaggedRig(settings: Parameters<typeof samplePaymentSettings>[0] = {}) {
  const payments = new FakePaymentGate();
  payments.shownSettings = samplePaymentSettings({ isCardUnconfirmed: true, cardCheckId: null, ...settings });
  return await billingRig({ payments });
}

describe('a card that must be confirmed', () => {
  test('D-22, D-23: after the amount the small charge comes first, and nothing is sent before somebody wants it', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW);
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', plan: SAVED, check: null, isBusy: false });
    await ask(rig, { type: 'pay' });
    expect([rig.payments.checks.ids, rig.payments.paymentIds]).toEqual([[], []]);
  });

  test('D-24: the right amount leads back to what was to be paid, which is paid on confirmation only', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW, CHARGE);
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', check: { status: 'waiting', triesLeft: 3 } });
    await ask(rig, GUESS);
    expect(checkout(rig)).toMatchObject({ step: 'review', plan: SAVED });
    expect(rig.payments.chargedMicros).toEqual([]);
    await ask(rig, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'done' });
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE]);
  });

  test('two presses are one charge, and a lost answer is asked for again under the same id', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW);
    rig.payments.lostAnswers = 1;
    rig.phone.askBilling(CHARGE);
    await ask(rig, CHARGE);
    expect(checkout(rig)).toMatchObject({ check: null, isBusy: false, refusal: { code: 'unavailable' } });
    await ask(rig, CHARGE);
    expect(checkout(rig)).toMatchObject({ check: { status: 'waiting' } });
    expect(rig.payments.checks.ids).toHaveLength(1);
  });

  test('D-24: wrong three times is locked; each answer says how many tries are left', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW, CHARGE, WRONG_GUESS);
    expect(checkout(rig)).toMatchObject({ isWrong: true, check: { status: 'waiting', triesLeft: 2 } });
    await ask(rig, WRONG_GUESS, WRONG_GUESS);
    expect(checkout(rig)).toMatchObject({ isWrong: true, check: { status: 'locked', triesLeft: 0 } });
    await ask(rig, GUESS);
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', check: { status: 'locked' } });
  });

  test('a guess whose answer was lost is looked at before anybody guesses again', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW, CHARGE);
    rig.payments.lostAnswers = 1;
    await ask(rig, WRONG_GUESS);
    expect(checkout(rig)).toMatchObject({ isWrong: true, isBusy: false, check: { triesLeft: 2 } });
    const { guessCardCheck } = rig.payments;
    rig.payments.guessCardCheck = async () => refused(refusal('unavailable'));
    await ask(rig, WRONG_GUESS);
    expect(checkout(rig)).toMatchObject({ isWrong: false, refusal: { code: 'unavailable' }, check: { triesLeft: 2 } });
    rig.payments.guessCardCheck = guessCardCheck;
    rig.payments.lostAnswers = 1;
    await ask(rig, GUESS);
    expect(checkout(rig)).toMatchObject({ step: 'review', plan: SAVED });
  });

  test('a check that was begun before is shown as it stands; leaving keeps it', async () => {
    const rig = await flaggedRig();
    await ask(rig, REVIEW, CHARGE, WRONG_GUESS, { type: 'leave' });
    expect(checkout(rig)).toEqual({ step: 'none' });
    const [cardCheckId = null] = rig.payments.checks.ids;
    rig.payments.shownSettings = { ...rig.payments.shownSettings, cardCheckId };
    await ask(rig, { type: 'open' }, REVIEW);
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', check: { status: 'waiting', triesLeft: 2 } });
  });

  test('the bank asks about the small charge; it is waited for while the bank works, and told when it did not get through', async () => {
    const rig = await flaggedRig();
    rig.payments.checks.beginsAs = 'requires_action';
    await ask(rig, REVIEW, CHARGE);
    expect(checkout(rig)).toMatchObject({ step: 'authenticate', isCheck: true });
    await ask(rig, { type: 'answer_bank', isConfirmed: true });
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', check: { status: 'waiting' } });

    const slow = await flaggedRig();
    slow.payments.checks.beginsAs = 'charging';
    await ask(slow, REVIEW, CHARGE);
    expect(checkout(slow)).toMatchObject({ check: { status: 'charging' } });
    slow.payments.checks.decide(slow.payments.checks.ids[0] ?? '', 'failed');
    await slow.clock.advance(60_000);
    expect(checkout(slow)).toMatchObject({ step: 'confirm_card', check: { status: 'failed' } });
  });

  test('without a card one is saved first, then confirmed, then it pays', async () => {
    const rig = await flaggedRig({ card: null });
    await ask(rig, { type: 'review', plan: NEW });
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', card: null });
    await ask(rig, { type: 'change_card' });
    expect(checkout(rig)).toMatchObject({ step: 'card', plan: null });
    await ask(rig, { type: 'give_test_card', card: GOOD_CARD });
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', card: { last4: '4242' }, check: null, plan: NEW });
    await ask(rig, CHARGE, GUESS);
    expect(checkout(rig)).toMatchObject({ step: 'review', plan: { payWith: 'saved_card', keepsCard: false } });
    await ask(rig, { type: 'pay' });
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE]);
  });

  test('an account that is told to confirm its cards after the screen was drawn comes to the same place', async () => {
    const rig = await billingRig();
    await ask(rig, REVIEW);
    rig.payments.shownSettings = { ...rig.payments.shownSettings, isCardUnconfirmed: true };
    await ask(rig, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'confirm_card', plan: SAVED, check: null });
  });

  test('D-15: what goes on account needs no card that is confirmed', async () => {
    const rig = await flaggedRig();
    await ask(rig, { type: 'review', plan: { ...SAVED, payWith: 'invoice' } });
    expect(checkout(rig)).toMatchObject({ step: 'review' });
  });
});
