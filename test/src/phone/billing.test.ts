/** The billing room behind the phone: whom it is for, what changes elsewhere, requests, offices. */
import { describe, expect, test } from 'vitest';
import type { PaymentPlan } from '../../../src/phone/billing-snapshot.ts';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { samplePayment, samplePaymentSettings, VISA } from '../../support/payment-samples.ts';
import { ask, billingRig, checkout, GOOD_CARD, open, SAVED } from '../../support/phone-billing-rig.ts';
import { settled } from '../../support/phone-clock.ts';
import { FakePaymentGate, fakeIntents, TWENTY_FIVE } from '../../support/phone-fake-payments.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { sampleBalance, sampleMe } from '../../support/phone-samples.ts';

describe('who it is for', () => {
  test('F-05, C-03: an agent loads nothing of it and asks nothing of the server', async () => {
    let isLoaded = false;
    const rig = await phoneRig({
      loadPayments: async () => {
        isLoaded = true;
        return { gate: new FakePaymentGate(), intents: fakeIntents() };
      },
    });
    await ask(rig, { type: 'open' });
    rig.gate.sayPayment({ type: 'payment', payment: {} });
    await settled();
    expect([isLoaded, rig.phone.snapshot.billing.state]).toEqual([false, 'unopened']);
  });

  test('an admin has it as soon as he is known, and "off" where the server takes no payments', async () => {
    expect(open(await billingRig()).settings.card?.last4).toBe('4242');
    for (const code of ['not_found', 'role_forbidden'] as const) {
      const payments = new FakePaymentGate();
      payments.settings = async () => refused(refusal(code));
      expect((await billingRig({ payments })).phone.snapshot.billing).toEqual({ state: 'off' });
    }
    const payments = new FakePaymentGate();
    payments.shownSettings = samplePaymentSettings({ provider: null });
    expect((await billingRig({ payments })).phone.snapshot.billing).toEqual({ state: 'off' });
  });

  test('says why it cannot be opened, and opens when it is asked again', async () => {
    const payments = new FakePaymentGate();
    payments.lostAnswers = 1;
    const rig = await billingRig({ payments });
    expect(rig.phone.snapshot.billing).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
    await ask(rig, { type: 'open' });
    expect(checkout(rig)).toEqual({ step: 'none' });
  });
});

describe('what changes elsewhere', () => {
  test('C-14: a payment of somebody else is on its way here too', async () => {
    const rig = await billingRig();
    rig.payments.shownSettings = samplePaymentSettings({ comingMicros: TWENTY_FIVE });
    rig.gate.sayPayment({ type: 'payment', payment: { what: 'a newer server says' } });
    await rig.clock.advance(200);
    expect(open(rig).settings.comingMicros).toBe(TWENTY_FIVE);
  });

  test('C-11, S-13: auto-recharge is as the server has saved it, and the refusal is shown', async () => {
    const rig = await billingRig();
    const { thresholdMicros, amountMicros, monthlyLimitMicros } = open(rig).settings.autoRecharge;
    const settings = { isOn: true, thresholdMicros, amountMicros, monthlyLimitMicros, hasConsented: true };
    await ask(rig, { type: 'save_auto_recharge', settings });
    expect(open(rig)).toMatchObject({ settings: { autoRecharge: { isOn: true } }, isSaving: false, refusal: null });
    await ask(rig, { type: 'save_auto_recharge', settings: { ...settings, hasConsented: false } });
    expect(open(rig)).toMatchObject({
      settings: { autoRecharge: { isOn: true } },
      refusal: { code: 'request_invalid' },
    });
  });
});

