/** Whichever button an admin adds credit by, whoever has asked for it is answered (S-05). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CreditRequest } from '../../../src/protocol/account.ts';
import { type Micros, micros } from '../../../src/protocol/money.ts';
import { ANN, DANA, KIM, LUIS, SAM } from '../../support/office-rig.ts';
import { agreed, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

async function ask(requestId: string, identity = SAM): Promise<CreditRequest> {
  const outcome = await rig.office.services.handlers.askForCredit(identity, { requestId, reason: '' });
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value;
}

interface Press {
  readonly creditId: string;
  readonly amountMicros: Micros;
}

async function added(press: Press, identity = DANA): Promise<void> {
  expect(await rig.office.services.handlers.addPlayCredit(identity, press)).toMatchObject({ ok: true });
}

function answer(requestId: string, state: 'seen' | 'granted' | 'declined', identity = DANA) {
  const words = { requestId, state, words: null, addedMicros: null };
  return rig.office.services.handlers.answerCreditRequest(identity, words);
}

async function requestOf(requestId: string): Promise<CreditRequest | undefined> {
  const outcome = await rig.office.services.handlers.creditRequests(LUIS, {});
  return outcome.ok ? outcome.value.requests.find((request) => request.requestId === requestId) : undefined;
}

/** What was told of it after the question itself. */
function answersTold(requestId: string): readonly CreditRequest[] {
  return rig.office
    .eventsOf('credit_request')
    .map(({ request }) => request)
    .filter((request) => request.requestId === requestId && request.state !== 'asked');
}

describe('S-05: credit that an admin adds', () => {
  test('answers everybody of the office who has asked and waits, and tells each of them once', async () => {
    await rig.saveCard();
    await ask('asked-by-sam');
    await ask('asked-by-kim', KIM);
    await answer('asked-by-kim', 'seen');
    const paymentId = randomUUID();
    agreed(await rig.pay({ paymentId }));
    await rig.deliverAll();
    agreed(await rig.pay({ paymentId }));
    const done = { state: 'granted', answeredByName: 'Dana Whitfield', addedMicros: 25 * USD, words: null };
    expect(await requestOf('asked-by-sam')).toMatchObject(done);
    expect(await requestOf('asked-by-kim')).toMatchObject(done);
    expect(answersTold('asked-by-sam')).toMatchObject([done]);
    expect(answersTold('asked-by-kim')).toMatchObject([{ state: 'seen' }, done]);
  });

  test('by a form that only the report finishes answers when the money is there, not before', async () => {
    await ask('asked-by-sam');
    await rig.payWithNewCard('4242424242424242');
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'asked' });
    await rig.deliverAll();
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'granted', addedMicros: 25 * USD });
    expect(answersTold('asked-by-sam')).toHaveLength(1);
  });

  test('that the bank declines answers nobody', async () => {
    await ask('asked-by-sam');
    await rig.payWithNewCard('4000000000000002');
    await rig.deliverAll();
    expect(await rig.balance()).toBe(0);
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'asked', answeredByName: null });
  });

  test('as play credit answers too, and the same press again answers no question that came later', async () => {
    await ask('asked-by-sam');
    const press = { creditId: 'press-0001', amountMicros: micros(5 * USD) };
    await added(press);
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'granted', addedMicros: 5 * USD });
    await ask('asked-by-kim', KIM);
    await added(press);
    expect(await requestOf('asked-by-kim')).toMatchObject({ state: 'asked' });
    expect(answersTold('asked-by-sam')).toHaveLength(1);
  });

  test('on account answers too', async () => {
    const terms = { accountId: 'acme', isInvoiced: true, ceilingMicros: 100 * USD, openMicros: 0, version: 1 };
    const row = { ...terms, isConfirmationNeeded: false, buyerLines: '[]' };
    await rig.office.store.writeRows([{ table: 'billing_terms', mode: 'upsert', row }]);
    await ask('asked-by-sam');
    agreed(await rig.pay({ payWith: 'invoice' }));
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'granted', addedMicros: 25 * USD });
    expect(answersTold('asked-by-sam')).toHaveLength(1);
  });

  test('answers nobody of another office, and nobody who has been declined', async () => {
    await rig.saveCard();
    await ask('asked-by-ann', ANN);
    await ask('asked-by-sam');
    await answer('asked-by-sam', 'declined');
    agreed(await rig.pay());
    expect(await requestOf('asked-by-ann')).toMatchObject({ state: 'asked' });
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'declined' });
  });

  test('is for the office that it was added to: the admin of the company adds elsewhere, too', async () => {
    await ask('asked-by-ann', ANN);
    await ask('asked-by-sam');
    const press = { creditId: 'press-0001', amountMicros: micros(5 * USD) };
    await added(press, { ...LUIS, officeId: 'austin' });
    expect(await requestOf('asked-by-ann')).toMatchObject({ state: 'granted', answeredByName: 'Luis Ortega' });
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'asked' });
  });

  test('is not taken back by an admin who says "not now" to a banner that is still there', async () => {
    await rig.saveCard();
    await ask('asked-by-sam');
    agreed(await rig.pay());
    expect(await answer('asked-by-sam', 'declined', LUIS)).toMatchObject({ ok: true, value: { state: 'granted' } });
    expect(await answer('asked-by-sam', 'granted', LUIS)).toMatchObject({
      value: { answeredByName: 'Dana Whitfield' },
    });
    expect(answersTold('asked-by-sam')).toHaveLength(1);
  });

  test('by auto-recharge answers nobody: no admin has decided it', async () => {
    await rig.saveCard();
    await rig.office.addCredit(20 * USD);
    await rig.turnOnRecharge();
    await ask('asked-by-sam');
    await rig.use(19 * USD);
    rig.office.clock.advance(3_600_000);
    await rig.lookAtRecharges();
    expect(await rig.balance()).toBe(26 * USD);
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'asked' });
  });

  test('that cannot be written leaves the question open; the same press again answers it', async () => {
    await ask('asked-by-sam');
    const { applyBatch } = rig.office.store;
    rig.office.store.applyBatch = async () => {
      throw new Error('disk full');
    };
    const press = { creditId: 'press-0001', amountMicros: micros(5 * USD) };
    await expect(rig.office.services.handlers.addPlayCredit(DANA, press)).rejects.toThrow('disk full');
    expect([await requestOf('asked-by-sam'), answersTold('asked-by-sam')]).toMatchObject([{ state: 'asked' }, []]);
    rig.office.store.applyBatch = applyBatch.bind(rig.office.store);
    await added(press);
    expect(await requestOf('asked-by-sam')).toMatchObject({ state: 'granted' });
  });
});
