/** The profile `freshcaller`: everything stops below 2.00, both ways; exactly 5, 10 or 25; auto-recharge when 5.00 is reached. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendMails } from '../../../server/mail/send-mails.ts';
import { createSmtpTransport } from '../../../server/mail/smtp-transport.ts';
import { mailRoom } from '../../../server/mail-of.ts';
import { AUSTRIA, DANA, ECHO, EMERGENCY, GERMAN_MOBILE, granted, SAM } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, OTHER_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';
import { runOperator } from '../../support/run-operator.ts';
import { SmtpServer } from '../../support/smtp-server.ts';

const DECLINED = '4000000000000002';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('freshcaller');
});
afterEach(() => rig.close());

test('F-03: credit is paid before any call, and the balance has a currency', async () => {
  await rig.payments.saveCard();
  agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
  expect(granted(await rig.office.services.handlers.balance(DANA, {}))).toMatchObject({
    currency: 'USD',
    balanceMicros: dollars(10),
  });
});

test('F-04: a number and a call are paid from the same balance, as debits of different kinds', async () => {
  await rig.haveCredit(10);
  expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 61 })).toBe(120_000);
  expect(await rig.debits()).toEqual([
    ['number_purchase', 1_000_000],
    ['outbound_call', 120_000],
  ]);
  expect(await rig.payments.balance()).toBe(dollars(10) - 1_120_000);
});

test('F-05: an agent cannot add credit; admins can', async () => {
  expect(await rig.mayAddCredit('agent')).toEqual([403, 403, 403, 403]);
  expect(await rig.payments.charges()).toBe(0);
  for (const role of ['billing', 'company'] as const) {
    expect((await rig.mayAddCredit(role)).filter((status) => status === 403)).toEqual([]);
  }
});

test('F-09: with low or no credit nobody in the account can call, neither agent nor admin', async () => {
  for (const credit of [1.99, 0]) {
    await rig.haveCredit(credit);
    const code = credit === 0 ? 'no_credit' : 'low_credit';
    for (const who of [SAM, DANA]) expect(await rig.callOut(GERMAN_MOBILE, who)).toBe(code);
    expect(await rig.callOut(AUSTRIA)).toBe(code);
  }
  expect(await rig.debits()).toEqual([['number_purchase', 1_990_000]]);
  // What costs nothing is no matter of credit.
  expect(await rig.callOut(ECHO)).toBe('granted');
  expect(await rig.callOut(EMERGENCY)).toBe('granted');
});

test('F-10: with low or no credit nobody in the account can be called; the attempt is kept', async () => {
  await rig.haveCredit(1.99);
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('low_credit');
  await rig.haveCredit(0);
  expect(await rig.callIn(TOLL_FREE)).toBe('no_credit');
  const { calls } = granted(await rig.office.services.handlers.calls(SAM, {}));
  expect(calls.map(({ direction, status }) => [direction, status])).toEqual([
    ['inbound', 'refused'],
    ['inbound', 'refused'],
  ]);
  expect(rig.office.eventsOf('missed_call')).toHaveLength(2);
  await rig.haveCredit(2);
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('rings');
});

test('F-11: with low or no credit no number can be bought, and nothing is debited', async () => {
  expect(await rig.buy(LOCAL_NUMBER)).toBe('no_credit');
  await rig.haveCredit(1.99);
  const path = `/v1/numbers/${encodeURIComponent(LOCAL_NUMBER)}/purchase`;
  const refused = await rig.http('billing', { method: 'POST', path, body: { purchaseId: crypto.randomUUID() } });
  expect([refused.status, refused.answer.code]).toEqual([402, 'low_credit']);
  expect(await rig.debits()).toEqual([]);
  await rig.haveCredit(2);
  expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
  // 1.00 is left, which would pay for another one.
  expect(await rig.buy(OTHER_NUMBER)).toBe('low_credit');
  // Whose number it is comes before what it costs.
  expect(await rig.buy(LOCAL_NUMBER)).toBe('number_taken');
});

test('F-11: a purchase that is sent again is answered as the first time, however little is left', async () => {
  await rig.haveCredit(2);
  const purchase = { number: LOCAL_NUMBER, purchaseId: crypto.randomUUID() };
  const first = granted(await rig.office.services.handlers.buyNumber(DANA, purchase));
  expect(granted(await rig.office.services.handlers.buyNumber(DANA, purchase))).toMatchObject({
    chargedMicros: first.chargedMicros,
    purchaseId: first.purchaseId,
  });
  expect(await rig.debits()).toHaveLength(1);
});

test('F-12: low is an amount: at 2.00 a call is allowed, at 1.99 it is "low", at 0.00 "empty"', async () => {
  await rig.haveCredit(2);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('granted');
  await rig.haveCredit(1.99);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('low_credit');
  await rig.haveCredit(0);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('no_credit');
});

test('F-13: the balance that an admin is shown is the one in the book', async () => {
  await rig.haveCredit(7.31);
  const shown = await rig.http('billing', { method: 'GET', path: '/v1/balance' });
  expect(shown.answer).toMatchObject({ balanceMicros: (await rig.office.wallet()).balance, currency: 'USD' });
});

test('F-15: the amounts are exactly 5, 10 and 25; 7 is refused with the field, and nothing is begun', async () => {
  const { topUp } = await rig.settings();
  expect([topUp.presetsMicros, topUp.isOtherAmountAllowed]).toEqual([[dollars(5), dollars(10), dollars(25)], false]);
  const refused = await rig.payOverHttp(dollars(7));
  expect([refused.status, refused.answer.code]).toEqual([422, 'amount_out_of_bounds']);
  expect(refused.answer.errors).toMatchObject([{ field: '/amountMicros' }]);
  expect(agreed(await rig.payments.ask('payments', {})).payments).toEqual([]);
  for (const amount of [5, 10, 25]) expect((await rig.payOverHttp(dollars(amount))).status).toBe(200);
});

test('F-17: a good card adds the amount, a declined one adds nothing and says why', async () => {
  await rig.payments.payWithNewCard(DECLINED, { amountMicros: dollars(10) });
  await rig.payments.deliverAll();
  expect(await rig.payments.balance()).toBe(0);
  const [declined] = agreed(await rig.payments.ask('payments', {})).payments;
  expect(declined).toMatchObject({ status: 'failed', failure: { kind: expect.any(String) } });
  await rig.payments.saveCard();
  agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
  expect(await rig.payments.balance()).toBe(dollars(10));
});

test('F-19: auto-recharge is off until somebody turns it on', async () => {
  await rig.payments.saveCard();
  expect((await rig.settings()).autoRecharge.isOn).toBe(false);
  await rig.haveCredit(10);
  expect(await rig.chargedAt(1)).toEqual([]);
});

test('F-20: at 5.01 the card is not charged; when 5.00 is reached it is, once', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(10);
  await rig.turnOnRecharge();
  expect(await rig.chargedAt(5.01)).toEqual([]);
  expect(await rig.chargedAt(5)).toEqual([25]);
  expect(await rig.payments.balance()).toBe(dollars(30));
  await rig.payments.later(3_600);
  expect(await rig.payments.charges()).toBe(1);
});

test('F-20: the 5 dollars are not for the admin to choose', async () => {
  await rig.payments.saveCard();
  const wish = { isOn: true, amountMicros: dollars(25), monthlyLimitMicros: dollars(100), hasConsented: true };
  const saved = await rig.payments.ask('saveAutoRecharge', { ...wish, thresholdMicros: dollars(6) });
  expect(codeOf(saved)).toBe('amount_out_of_bounds');
});

test('F-22: the amount counts from when it was saved, and a month never takes more than its limit', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge({ amountMicros: dollars(10), monthlyLimitMicros: dollars(20) });
  expect((await rig.settings()).autoRecharge.mostInMonthMicros).toBe(dollars(20));
  expect(await rig.chargedAt(4)).toEqual([10]);
  expect(await rig.chargedAt(4)).toEqual([10]);
  expect(await rig.chargedAt(4)).toEqual([]);
});

test('F-23: not during a trial', async () => {
  await rig.payments.saveCard();
  const endsAtMs = rig.office.clock.nowMs() + 1_000;
  await rig.office.store.writeRows([{ table: 'trial', mode: 'insert', row: { accountId: 'acme', endsAtMs } }]);
  const { autoRecharge } = await rig.settings();
  expect(autoRecharge.cannotTurnOn).toBe('trial');
  const { thresholdMicros, amountMicros, monthlyLimitMicros } = autoRecharge;
  const body = { isOn: true, thresholdMicros, amountMicros, monthlyLimitMicros, hasConsented: true };
  const path = '/v1/payment-settings/auto-recharge';
  const refused = await rig.http('billing', { method: 'PUT', path, body });
  expect([403, 409]).toContain(refused.status);
  expect(refused.answer.code).toBe('trial_account');
});

test('F-08: each destination has a rate that everybody may look up, by country or by number', async () => {
  const look = async (search: string) => {
    const { status, answer } = await rig.http('agent', { method: 'GET', path: `/v1/rates?search=${search}` });
    expect(status).toBe(200);
    return answer.rates;
  };
  for (const search of ['germany', '%2B4915'])
    expect(await look(search)).toMatchObject([{ destination: 'Germany, mobile', steps: [{ priceMicros: 60_000 }] }]);
  expect(await look('atlantis')).toEqual([]);
});

test('F-24: the receipt of a payment goes once to the admin who paid, with number, day and amount', async () => {
  const smtp = await SmtpServer.start();
  try {
    const { store, clock } = rig.office;
    const room = mailRoom({ store, clock, log: (message) => rig.office.logged.push(message) });
    const transport = createSmtpTransport({ url: smtp.url, from: 'billing@phone.test', timeoutMs: 5_000 });
    granted(await rig.office.services.handlers.me({ ...DANA, email: 'dana@acme.test' }, {}));
    await rig.payments.saveCard();
    agreed(await rig.payments.pay({ amountMicros: dollars(10) }));
    await rig.payments.deliverAll();
    for (let round = 0; round < 3; round += 1) {
      await rig.payments.later(120);
      await sendMails({ ...room, transport });
    }
    expect(smtp.taken.map(({ to }) => to)).toEqual([['dana@acme.test']]);
    // Lines that the encoding has broken are whole again (RFC 2045, section 6.7).
    const message = smtp.taken[0]?.message.replaceAll('=\r\n', '') ?? '';
    for (const fact of ['acme-000001', '$10.00', 'paid on 2026-01-15']) expect(message).toContain(fact);
  } finally {
    await smtp.close();
  }
});

test('F-25: what was paid by wire is booked by the operator, once, with the note in the ledger', async () => {
  const add = ['credit', 'add', '--account', 'acme', '--office', 'berlin', '--amount', '250', '--id', 'wire-1'];
  const book = () => runOperator(rig.office.environment, [...add, '--note', 'wire of 3 March']);
  await book();
  await book();
  expect(await rig.payments.balance()).toBe(dollars(250));
  const entries = await rig.office.store.db
    .selectFrom('entry')
    .select(['amountMicros', 'reference'])
    .where('accountId', '=', 'acme')
    .where('ledgerAccount', '=', 'wallet')
    .execute();
  expect(entries).toEqual([{ amountMicros: dollars(250), reference: 'wire of 3 March' }]);
});

test('F-27: a number that the credit is too low for says so, until there is enough', async () => {
  await rig.haveCredit(1.99);
  expect((await rig.inShop(LOCAL_NUMBER))?.refusal).toMatchObject({ code: 'low_credit', neededMicros: dollars(2) });
  await rig.haveCredit(2);
  expect((await rig.inShop(LOCAL_NUMBER))?.refusal).toBeNull();
});
