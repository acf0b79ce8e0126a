import { expect, test } from 'vitest';
import { TEST_CARDS } from '../../../src/protocol/simulated-payment.ts';
import { PaymentRig } from '../../support/payment-rig.ts';
import { answerOf, describeProvider } from './provider-contract.ts';

describeProvider('the simulated provider', async () => {
  const rig = await PaymentRig.open();
  const { provider } = rig;
  return {
    provider,
    nowMs: () => rig.office.clock.nowMs(),
    giveCard: (clientSecret, number) => rig.giveCard(clientSecret, number),
    authenticate: async (clientSecret, isConfirmed) => {
      await provider.authenticate({ clientSecret, isConfirmed });
    },
    openDispute: (ref, options) => provider.openDispute(ref, options),
    closeDispute: (ref, returnedMinor) => provider.closeDispute(ref, { returnedMinor }),
    failRefund: (ref) => provider.failRefund(ref),
    lastReport: () => rig.reports.at(-1) ?? { body: '', signature: '' },
    close: () => rig.close(),
  };
});

test('only the documented test cards are taken', async () => {
  const rig = await PaymentRig.open();
  const request = {
    paymentId: 'a-payment-1',
    accountId: 'acme',
    customerRef: 'sim_cus_1',
    currency: 'USD',
    amountMinor: 500,
    method: { kind: 'new_card', keepsCard: false },
  } as const;
  const begun = answerOf(await rig.provider.createPayment(request));
  const answer = await rig.giveCard(begun.clientSecret ?? '', '4111111111111111');
  expect(answer).toEqual({ status: 'failed', message: 'Only the test cards are taken here.' });
  const stored = await rig.office.store.db.selectFrom('simulated_object').select('content').execute();
  expect(JSON.stringify(stored)).not.toContain('4111111111111111');
  expect(await rig.giveCard('sim_pay_0123_secret_guessed', '4242424242424242')).toBeNull();
  expect(TEST_CARDS.length).toBe(13);
  await rig.close();
});

test('it remembers everything when the server starts again', async () => {
  const rig = await PaymentRig.open();
  await rig.saveCard();
  const started = await rig.payWithNewCard('4000002760003184');
  await rig.office.restart();
  await rig.provider.authenticate({ clientSecret: started.step?.clientSecret ?? '', isConfirmed: true });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(25_000_000);
  await rig.close();
});

test.each([
  ['twice', 2],
  ['late', 1],
  ['reversed', 1],
  ['never', 0],
] as const)('reports come %s when it is told so', async (mode, times) => {
  const rig = await PaymentRig.open();
  await rig.provider.deliver(mode);
  await rig.payWithNewCard('4242424242424242');
  const succeeded = rig.reports.filter(({ body }) => body.includes('payment_intent.succeeded'));
  expect(succeeded.length).toBe(times);
  await rig.close();
});