describe("an agent's request", () => {
  const ASKED = { requestId: 'request-1', officeId: sampleMe().office.officeId };

  test('2.3 no. 7: the payment that was made for it answers it, once, with what was paid', async () => {
    const rig = await billingRig();
    const answers: unknown[] = [];
    rig.gate.answerCreditRequest = async (requestId, answer) => {
      answers.push([requestId, answer]);
      return refused(refusal('not_found'));
    };
    await ask(rig, { type: 'answer_request', asked: ASKED });
    expect(open(rig).answering).toBe('request-1');
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    await ask(rig, { type: 'leave' }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(answers).toEqual([['request-1', { state: 'granted', words: null, addedMicros: TWENTY_FIVE }]]);
    expect(open(rig).answering).toBeNull();
  });

  test('nothing is granted by a payment that failed, or after somebody has left', async () => {
    const rig = await billingRig();
    const answers: string[] = [];
    rig.gate.answerCreditRequest = async (requestId) => {
      answers.push(requestId);
      return refused(refusal('not_found'));
    };
    rig.payments.shownSettings = samplePaymentSettings({ card: { ...VISA, last4: '0002' } });
    await ask(rig, { type: 'answer_request', asked: ASKED }, { type: 'open' });
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect([checkout(rig).step, answers]).toEqual(['failed', []]);
    await ask(rig, { type: 'leave' }, { type: 'answer_request', asked: null });
    await ask(rig, { type: 'review', plan: { ...SAVED, payWith: 'new_card' } }, { type: 'pay' });
    await ask(rig, { type: 'give_test_card', card: GOOD_CARD });
    expect([checkout(rig).step, answers]).toEqual(['done', []]);
  });

  test('2.3 no. 7: one click pays with the saved card and answers; a second click pays nothing more', async () => {
    const rig = await billingRig();
    const answers: string[] = [];
    rig.gate.answerCreditRequest = async (requestId, { state }) => {
      answers.push(`${requestId} ${state}`);
      return refused(refusal('not_found'));
    };
    const wish = { type: 'grant_request', asked: ASKED, plan: SAVED } as const;
    rig.phone.askBilling(wish);
    await ask(rig, wish);
    expect([checkout(rig).step, rig.payments.chargedMicros, answers]).toEqual([
      'done',
      [TWENTY_FIVE],
      ['request-1 granted'],
    ]);
    await ask(rig, { type: 'leave' }, { ...wish, asked: { ...ASKED, officeId: 'elsewhere' } });
    expect([checkout(rig).step, rig.payments.chargedMicros]).toEqual(['none', [TWENTY_FIVE]]);
  });

  test('of an office that cannot be chosen here is not answered by paying for another one', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'answer_request', asked: { ...ASKED, officeId: 'elsewhere' } });
    expect(open(rig).answering).toBeNull();
  });

  test('outlives a reload together with its payment, and only then', async () => {
    const payments = new FakePaymentGate();
    payments.isBankSlow = true;
    const intents = fakeIntents();
    const before = await billingRig({ payments, intents });
    await ask(before, { type: 'answer_request', asked: ASKED }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(open(await billingRig({ payments, intents })).answering).toBe('request-1');
    const other = fakeIntents();
    await ask(await billingRig({ intents: other }), { type: 'answer_request', asked: ASKED });
    expect(open(await billingRig({ intents: other })).answering).toBeNull();
  });
});

describe('payments that were seen to succeed', () => {
  test('are named once, whether the answer or the stream is first, and not again when they are paid back', async () => {
    const rig = await billingRig();
    const named: (string | undefined)[] = [];
    let last: string | undefined;
    rig.phone.subscribe(({ billing }) => {
      const now = billing.state === 'open' ? billing.lastPaid?.paymentId : undefined;
      if (now !== last) named.push(now);
      last = now;
    });
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'pay' });
    const [paymentId = ''] = rig.payments.paymentIds;
    const event = rig.payments.decide(paymentId, 'succeeded');
    rig.gate.sayPayment(event);
    rig.gate.sayPayment({
      type: 'payment',
      payment: samplePayment({ paymentId: 'payment-old', returnedMicros: TWENTY_FIVE }),
    });
    rig.gate.sayPayment({
      type: 'payment',
      payment: samplePayment({ paymentId: 'payment-auto', kind: 'auto_recharge' }),
    });
    await settled();
    expect(named).toEqual([paymentId, 'payment-auto']);
  });
});

