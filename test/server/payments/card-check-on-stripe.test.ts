/** Card confirmation where the provider matters: on the real SDK of Stripe, over HTTP (REQUIREMENTS D-24; scenarios 42 and 43). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStripeProvider } from '../../../server/payments/stripe-provider.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { LocalStripe, STRIPE_KEY, WEBHOOK_SECRET } from '../../support/local-stripe/local-stripe.ts';
import { DANA, OfficeRig } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';

let office: OfficeRig;
let stripe: LocalStripe;

beforeEach(async () => {
  office = await OfficeRig.open();
  stripe = await LocalStripe.open(() => office.clock.nowMs());
  office.paymentProvider = () =>
    createStripeProvider({
      secretKey: STRIPE_KEY,
      publishableKey: 'pk_test_local',
      webhookSecret: WEBHOOK_SECRET,
      address: stripe.address,
      networkRetries: 0,
    });
  office.services = office.newServices();
  const setupId = randomUUID();
  const setup = agreed(await handlers().startCardSetup(DANA, { setupId }));
  stripe.state.giveCard(setup.step?.clientSecret ?? '', '4242424242424242');
  agreed(await handlers().finishCardSetup(DANA, { setupId }));
}, 60_000);

afterEach(async () => {
  expect(await ledgerFaults(office.store)).toEqual([]);
  expect((await office.wallet()).balance).toBe(0);
  await stripe.close();
  await office.close();
});

const handlers = () => office.services.payments.handlers;
const posts = (path: string) => stripe.requests.filter((request) => request.method === 'POST' && request.path === path);

async function reportEverything(): Promise<void> {
  for (const event of [...stripe.state.events]) {
    await office.services.payments.takeReport({ provider: 'stripe', ...stripe.signed(event) });
  }
  await office.services.payments.works.find(({ name }) => name === 'payments/inbox')?.work();
  const open = await office.store.db
    .selectFrom('payment_event')
    .select(['eventId', 'problem'])
    .where('doneAtMs', 'is', null)
    .execute();
  expect(open).toEqual([]);
}

test('one charge with its own words on the statement and a key of ours; right amount, one refund, no credit', async () => {
  const checkId = randomUUID();
  agreed(await handlers().startCardCheck(DANA, { checkId }));
  agreed(await handlers().startCardCheck(DANA, { checkId }));
  expect(posts('/v1/payment_intents')).toHaveLength(1);
  const [charge] = posts('/v1/payment_intents');
  expect(charge?.key).toBe(`pay:acme:${checkId}`);
  expect(charge?.params).toMatchObject({
    statement_descriptor_suffix: 'CARD CHECK',
    description: 'Card check',
    metadata: { payment_id: checkId, account_id: 'acme' },
  });
  await reportEverything();
  const amountMinor = Number(charge?.params.amount);
  const guess = { checkId, amountMicros: micros(amountMinor * 10_000) };
  expect(agreed(await handlers().guessCardCheck(DANA, guess)).status).toBe('confirmed');
  await reportEverything();
  await reportEverything();
  expect(posts('/v1/refunds').map(({ params }) => Number(params.amount))).toEqual([amountMinor]);
  expect(await office.store.db.selectFrom('entry').selectAll().execute()).toEqual([]);
  expect(office.logged.join()).not.toContain('not one of ours');
});

test('twenty wrong guesses at once: three are counted, one refund, the right one refused', async () => {
  const checkId = randomUUID();
  agreed(await handlers().startCardCheck(DANA, { checkId }));
  const right = Number(posts('/v1/payment_intents')[0]?.params.amount);
  const wrong = Array.from({ length: 21 }, (_, index) => 110 + index)
    .filter((amount) => amount !== right)
    .slice(0, 20);
  const answers = await Promise.all(
    wrong.map((amount) => handlers().guessCardCheck(DANA, { checkId, amountMicros: micros(amount * 10_000) })),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
  const after = await handlers().guessCardCheck(DANA, { checkId, amountMicros: micros(right * 10_000) });
  expect(codeOf(after)).toBe('card_check_locked');
  await reportEverything();
  expect(new Set(posts('/v1/refunds').map(({ key }) => key)).size).toBe(1);
  expect(stripe.state.refunds.size).toBe(1);
});
