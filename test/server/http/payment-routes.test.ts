import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../../server/storage/store.ts';
import { PAYMENT_ENDPOINTS } from '../../../src/protocol/payment-endpoints.ts';
import { WEBHOOK_PATH } from '../../../src/protocol/payment-routes.ts';
import { SIMULATED_PAYMENT_PATHS } from '../../../src/protocol/simulated-payment.ts';
import { type GateFixture, gateFixture } from '../../support/gate-fixture.ts';
import { GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

const WEBHOOK = WEBHOOK_PATH.replace(':provider', 'simulated');

let rig: PaymentRig;
let fixture: GateFixture;
let billing: string;
beforeEach(async () => {
  rig = await PaymentRig.open();
  const { payments } = rig.office.services;
  fixture = gateFixture({ dependencies: { payments, simulatedProvider: rig.provider }, clock: rig.office.clock });
  billing = await fixture.token({ sub: 'dana', account: 'acme', office: 'berlin', role: 'billing' });
});
afterEach(() => rig.close());

const wish = {
  paymentId: 'payment-0001',
  amountMicros: 25 * USD,
  currency: 'USD',
  payWith: 'new_card',
  keepsCard: false,
};

function post(path: string, body: unknown, headers?: Record<string, string>) {
  return fixture.send('POST', path, { token: billing, body, ...(headers ? { headers } : {}) });
}

test('scenario 55: an agent has none of the addresses (F-05, C-03, D-03)', async () => {
  const agent = await fixture.token({ sub: 'sam', account: 'acme', office: 'berlin', role: 'agent' });
  for (const { method, path } of Object.values(PAYMENT_ENDPOINTS)) {
    const address = path.replace(/:\w+/, 'payment-0001');
    const response = await fixture.send(method, address, { token: agent, ...(method === 'GET' ? {} : { body: {} }) });
    expect([path, response.status, (await response.json()).code]).toEqual([path, 403, 'role_forbidden']);
  }
});

test('an admin pays by the simulated provider, from the form to the report', async () => {
  const started = await (await post('/v1/payments', wish)).json();
  const { clientSecret } = started.step;
  const card = { clientSecret, number: GOOD_CARD, expiryMonth: 12, expiryYear: 2030, cvc: '123' };
  const given = await fixture.send('POST', SIMULATED_PAYMENT_PATHS.confirm, { token: null, body: card });
  expect(await given.json()).toEqual({ status: 'succeeded', message: null });
  const [report] = rig.reports.filter(({ body }) => body.includes('succeeded'));
  const taken = await fixture.send('POST', WEBHOOK, {
    token: null,
    body: report?.body ?? '',
    headers: { 'stripe-signature': report?.signature ?? '' },
  });
  expect(taken.status).toBe(200);
  await expect.poll(() => rig.balance()).toBe(25 * USD);
  const shown = await (await fixture.send('GET', '/v1/payments/payment-0001', { token: billing })).json();
  expect(shown).toMatchObject({ payment: { status: 'succeeded' }, step: null });
  expect(JSON.stringify(fixture.logLines)).not.toContain(clientSecret);
  expect(JSON.stringify(rig.office.told)).not.toContain(clientSecret);
});

describe('bad input is refused with field and reason, and no payment is made', () => {
  test.each([
    ['text', { amountMicros: 'abc' }, '/amountMicros'],
    ['a negative amount', { amountMicros: -5_000_000 }, '/amountMicros'],
    ['too much', { amountMicros: 1e15 }, '/amountMicros'],
    ['no number at all', { amountMicros: null }, '/amountMicros'],
    ['a fraction', { amountMicros: 5_000_000.5 }, '/amountMicros'],
    ['an id with a path', { paymentId: '../../x' }, '/paymentId'],
    ['an unknown way to pay', { payWith: 'cheque' }, '/payWith'],
    ['a currency that is none', { currency: 'dollars' }, '/currency'],
  ])('%s', async (_what, change, field) => {
    const response = await post('/v1/payments', { ...wish, ...change });
    const problem = await response.json();
    expect(response.status).toBe(422);
    expect(problem.errors[0]).toMatchObject({ field, reason: expect.stringMatching(/\w/) });
    expect(await rig.office.store.db.selectFrom('payment').selectAll().execute()).toEqual([]);
  });

  test('an amount that the policy does not allow', async () => {
    const response = await post('/v1/payments', { ...wish, amountMicros: 1_000_000_000 + 10_000 });
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { code: 'amount_out_of_bounds', whoCanFix: 'admin', mostMicros: 1_000_000_000 },
    ]);
  });
});

describe('reports', () => {
  const send = (body: string, signature = 't=1,v1=00') =>
    fixture.send('POST', WEBHOOK, { token: null, body, headers: { 'stripe-signature': signature } });

  test('an unsigned one is refused with 400', async () => {
    const response = await send('{}');
    expect([response.status, (await response.json()).code]).toEqual([400, 'webhook_invalid']);
  });

  test('scenario 49: a body over the limit is not read', async () => {
    const response = await send('x'.repeat(256 * 1024 + 1));
    expect([response.status, (await response.json()).code]).toEqual([413, 'body_too_large']);
  });

  test('scenario 57: when it cannot be stored it is not taken, so that it comes again', async () => {
    await rig.payWithNewCard(GOOD_CARD);
    const report = rig.reports.at(-1);
    const { writeRows } = rig.office.store;
    rig.office.store.writeRows = async () => {
      throw new UnavailableError('The disk is full');
    };
    expect((await send(report?.body ?? '', report?.signature)).status).toBe(503);
    rig.office.store.writeRows = writeRows.bind(rig.office.store);
    expect((await send(report?.body ?? '', report?.signature)).status).toBe(200);
    await expect.poll(() => rig.balance()).toBe(25 * USD);
  });

  test('of another provider than this server has, is not found', async () => {
    const path = WEBHOOK_PATH.replace(':provider', 'stripe');
    expect((await fixture.send('POST', path, { token: null, body: '{}' })).status).toBe(404);
  });
});

test('the simulated addresses are not there on a server with another provider', async () => {
  const other = gateFixture({ clock: rig.office.clock });
  for (const path of Object.values(SIMULATED_PAYMENT_PATHS))
    expect((await other.send('POST', path, { token: null, body: {} })).status).toBe(404);
});

test('a secret that is guessed gives nothing', async () => {
  const body = { clientSecret: 'sim_pay_00_secret_00', isConfirmed: true };
  const response = await fixture.send('POST', SIMULATED_PAYMENT_PATHS.authenticate, { token: null, body });
  expect([response.status, (await response.json()).code]).toEqual([404, 'payment_unknown']);
});
