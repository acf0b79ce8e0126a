import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPaymentClient } from '../../../src/gate/payment-client.ts';
import { micros } from '../../../src/protocol/money.ts';
import type { Payment } from '../../../src/protocol/payment.ts';
import { PAYMENT_ENDPOINTS } from '../../../src/protocol/payment-endpoints.ts';
import { paymentRefusal } from '../../../src/protocol/payment-problem.ts';
import { samplePaymentSettings } from '../../support/payment-samples.ts';
import { PhoneTestClock } from '../../support/phone-clock.ts';
import { answerJson, answerProblem, PhoneGateServer } from '../../support/phone-gate-server.ts';

const PAYMENT: Payment = {
  paymentId: 'payment-0001',
  officeId: 'office-1',
  kind: 'top_up',
  status: 'succeeded',
  amountMicros: micros(25_000_000),
  currency: 'USD',
  byName: 'Dana',
  card: null,
  failure: null,
  returnedMicros: micros(0),
  availableMicros: null,
  createdAtMs: 1,
  changedAtMs: 2,
  version: 3,
};
const REQUEST = {
  paymentId: PAYMENT.paymentId,
  amountMicros: PAYMENT.amountMicros,
  currency: 'USD',
  payWith: 'saved_card',
  keepsCard: false,
  lastPaymentId: null,
} as const;

let server: PhoneGateServer;
let clock: PhoneTestClock;

beforeEach(async () => {
  server = await new PhoneGateServer().start();
  clock = new PhoneTestClock();
});
afterEach(() => server.stop());

function client() {
  return createPaymentClient({
    gateUrl: server.url,
    token: () => 'token-1',
    clock,
    random: () => 0,
    log: () => undefined,
  });
}

async function moved<T>(answer: Promise<T>): Promise<T> {
  let isThere = false;
  void answer.finally(() => {
    isThere = true;
  });
  while (!isThere) await clock.advance(50);
  return answer;
}

describe('the payment addresses', () => {
  test('are asked as the contract says, with the token in a header', async () => {
    const gate = client();
    server.script = (_request, response) => answerJson(response, samplePaymentSettings());
    expect(await gate.settings()).toEqual({ ok: true, value: samplePaymentSettings() });
    server.script = (_request, response) => answerJson(response, { payment: PAYMENT, step: null });
    expect(await moved(gate.startPayment(REQUEST))).toEqual({ ok: true, value: { payment: PAYMENT, step: null } });
    await moved(gate.finishPayment('payment-0001'));
    const { paymentSettings, startPayment } = PAYMENT_ENDPOINTS;
    expect(server.heard.map(({ method, address }) => `${method} ${address}`)).toEqual([
      `GET ${paymentSettings.path}`,
      `POST ${startPayment.path}`,
      'POST /v1/payments/payment-0001/finish',
    ]);
    expect(server.heard[1]?.body).toEqual(REQUEST);
    expect(server.heard.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true);
  });

  test('a lost answer is asked for again with the very same words, until it is there', async () => {
    let asked = 0;
    server.script = (_request, response) => {
      asked += 1;
      if (asked < 3) response.destroy();
      else answerJson(response, { payment: PAYMENT, step: null });
    };
    expect(await moved(client().startPayment(REQUEST))).toMatchObject({ ok: true });
    expect(server.heard.map(({ body }) => body)).toEqual([REQUEST, REQUEST, REQUEST]);
  });

  test('refusals of payments and those of every address come back as what they are', async () => {
    const refused = paymentRefusal('payment_meanwhile', { byName: 'Luis', paymentId: 'payment-0002' });
    server.script = (_request, response) =>
      response
        .writeHead(409, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: '/problems/payment_meanwhile', title: 'A title', status: 409, ...refused }));
    expect(await client().startPayment(REQUEST)).toEqual({ ok: false, refusal: refused });
    server.script = (_request, response) => answerProblem(response, { code: 'role_forbidden', status: 403 });
    expect(await client().settings()).toMatchObject({ ok: false, refusal: { code: 'role_forbidden' } });
    server.script = (_request, response) => void response.writeHead(200).end('{"provider":"none"}');
    expect(await client().settings()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(server.heard).toHaveLength(3);
  });

  test('a card is given once: nobody knows what a second time would do', async () => {
    server.script = (_request, response) => response.destroy();
    const card = { clientSecret: 's', number: '4242424242424242', expiryMonth: 9, expiryYear: 2030, cvc: '123' };
    expect(await client().giveTestCard(card)).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(server.heard.map(({ address }) => address)).toEqual(['/v1/simulated-payments/confirm']);
  });

  test('reads the events of the stream that are payments, and only those', () => {
    expect(client().readPaymentEvent({ type: 'payment', payment: PAYMENT })).toEqual(PAYMENT);
    for (const content of [
      null,
      'payment',
      {},
      { type: 'payment' },
      { type: 'payment', payment: { ...PAYMENT, amountMicros: -1 } },
    ])
      expect(client().readPaymentEvent(content)).toBeNull();
  });
});
