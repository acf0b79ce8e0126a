import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { ANN, DANA, LUIS, SAM, STRANGER } from '../../support/office-rig.ts';
import { agreed, codeOf, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

test('scenario 1: the saved card pays, the reply and then the report credit once (F-17, C-14, S-15)', async () => {
  await rig.saveCard();
  const { payment, step } = agreed(await rig.pay());
  expect(payment).toMatchObject({ status: 'succeeded', amountMicros: 25 * USD, byName: 'Dana Whitfield' });
  expect(payment.card).toEqual({ brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 });
  expect(step).toBeNull();
  await rig.deliverAll();
  expect(await rig.balance()).toBe(25 * USD);
  expect(rig.office.eventsOf('balance').at(-1)?.balance.balanceMicros).toBe(25 * USD);
  const events = rig.office.eventsOf('payment');
  expect(events.at(-1)?.payment).toMatchObject({ paymentId: payment.paymentId, status: 'succeeded' });
  const told = rig.office.told.filter(({ event }) => event.type === 'payment');
  expect(new Set(told.map(({ audience }) => audience.personId))).toEqual(new Set(['']));
});

test('scenario 2 and 21: the same report five times, and again later, credits once', async () => {
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  const report = rig.reports.at(-1);
  for (let time = 0; time < 5; time += 1) if (report) await rig.deliver(report);
  expect(await rig.balance()).toBe(25 * USD);
  await rig.later(60);
  expect(await rig.balance()).toBe(25 * USD);
  expect(await rig.payment(payment.paymentId)).toMatchObject({ status: 'succeeded' });
});

test('scenario 3: the report reaches another server before the reply reaches this one', async () => {
  await rig.saveCard();
  const other = rig.office.newServices().payments;
  const [mine] = await Promise.all([
    rig.pay(),
    (async () => {
      while (rig.reports.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await rig.deliver(rig.reports[0] ?? { body: '', signature: '' }, other);
    })(),
  ]);
  agreed(mine);
  expect(await rig.balance()).toBe(25 * USD);
});

test('scenario 4: reports in the wrong order end in the same state', async () => {
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  await rig.deliverAll((reports) => reports.toReversed());
  expect(await rig.payment(payment.paymentId)).toMatchObject({ status: 'succeeded' });
  expect(await rig.balance()).toBe(25 * USD);
});

test('scenario 5: reply and report are lost; the sweep credits, with one charge', async () => {
  await rig.saveCard();
  rig.faults.push('lost_after');
  const { payment } = agreed(await rig.pay());
  expect(payment.status).toBe('pending');
  expect(agreed(await rig.ask('paymentSettings', {})).comingMicros).toBe(25 * USD);
  expect(await rig.balance()).toBe(0);
  rig.reports.length = 0;
  await rig.later(61);
  expect(await rig.balance()).toBe(25 * USD);
  expect(await rig.charges()).toBe(1);
});

test('scenario 6: a time-out before the charge is sent again with the same key', async () => {
  await rig.saveCard();
  rig.faults.push('lost_before', 'lost_after');
  agreed(await rig.pay());
  await rig.later(61);
  expect(await rig.balance()).toBe(0);
  await rig.later(130);
  expect(await rig.balance()).toBe(25 * USD);
  expect(await rig.charges()).toBe(1);
});

test.each([
  'crash_after',
  'crash_before',
] as const)('scenarios 7 and 8: %s, and a server that starts on the same data credits, with one charge', async (fault) => {
  await rig.saveCard();
  rig.faults.push(fault);
  await expect(rig.pay()).rejects.toThrow('The server died');
  rig.reports.length = 0;
  await rig.office.restart();
  await rig.later(61);
  expect(await rig.balance()).toBe(25 * USD);
  expect(await rig.charges()).toBe(1);
});

test('scenario 9: what could not be sent for 20 hours is never sent', async () => {
  await rig.saveCard();
  rig.faults.push('lost_before');
  const { payment } = agreed(await rig.pay());
  await rig.later(20 * 3_600 + 1);
  expect(await rig.payment(payment.paymentId)).toMatchObject({ status: 'failed', failureKind: 'provider_unavailable' });
  await rig.later(3_600);
  expect([await rig.balance(), await rig.charges(), rig.createCount]).toEqual([0, 0, 0]);
});

test('scenario 11: a double click, and a reload in the middle, pay once', async () => {
  await rig.saveCard();
  const paymentId = randomUUID();
  const both = await Promise.all([rig.pay({ paymentId }), rig.pay({ paymentId })]);
  expect(both.map((outcome) => agreed(outcome).payment.paymentId)).toEqual([paymentId, paymentId]);
  const again = agreed(await rig.pay({ paymentId }));
  expect(again.payment.status).toBe('succeeded');
  expect([await rig.balance(), await rig.charges()]).toEqual([25 * USD, 1]);
});

test('scenario 12: the same id with another amount is refused; the first amount stands', async () => {
  await rig.saveCard();
  const paymentId = randomUUID();
  agreed(await rig.pay({ paymentId }));
  expect(codeOf(await rig.pay({ paymentId, amountMicros: micros(10 * USD) }))).toBe('id_reused');
  expect(codeOf(await rig.pay({ paymentId, payWith: 'new_card' }))).toBe('id_reused');
  expect(await rig.balance()).toBe(25 * USD);
});

test('two admins at once pay once: the second is told who pays', async () => {
  await rig.saveCard();
  rig.faults.push('lost_before');
  agreed(await rig.pay());
  const second = await rig.pay({}, { identity: { ...LUIS } });
  expect(second).toMatchObject({ ok: false, refusal: { code: 'payment_pending', byName: 'Dana Whitfield' } });
});

test('two admins with the same screen: the second learns that the first has paid', async () => {
  await rig.saveCard();
  const { lastPaymentId } = agreed(await rig.ask('paymentSettings', {}));
  const first = agreed(await rig.pay({ lastPaymentId }));
  const second = await rig.pay({ lastPaymentId }, { identity: LUIS });
  expect(second).toMatchObject({
    ok: false,
    refusal: { code: 'payment_meanwhile', paymentId: first.payment.paymentId, byName: 'Dana Whitfield' },
  });
  agreed(await rig.pay({ lastPaymentId: first.payment.paymentId }, { identity: LUIS }));
  expect(await rig.balance()).toBe(50 * USD);
});

test.each([
  ['4000000000000002', 'declined', 'new_card'],
  ['4000000000009995', 'insufficient_funds', 'later'],
  ['4000000000000069', 'expired', 'new_card'],
  ['4000000000000127', 'incorrect_cvc', 'new_card'],
  ['4000000000000119', 'processing', 'later'],
])('scenario 13: card %s does not pay (%s), nothing is credited (F-17)', async (number, kind, retry) => {
  const { payment } = await rig.payWithNewCard(number);
  const finished = agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
  expect(finished.payment).toMatchObject({ status: 'failed', failure: { kind, retry } });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(0);
});

test('a declined card can be replaced within the same payment, which charges once', async () => {
  const started = await rig.payWithNewCard('4000000000000002');
  const { paymentId } = started.payment;
  const declined = agreed(await rig.ask('finishPayment', { paymentId }));
  expect(declined.step?.kind).toBe('card');
  await rig.giveCard(declined.step?.clientSecret ?? '', GOOD_CARD);
  expect(agreed(await rig.ask('finishPayment', { paymentId })).payment.status).toBe('succeeded');
  expect([await rig.balance(), await rig.charges()]).toEqual([25 * USD, 1]);
});

test('scenario 18 and 64: authentication is abandoned, the page closed, and completed later without the page', async () => {
  const { payment, step } = await rig.payWithNewCard('4000002760003184');
  const asked = agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
  expect(asked).toMatchObject({ payment: { status: 'requires_action' }, step: { kind: 'authenticate' } });
  expect(await rig.balance()).toBe(0);
  await rig.provider.authenticate({ clientSecret: step?.clientSecret ?? '', isConfirmed: true });
  rig.reports.length = 0;
  await rig.later(61);
  expect(await rig.balance()).toBe(25 * USD);
});

test('scenario 19: authentication fails, then succeeds on the same payment', async () => {
  const { payment, step } = await rig.payWithNewCard('4000002760003184');
  const clientSecret = step?.clientSecret ?? '';
  await rig.provider.authenticate({ clientSecret, isConfirmed: false });
  await rig.deliverAll();
  expect(await rig.payment(payment.paymentId)).toMatchObject({
    status: 'failed',
    failureKind: 'authentication_failed',
  });
  expect(await rig.giveCard(clientSecret, '4000002760003184')).toMatchObject({ status: 'requires_action' });
  await rig.provider.authenticate({ clientSecret, isConfirmed: true });
  await rig.deliverAll((reports) => reports.toReversed());
  expect(await rig.payment(payment.paymentId)).toMatchObject({ status: 'succeeded', failureKind: null });
  expect(await rig.balance()).toBe(25 * USD);
});

test('scenario 52: the phone is switched off while the bank asks; what was paid is credited all the same', async () => {
  const { step } = await rig.payWithNewCard('4000002760003184');
  const { store } = rig.office;
  const account = await store.db
    .selectFrom('account')
    .selectAll()
    .where('accountId', '=', 'acme')
    .executeTakeFirstOrThrow();
  await store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, isPhoneEnabled: false } }]);
  await rig.provider.authenticate({ clientSecret: step?.clientSecret ?? '', isConfirmed: true });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(25 * USD);
});

