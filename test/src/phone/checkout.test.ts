/** From a plan to credit, once, whatever happens on the way (S-15 to S-18, C-13 to C-15, L-10). */
import { describe, expect, test } from 'vitest';
import { officeRefusal } from '../../../src/protocol/office-problem.ts';
import { refusal, refused } from '../../../src/protocol/problem.ts';
import { samplePaymentSettings } from '../../support/payment-samples.ts';
import { ask, billingRig, checkout, GOOD_CARD, NEW, open, SAVED } from '../../support/phone-billing-rig.ts';
import { settled } from '../../support/phone-clock.ts';
import { fakeIntents, TWENTY_FIVE } from '../../support/phone-fake-payments.ts';
import { sampleMe } from '../../support/phone-samples.ts';

describe('paying', () => {
  test('D-09: nothing is charged before it is confirmed', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: SAVED });
    expect(checkout(rig)).toEqual({ step: 'review', plan: SAVED, isBusy: false, refusal: null });
    await ask(rig, { type: 'leave' });
    expect([checkout(rig), rig.payments.paymentIds]).toEqual([{ step: 'none' }, []]);
  });

  test('C-14, S-15: with the saved card one confirmation is enough', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'done', plan: SAVED });
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE]);
    expect(rig.intents.kept.size).toBe(0);
  });

  test('L-10: a double click is one payment, and so is pressing again after a lost answer', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: SAVED });
    rig.payments.lostAnswers = 1;
    rig.phone.askBilling({ type: 'pay' });
    rig.phone.askBilling({ type: 'pay' });
    await settled();
    expect(checkout(rig)).toMatchObject({ step: 'review', isBusy: false, refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'done' });
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE]);
    expect(rig.payments.log.filter((line) => line.startsWith('startPayment'))).toHaveLength(2);
  });

  test('the next payment is another one', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE, TWENTY_FIVE]);
    expect(new Set(rig.payments.paymentIds).size).toBe(2);
  });

  test('a refusal is shown and ends the attempt: the same plan is a new payment', async () => {
    const rig = await billingRig();
    const { startPayment } = rig.payments;
    const asked: string[] = [];
    rig.payments.startPayment = async ({ paymentId, lastPaymentId }) => {
      asked.push(`${paymentId} ${lastPaymentId}`);
      rig.payments.shownSettings = samplePaymentSettings({ lastPaymentId: 'payment-of-luis' });
      return { ok: false, refusal: officeRefusal('payment_meanwhile', { byName: 'Luis' }) };
    };
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'review', refusal: { code: 'payment_meanwhile', byName: 'Luis' } });
    rig.payments.startPayment = (request) => {
      asked.push(`${request.paymentId} ${request.lastPaymentId}`);
      return startPayment(request);
    };
    await ask(rig, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'done' });
    expect(asked.map((line) => line.split(' ')[1])).toEqual(['null', 'payment-of-luis']);
    expect(new Set(asked.map((line) => line.split(' ')[0])).size).toBe(2);
  });

  test('C-15: while the bank works it is under way, and done when the stream says so', async () => {
    const rig = await billingRig();
    rig.payments.isBankSlow = true;
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(checkout(rig)).toEqual({ step: 'pending', plan: SAVED });
    const [paymentId = ''] = rig.payments.paymentIds;
    const event = rig.payments.decide(paymentId, 'succeeded');
    const overtaken = { ...event.payment, version: 1, status: 'failed', failure: { kind: 'declined', retry: 'later' } };
    rig.gate.sayPayment({ type: 'payment', payment: overtaken });
    rig.gate.sayPayment({ type: 'payment', payment: { ...event.payment, paymentId: 'payment-of-luis' } });
    await settled();
    expect(checkout(rig)).toMatchObject({ step: 'pending' });
    rig.gate.sayPayment(event);
    await settled();
    expect(checkout(rig)).toMatchObject({ step: 'done' });
  });

  test('asks by itself when no event comes, more and more seldom, and stops when it knows', async () => {
    const rig = await billingRig();
    rig.payments.isBankSlow = true;
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    await rig.clock.advance(60_000);
    const asked = () => rig.payments.log.filter((line) => line.startsWith('finishPayment')).length;
    expect(asked()).toBeGreaterThanOrEqual(4);
    expect(asked()).toBeLessThanOrEqual(8);
    const [paymentId = ''] = rig.payments.paymentIds;
    rig.payments.decide(paymentId, 'failed');
    await rig.clock.advance(30_000);
    expect(checkout(rig)).toMatchObject({ step: 'failed', failure: { kind: 'declined' } });
    const before = asked();
    await rig.clock.advance(300_000);
    expect(asked()).toBe(before);
  });
});

