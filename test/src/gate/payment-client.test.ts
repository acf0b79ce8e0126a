import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPaymentClient, type PaymentClientOptions } from '../../../src/gate/payment-client.ts';
import { micros } from '../../../src/protocol/money.ts';
import { officeRefusal } from '../../../src/protocol/office-problem.ts';
import type { Payment } from '../../../src/protocol/payment.ts';
import { PAYMENT_ENDPOINTS } from '../../../src/protocol/payment-endpoints.ts';
import { samplePaper, samplePaymentSettings } from '../../support/payment-samples.ts';
import { PhoneTestClock } from '../../support/phone-clock.ts';
import { answerJson, answerProblem, PhoneGateServer, until } from '../../support/phone-gate-server.ts';

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

function client(more: Pick<PaymentClientOptions, 'download'> = {}) {
  return createPaymentClient({
    ...more,
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
    const refused = officeRefusal('payment_meanwhile', { byName: 'Luis', paymentId: 'payment-0002' });
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

  test('F-24: a receipt is fetched with the token, which no link could carry, and handed over under its name', async () => {
    const saved: string[] = [];
    const gate = client({
      download: ({ name, content }) => void saved.push(`${name} ${content.size} ${content.type}`),
    });
    server.script = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-');
    expect(await gate.savePaper('acme-000001')).toEqual({ ok: true, value: null });
    expect(saved).toEqual(['acme-000001.pdf 5 application/pdf']);
    expect(server.heard[0]).toMatchObject({ method: 'GET', address: '/v1/invoices/acme-000001.pdf' });
    expect(server.heard[0]?.headers.authorization).toBe('Bearer token-1');
  });

  test('a hostile name stays in its place, and a receipt that is not there is none', async () => {
    const saved: string[] = [];
    const gate = client({ download: ({ name }) => void saved.push(name) });
    server.script = (_request, response) => answerProblem(response, { code: 'not_found', status: 404 });
    expect(await gate.savePaper('../me?x=')).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
    server.script = (_request, response) => void response.writeHead(502).end('<html>');
    expect(await gate.savePaper('acme-000001')).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    server.script = (_request, response) => response.destroy();
    expect(await gate.savePaper('acme-000001')).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(server.heard[0]?.address).toBe('/v1/invoices/..%2Fme%3Fx%3D.pdf');
    expect(saved).toEqual([]);
  });

  test('an expired token is asked for again before a receipt is given up', async () => {
    const saved: string[] = [];
    const gate = client({ download: ({ name }) => void saved.push(name) });
    server.script = (_request, response) =>
      server.heard.length === 1
        ? answerProblem(response, { code: 'token_expired', status: 401 })
        : void response.writeHead(200).end('%PDF-');
    expect(await gate.savePaper('acme-000001')).toMatchObject({ ok: true });
    expect(saved).toEqual(['acme-000001.pdf']);
  });

  test('pages of payments and papers are asked for by their cursor', async () => {
    const gate = client();
    server.script = (_request, response) => answerJson(response, { payments: [PAYMENT], nextCursor: '1:a b' });
    expect(await gate.payments(null)).toEqual({ ok: true, value: { payments: [PAYMENT], nextCursor: '1:a b' } });
    await gate.payments('1:a b');
    server.script = (_request, response) => answerJson(response, { invoices: [samplePaper()], nextCursor: null });
    expect(await gate.invoices('7')).toMatchObject({ ok: true });
    expect(server.heard.map(({ address }) => address)).toEqual([
      '/v1/payments',
      '/v1/payments?cursor=1%3Aa+b',
      '/v1/invoices?cursor=7',
    ]);
  });

  test('D-13: another office is named with every question, also when it is repeated; the own one with none', async () => {
    const gate = client();
    const other = gate.ofOffice('berlin');
    server.script = (_request, response) =>
      server.heard.length === 1 ? response.destroy() : answerJson(response, { payment: PAYMENT, step: null });
    await moved(other.startPayment(REQUEST));
    await client({ download: () => undefined })
      .ofOffice('berlin')
      .savePaper('acme-000001');
    await gate.payment('payment-0001');
    expect(server.heard.map(({ headers }) => headers['x-office'])).toEqual(['berlin', 'berlin', 'berlin', undefined]);
  });

  test('D-13: another office is followed on a stream that names it, until nobody looks any more', async () => {
    const heard: string[] = [];
    let isClosed = false;
    server.script = (_request, response) => {
      response.on('close', () => {
        isClosed = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`id: 1\ndata: ${JSON.stringify({ type: 'payment', payment: PAYMENT })}\n\n`);
    };
    const unfollow = client()
      .ofOffice('berlin')
      .follow((event) => heard.push(event.type));
    await until(() => heard.includes('payment'));
    unfollow();
    await until(() => isClosed);
    expect(server.heard.map(({ address, headers }) => [address, headers['x-office']])).toEqual([
      ['/v1/events', 'berlin'],
    ]);
  });

  test('D-24: a card check is begun and looked at again when an answer is lost; a guess, which may cost a try, is asked once', async () => {
    const check = {
      checkId: 'check-0001',
      status: 'waiting',
      triesLeft: 3,
      card: null,
      step: null,
      failure: null,
      leastMicros: 1_010_000,
      mostMicros: 1_990_000,
      currency: 'USD',
    };
    server.script = (_request, response) =>
      server.heard.length % 2 === 1 ? response.destroy() : answerJson(response, check);
    expect(await moved(client().startCardCheck('check-0001'))).toMatchObject({ ok: true, value: check });
    expect(await moved(client().cardCheck('check-0001'))).toMatchObject({ ok: true });
    const guess = { checkId: 'check-0001', amountMicros: micros(1_370_000) };
    expect(await moved(client().guessCardCheck(guess))).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(server.heard.map(({ address }) => address)).toEqual([
      '/v1/card-checks',
      '/v1/card-checks',
      '/v1/card-checks/check-0001',
      '/v1/card-checks/check-0001',
      '/v1/card-checks/check-0001/guess',
    ]);
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