test('what nobody finished for a day is given up at the provider, so that it cannot be charged any more', async () => {
  const started = agreed(await rig.pay({ payWith: 'new_card' }));
  await rig.later(25 * 3_600);
  expect(await rig.payment(started.payment.paymentId)).toMatchObject({ status: 'canceled', dueAtMs: null });
  const answer = await rig.giveCard(started.step?.clientSecret ?? '', GOOD_CARD);
  expect(answer?.status).toBe('canceled');
  expect(await rig.balance()).toBe(0);
});

test('what was given up is not looked at again, so that no number of such payments keeps the others waiting', async () => {
  const declined = await rig.payWithNewCard('4000000000000002');
  const setupId = randomUUID();
  agreed(await rig.ask('startCardSetup', { setupId }));
  for (let hour = 0; hour < 26; hour += 1) await rig.later(3_600);
  expect(await rig.payment(declined.payment.paymentId)).toMatchObject({ status: 'failed', dueAtMs: null });
  expect(await rig.payment(setupId)).toMatchObject({ status: 'card_needed', dueAtMs: null });
  const late = await rig.giveCard(declined.step?.clientSecret ?? '', GOOD_CARD);
  expect([late?.status, await rig.charges()]).toEqual(['canceled', 0]);
});

test('a payment that could not be given up, since the provider did not answer, is given up later', async () => {
  const declined = await rig.payWithNewCard('4000000000000002');
  for (let hour = 0; hour < 24; hour += 1) await rig.later(3_600);
  const cancel = vi
    .spyOn(rig.provider, 'cancelPayment')
    .mockResolvedValueOnce({ outcome: 'unknown', cause: 'time-out' });
  await rig.later(3_600);
  const { dueAtMs } = await rig.payment(declined.payment.paymentId);
  expect(dueAtMs).toBe(rig.office.clock.nowMs() + 3_600_000);
  await rig.later(3_600);
  expect(cancel).toHaveBeenCalledTimes(2);
  expect(await rig.payment(declined.payment.paymentId)).toMatchObject({ status: 'failed', dueAtMs: null });
});