describe('cards', () => {
  test('S-18: a new card pays and takes the place of the saved one', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: NEW }, { type: 'pay' });
    expect(checkout(rig)).toMatchObject({ step: 'card', plan: NEW, isBusy: false, failure: null });
    await ask(rig, { type: 'give_test_card', card: { ...GOOD_CARD, number: '5555555555554444' } });
    expect(checkout(rig)).toMatchObject({ step: 'done' });
    expect(open(rig).settings.card?.last4).toBe('4444');
    expect(rig.payments.chargedMicros).toEqual([TWENTY_FIVE]);
  });

  test('F-17: a declined card charges nothing and says why', async () => {
    const rig = await billingRig();
    await ask(
      rig,
      { type: 'review', plan: NEW },
      { type: 'pay' },
      { type: 'give_test_card', card: { ...GOOD_CARD, number: '4000000000009995' } },
    );
    expect(checkout(rig)).toMatchObject({ step: 'failed', failure: { kind: 'insufficient_funds', retry: 'new_card' } });
    expect(rig.payments.chargedMicros).toEqual([]);
    expect(rig.intents.kept.size).toBe(0);
  });

  test('a number that is no test card leaves the form open, with the reason', async () => {
    const rig = await billingRig();
    await ask(
      rig,
      { type: 'review', plan: NEW },
      { type: 'pay' },
      { type: 'give_test_card', card: { ...GOOD_CARD, number: '9999999999999999' } },
    );
    expect(checkout(rig)).toMatchObject({ step: 'card', isBusy: false, refusal: { code: 'request_invalid' } });
  });

  test('the bank asks: confirmed it is paid, refused it is not', async () => {
    for (const isConfirmed of [true, false]) {
      const rig = await billingRig();
      await ask(
        rig,
        { type: 'review', plan: NEW },
        { type: 'pay' },
        { type: 'give_test_card', card: { ...GOOD_CARD, number: '4000002500003155' } },
      );
      expect(checkout(rig)).toMatchObject({ step: 'authenticate' });
      await ask(rig, { type: 'answer_bank', isConfirmed }, { type: 'answer_bank', isConfirmed });
      expect(checkout(rig).step).toBe(isConfirmed ? 'done' : 'failed');
      expect(rig.payments.log.filter((line) => line === 'answerBank')).toHaveLength(1);
    }
  });

  test('giving up in the form cancels the payment; one that had succeeded meanwhile is told', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'review', plan: NEW }, { type: 'pay' }, { type: 'leave' });
    expect(checkout(rig)).toEqual({ step: 'none' });
    expect(rig.payments.log.some((line) => line.startsWith('cancelPayment'))).toBe(true);
    await ask(rig, { type: 'review', plan: NEW }, { type: 'pay' });
    rig.payments.decide(rig.payments.paymentIds[1] ?? '', 'succeeded');
    await ask(rig, { type: 'leave' });
    expect(checkout(rig)).toMatchObject({ step: 'done' });
  });

  test('a card is changed without paying, and removed', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'change_card' });
    expect(checkout(rig)).toMatchObject({ step: 'card', plan: null });
    await ask(rig, { type: 'give_test_card', card: { ...GOOD_CARD, number: '5555555555554444' } });
    expect(checkout(rig)).toMatchObject({ step: 'done', plan: null, card: { last4: '4444' } });
    await ask(rig, { type: 'leave' }, { type: 'remove_card' });
    expect(open(rig)).toMatchObject({ settings: { card: null }, isSaving: false, refusal: null });
    expect(rig.payments.chargedMicros).toEqual([]);
  });
});

describe('a reload in the middle', () => {
  test('takes the payment up where it stands', async () => {
    const first = await billingRig();
    await ask(first, { type: 'review', plan: NEW }, { type: 'pay' });
    await first.phone.close();
    const second = await billingRig(first);
    expect(checkout(second)).toMatchObject({ step: 'card', plan: NEW });
    await ask(second, { type: 'give_test_card', card: GOOD_CARD });
    expect(checkout(second)).toMatchObject({ step: 'done' });
    expect(second.payments.chargedMicros).toEqual([TWENTY_FIVE]);
  });

  test('tells of one that was paid meanwhile', async () => {
    const first = await billingRig();
    await ask(first, { type: 'review', plan: NEW }, { type: 'pay' });
    first.payments.decide(first.payments.paymentIds[0] ?? '', 'succeeded');
    const second = await billingRig(first);
    expect(checkout(second)).toMatchObject({ step: 'done', plan: NEW });
    expect(second.intents.kept.size).toBe(0);
  });

  test('asks the person again when the request never arrived, and pays under the same id', async () => {
    const first = await billingRig();
    const arrived = first.payments.startPayment;
    const asked: string[] = [];
    first.payments.startPayment = async ({ paymentId }) => {
      asked.push(paymentId);
      return refused(refusal('unavailable'));
    };
    await ask(first, { type: 'review', plan: SAVED }, { type: 'pay' });
    first.payments.startPayment = arrived;
    const second = await billingRig(first);
    expect(checkout(second)).toMatchObject({ step: 'review', plan: SAVED });
    await ask(second, { type: 'pay' });
    expect(second.payments.paymentIds).toEqual(asked);
  });

  test('what stands in the storage and is no payment is forgotten', async () => {
    for (const text of ['no json', '[]', '{"paymentId":1}', 'null']) {
      const intents = fakeIntents();
      intents.write(sampleMe().personId, text);
      expect(checkout(await billingRig({ intents })), text).toEqual({ step: 'none' });
    }
  });
});
