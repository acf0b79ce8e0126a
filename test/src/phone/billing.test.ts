/** The billing room behind the phone: plans become credit once, whatever happens on the way (S-15..S-18, C-13..C-15, L-10). */
import { describe, expect, test } from 'vitest';
import type { BillingSnapshot, BillingWish, Checkout, PaymentPlan } from '../../../src/phone/billing-snapshot.ts';
import { officeRefusal } from '../../../src/protocol/office-problem.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { samplePayment, samplePaymentSettings, VISA } from '../../support/payment-samples.ts';
import { settled } from '../../support/phone-clock.ts';
import { FakePaymentGate, fakeIntents, TWENTY_FIVE } from '../../support/phone-fake-payments.ts';
import { type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { until } from '../../support/phone-gate-server.ts';
import { sampleBalance, sampleMe } from '../../support/phone-samples.ts';

type Rig = PhoneRig & { readonly payments: FakePaymentGate; readonly intents: ReturnType<typeof fakeIntents> };

const SAVED: PaymentPlan = { amountMicros: TWENTY_FIVE, payWith: 'saved_card', keepsCard: false };
const NEW: PaymentPlan = { amountMicros: TWENTY_FIVE, payWith: 'new_card', keepsCard: true };
const GOOD_CARD = { number: '4242424242424242', expiryMonth: 9, expiryYear: 2030, cvc: '123' };

async function billingRig(
  world: { readonly payments?: FakePaymentGate; readonly intents?: ReturnType<typeof fakeIntents> } = {},
  role: 'agent' | 'billing' | 'company' = 'billing',
): Promise<Rig> {
  const { payments = new FakePaymentGate(), intents = fakeIntents() } = world;
  const rig = await phoneRig({
    prepare: ({ gate }) => {
      gate.me = async () => granted(sampleMe({ role }));
    },
    loadPayments: async () => ({ gate: payments, intents }),
  });
  if (role !== 'agent') await until(() => !['unopened', 'loading'].includes(rig.phone.snapshot.billing.state));
  await settled();
  return { ...rig, payments, intents };
}

function open(rig: PhoneRig): Extract<BillingSnapshot, { state: 'open' }> {
  const { billing } = rig.phone.snapshot;
  if (billing.state !== 'open') throw new Error(`Billing is ${billing.state}.`);
  return billing;
}

function checkout(rig: PhoneRig): Checkout {
  return open(rig).checkout;
}

async function ask(rig: PhoneRig, ...wishes: BillingWish[]): Promise<void> {
  for (const wish of wishes) {
    rig.phone.askBilling(wish);
    await settled();
  }
}

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