test('a form that was left gives way to the next payment, and cannot be paid any more', async () => {
  await rig.saveCard();
  const left = agreed(await rig.pay({ payWith: 'new_card' }));
  expect(codeOf(await rig.pay({}, { identity: LUIS }))).toBe('payment_pending');
  agreed(await rig.pay());
  expect(await rig.payment(left.payment.paymentId)).toMatchObject({ status: 'canceled' });
  await rig.giveCard(left.step?.clientSecret ?? '', GOOD_CARD);
  await rig.deliverAll();
  expect([await rig.balance(), await rig.charges()]).toEqual([25 * USD, 1]);
});

test('"Change card and pay" charges the new card once, keeps it and forgets the old one (S-18)', async () => {
  await rig.saveCard();
  const before = await rig.payer();
  const { payment } = await rig.payWithNewCard('5555555555554444', { keepsCard: true });
  agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
  expect(agreed(await rig.ask('paymentSettings', {})).card).toMatchObject({ brand: 'mastercard', last4: '4444' });
  const old = await rig.provider.getCard({ cardRef: before.cardRef ?? '', customerRef: before.customerRef });
  expect(old).toEqual({ outcome: 'answered', value: null });
  expect(await rig.charges()).toBe(1);
});

test('a card that is not kept is not saved', async () => {
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  agreed(await rig.ask('finishPayment', { paymentId: payment.paymentId }));
  expect(agreed(await rig.ask('paymentSettings', {})).card).toBeNull();
  expect(codeOf(await rig.pay())).toBe('card_missing');
});