describe('offices (D-12, D-13)', () => {
  const own = sampleMe().office.officeId;
  const OTHER_PLAN: PaymentPlan = { ...SAVED };

  async function companyRig(intents = fakeIntents(), payments = new FakePaymentGate()) {
    const berlin = payments.others.get('berlin') ?? new FakePaymentGate();
    berlin.officeId = 'berlin';
    berlin.shownBalance = sampleBalance({ officeId: 'berlin', walletId: 'berlin' });
    payments.others.set('berlin', berlin);
    payments.shownOffices = [
      { officeId: 'berlin', name: 'Berlin' },
      { officeId: own, name: 'Own' },
    ];
    const rig = await billingRig({ payments, intents }, 'company');
    return { ...rig, berlin };
  }

  test('the role billing learns of no other office and can choose none', async () => {
    const rig = await billingRig();
    await ask(rig, { type: 'choose_office', officeId: 'berlin' });
    expect([rig.phone.snapshot.offices, rig.payments.log.includes('offices')]).toEqual([
      { choices: [], other: null },
      false,
    ]);
  });

  test('the chosen office has its own balance and payments, and what is paid is its credit', async () => {
    const rig = await companyRig();
    const before = rig.phone.snapshot.balance;
    await ask(rig, { type: 'choose_office', officeId: 'berlin' }, { type: 'list_payments' });
    expect(rig.phone.snapshot.offices.other).toMatchObject({ officeId: 'berlin', balance: { walletId: 'berlin' } });
    expect(rig.phone.snapshot.balance).toBe(before);
    await ask(rig, { type: 'review', plan: OTHER_PLAN }, { type: 'pay' });
    expect([rig.berlin.chargedMicros, rig.payments.chargedMicros]).toEqual([[TWENTY_FIVE], []]);
    const { list } = open(rig);
    expect(list.state === 'full' && list.payments.map(({ officeId }) => officeId)).toEqual(['berlin']);
  });

  test('D-13: another office that is shown is followed on a stream of its own, and no longer than it is shown', async () => {
    const rig = await companyRig();
    await ask(rig, { type: 'choose_office', officeId: 'berlin' });
    const [listener = () => undefined] = rig.berlin.listeners;
    const heard = (facts: Parameters<typeof sampleBalance>[0]) =>
      listener({
        type: 'server',
        event: { type: 'balance', balance: sampleBalance({ walletId: 'berlin', ...facts }) },
      });
    const shown = () => rig.phone.snapshot.offices.other?.balance?.balanceMicros;
    const ownBalance = rig.phone.snapshot.balance;
    heard({ officeId: 'berlin', version: 9, balanceMicros: micros(7) });
    expect(shown()).toBe(7);
    heard({ officeId: 'berlin', version: 8, balanceMicros: micros(5) });
    heard({ officeId: own, version: 10, balanceMicros: micros(3) });
    expect([shown(), rig.phone.snapshot.balance]).toEqual([7, ownBalance]);
    rig.berlin.shownSettings = samplePaymentSettings({ comingMicros: TWENTY_FIVE });
    listener({ type: 'payment', content: { type: 'payment', payment: samplePayment({ officeId: 'berlin' }) } });
    await rig.clock.advance(200);
    expect(open(rig).settings.comingMicros).toBe(TWENTY_FIVE);
    await ask(rig, { type: 'choose_office', officeId: own });
    expect(rig.berlin.listeners.size).toBe(0);
    await ask(rig, { type: 'choose_office', officeId: 'berlin' });
    await rig.phone.close();
    expect(rig.berlin.listeners.size).toBe(0);
  });

  test('nobody changes the office while something is paid', async () => {
    const rig = await companyRig();
    await ask(rig, { type: 'review', plan: SAVED }, { type: 'choose_office', officeId: 'berlin' });
    expect([rig.phone.snapshot.offices.other, checkout(rig).step]).toEqual([null, 'review']);
  });

  test('L-10: what a reload interrupted at one office is never taken up for another', async () => {
    const payments = new FakePaymentGate();
    const intents = fakeIntents();
    const before = await companyRig(intents, payments);
    before.berlin.isBankSlow = true;
    await ask(before, { type: 'choose_office', officeId: 'berlin' }, { type: 'review', plan: SAVED }, { type: 'pay' });
    expect(checkout(before).step).toBe('pending');
    const after = await companyRig(intents, payments);
    expect(checkout(after)).toEqual({ step: 'none' });
    await ask(after, { type: 'choose_office', officeId: 'berlin' });
    expect(checkout(after).step).toBe('pending');
    expect(after.berlin.paymentIds).toHaveLength(1);
  });

  test('goes back to the own office, and a late answer of the other one changes nothing', async () => {
    const rig = await companyRig();
    const late = Promise.withResolvers<Awaited<ReturnType<FakePaymentGate['settings']>>>();
    rig.berlin.settings = () => late.promise;
    await ask(rig, { type: 'choose_office', officeId: 'berlin' });
    expect(rig.phone.snapshot.billing).toEqual({ state: 'loading' });
    await ask(rig, { type: 'choose_office', officeId: own });
    late.resolve(granted(samplePaymentSettings({ officeId: 'berlin', card: null })));
    await settled();
    expect([rig.phone.snapshot.offices.other, open(rig).settings.card?.last4]).toEqual([null, '4242']);
  });
});