test("scenario 26: other people's payments are not there", async () => {
  await rig.saveCard();
  const { paymentId } = agreed(await rig.pay()).payment;
  for (const identity of [ANN, STRANGER]) {
    for (const name of ['payment', 'finishPayment', 'cancelPayment'] as const)
      expect(codeOf(await rig.ask(name, { paymentId }, { identity }))).toBe('payment_unknown');
    expect(agreed(await rig.ask('payments', {}, { identity })).payments).toEqual([]);
  }
  // The same id in another account is another payment.
  const theirs = agreed(
    await rig.pay({ paymentId, payWith: 'new_card' }, { identity: { ...STRANGER, role: 'billing' } }),
  );
  expect(theirs.payment.status).toBe('card_needed');
  expect(await rig.balance()).toBe(25 * USD);
});

test.each([
  [4_999_999, 'amount_out_of_bounds'],
  [5_000_000, null],
  [1_000_000_000, null],
  [1_000_010_000, 'amount_out_of_bounds'],
  [37_500_000, null],
  [37_505_000, 'amount_out_of_bounds'],
  [0, 'amount_out_of_bounds'],
])('scenario 25: %i micros: %s (S-09, L-08)', async (amountMicros, code) => {
  await rig.saveCard();
  const outcome = await rig.pay({ amountMicros: micros(amountMicros) });
  if (code === null) return void agreed(outcome);
  expect(codeOf(outcome)).toBe(code);
  expect(outcome).toMatchObject({ refusal: { errors: [{ field: '/amountMicros' }], leastMicros: 5 * USD } });
  expect(agreed(await rig.ask('payments', {})).payments).toEqual([]);
});

test('only the presets where the policy says so (F-15)', async () => {
  const { payments } = rig.office.policy;
  rig.office.policy = {
    ...rig.office.policy,
    payments: { ...payments, topUp: { ...payments.topUp, isOtherAmountAllowed: false } },
  };
  await rig.saveCard();
  expect(codeOf(await rig.pay({ amountMicros: micros(7 * USD) }))).toBe('amount_out_of_bounds');
  agreed(await rig.pay({ amountMicros: micros(5 * USD) }));
});

test('another currency than the one of the office is refused, and nothing is begun', async () => {
  await rig.saveCard();
  expect(await rig.pay({ currency: 'EUR' })).toMatchObject({ refusal: { code: 'currency_mismatch', currency: 'USD' } });
  expect(rig.createCount).toBe(0);
});

test('payments of the office are listed newest first, page by page', async () => {
  await rig.saveCard();
  const ids: string[] = [];
  for (let index = 0; index < 53; index += 1) {
    ids.unshift(agreed(await rig.pay({ amountMicros: micros(5 * USD) })).payment.paymentId);
    rig.office.clock.advance(1_000);
  }
  const first = agreed(await rig.ask('payments', {}));
  const second = agreed(await rig.ask('payments', { cursor: first.nextCursor ?? '' }));
  expect([...first.payments, ...second.payments].map(({ paymentId }) => paymentId)).toEqual(ids);
  expect(second.nextCursor).toBeNull();
});

test('a running call that had its last lease goes on when the credit arrives, and a blocked agent can call (scenario 63)', async () => {
  await rig.saveCard();
  expect((await rig.office.authorize('+4915123456789')).ok).toBe(false);
  agreed(await rig.pay({ amountMicros: micros(5 * USD) }));
  expect((await rig.office.authorize('+4915123456789', { identity: SAM })).ok).toBe(true);
  expect(DANA.role).toBe('billing');
});
