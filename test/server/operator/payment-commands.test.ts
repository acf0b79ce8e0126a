/** Payments by the operator's commands, beside a running server on the same data. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agreed, codeOf, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';
import { runOperator } from '../../support/run-operator.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
  // The commands live by the real clock.
  rig.office.clock.advance(Date.now() - rig.office.clock.nowMs());
});
afterEach(() => rig.close());

const operator = async (...words: string[]) => (await runOperator(rig.office.environment, words)).lines;

async function paid(card = GOOD_CARD): Promise<string> {
  const { payment } = await rig.payWithNewCard(card);
  await rig.deliverAll();
  return payment.paymentId;
}

const refund = (paymentId: string, change: Readonly<Record<string, string>> = {}) => {
  const options = { payment: paymentId, amount: '10', note: 'two phones were never used', id: 'refund-7', ...change };
  return operator('payments', 'refund', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]));
};

async function refundsAtProvider(): Promise<number> {
  const objects = await rig.office.store.db
    .selectFrom('simulated_object')
    .select('objectId')
    .where('kind', '=', 'refund')
    .execute();
  return objects.length;
}

describe('payments refund', () => {
  test('sends it once, takes the credit once, and the same words again change nothing', async () => {
    const paymentId = await paid();
    expect((await refund(paymentId)).join()).toMatch(
      /^10\.00 USD is on its way to the card \(sim_ref_\w+\); 10\.00 of/,
    );
    expect((await refund(paymentId)).join()).toMatch(/^10\.00 USD had been ordered before, nothing more is sent/);
    // The provider's own reports of it, and of everything before.
    await rig.fetchEvents();
    await rig.deliverAll((reports) => [...reports, ...reports]);
    expect([await rig.balance(), await refundsAtProvider()]).toEqual([15 * USD, 1]);
    expect(await rig.payment(paymentId)).toMatchObject({ returnedMicros: 10 * USD });
    expect((await operator('ledger', 'show', '--office', 'berlin', '--account', 'acme')).join('\n')).toMatch(
      new RegExp(`-10\\.00 +15\\.00 +payment_refund {2}${paymentId}`),
    );
  });

  test('at the same moment by two operators is one refund', async () => {
    const paymentId = await paid();
    await Promise.all([refund(paymentId), refund(paymentId)]);
    expect([await rig.balance(), await refundsAtProvider()]).toEqual([15 * USD, 1]);
  });

  test('of credit on account sends nothing: no card has paid it, and no keys are missing', async () => {
    await operator('billing', 'terms', '--account', 'acme', '--pay-by', 'invoice', '--ceiling', '100');
    const { paymentId } = agreed(await rig.pay({ payWith: 'invoice' })).payment;
    await expect(refund(paymentId)).rejects.toThrow('no card has paid it, it is on account. Nothing was sent back.');
    expect([await rig.balance(), await refundsAtProvider()]).toEqual([25 * USD, 0]);
  });

  test('of credit that was spent is owed', async () => {
    const paymentId = await paid();
    await rig.use(20 * USD);
    await refund(paymentId);
    expect([await rig.balance(), await rig.owed()]).toEqual([0, 5 * USD]);
  });

  test.each([
    ['another amount by the same id', { amount: '11' }, /"refund-7" was used for another refund before/],
    ['another reason by the same id', { note: 'other' }, /"refund-7" was used for another refund before/],
    ['more than is left', { amount: '15.01', id: 'refund-8' }, /no more can go back than was paid/],
    ['less than a cent', { amount: '0.005', id: 'refund-8' }, /USD has no such small amounts/],
    ['a negative amount', { amount: '-1', id: 'refund-8' }, /--amount is "-1"; expected an amount above zero/],
    ['text', { amount: 'ten', id: 'refund-8' }, /--amount is "ten"/],
    ['an id with spaces', { id: 'refund 8' }, /--id is "refund 8"/],
    ['no reason', { note: '', id: 'refund-8' }, /--note has 0 characters/],
    ['a payment that is not there', { payment: 'nobody-knows-it', id: 'refund-8' }, /there is no payment "nobody/],
    ['a payment of another account', { account: 'other', id: 'refund-8' }, /there is no payment/],
  ])('%s is refused, and nothing is sent', async (_what, change, sentence) => {
    const paymentId = await paid();
    await refund(paymentId);
    await expect(refund(paymentId, change)).rejects.toThrow(sentence);
    expect([await rig.balance(), await refundsAtProvider()]).toEqual([15 * USD, 1]);
  });

  test('never of a payment that is disputed, nor of one that was not paid', async () => {
    const paymentId = await paid('4000000000000259');
    await expect(refund(paymentId)).rejects.toThrow('it is disputed at the bank');
    const declined = await rig.payWithNewCard('4000000000000002');
    await rig.deliverAll();
    await expect(refund(declined.payment.paymentId)).rejects.toThrow('nothing was paid by it');
    expect(await refundsAtProvider()).toBe(0);
  });

  test('of a payment at Stripe needs the keys, and says so', async () => {
    const row = {
      ...(await rig.payment(await paid())),
      paymentId: 'payment-at-stripe',
      provider: 'stripe',
      version: 1,
    };
    await rig.office.store.writeRows([{ table: 'payment', mode: 'insert', row: { ...row, providerRef: 'pi_1' } }]);
    await expect(refund('payment-at-stripe')).rejects.toThrow(/^STRIPE_SECRET_KEY: /);
  });
});

describe('payments list', () => {
  test('shows each payment with what became of it', async () => {
    const paymentId = await paid();
    await refund(paymentId);
    await rig.payWithNewCard('4000000000009995');
    await rig.deliverAll();
    const lines = (await operator('payments', 'list', '--account', 'acme')).map((line) => line.split('\t'));
    const ofThis = lines.find((cells) => cells[2] === paymentId);
    expect(ofThis?.slice(1, 6)).toEqual(['berlin', paymentId, 'top_up', '25.00 USD', 'succeeded, 10.00 went back']);
    expect(lines.flat()).toContain('failed (insufficient_funds)');
    expect(lines.at(-1)).toEqual(['2 payments']);
    expect(await operator('payments', 'list', '--account', 'other')).toEqual(['0 payments']);
    await expect(operator('payments', 'list', '--account', 'nobody')).rejects.toThrow('there is no account "nobody"');
    await expect(operator('payments', 'list', '--account', 'acme', '--rows', '1e9')).rejects.toThrow('--rows is "1e9"');
  });

  test('--unexplained: what the provider tells otherwise than it was asked, and what nobody here began', async () => {
    await paid();
    const odd = await rig.payWithNewCard(GOOD_CARD);
    const row = await rig.payment(odd.payment.paymentId);
    const other = { ...row, amountMicros: 26 * USD, version: row.version + 1 };
    await rig.office.store.writeRows([{ table: 'payment', mode: 'next_version', row: other }]);
    const { customerRef } = await rig.payer();
    const ours = { paymentId: 'nobody-began-it', accountId: 'acme', customerRef, currency: 'USD', amountMinor: 700 };
    const stray = await rig.provider.createPayment({ ...ours, method: { kind: 'new_card', keepsCard: false } });
    await rig.giveCard(stray.outcome === 'answered' ? (stray.value.clientSecret ?? '') : '', GOOD_CARD);
    await rig.deliverAll();
    const lines = await operator('payments', 'list', '--account', 'acme', '--unexplained');
    expect(lines.filter((line) => line.includes('mismatch'))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(
      /payment_intent\.succeeded\tsimulated:sim_pay_\w+\ta payment of our customer that/,
    );
    expect(lines.at(-1)).toBe('1 payments');
  });
});

describe('payments sweep', () => {
  test('credits now what the servers would find in a minute, once', async () => {
    await rig.payWithNewCard(GOOD_CARD);
    rig.reports.length = 0;
    expect((await operator('payments', 'sweep')).join()).toMatch(
      /^simulated: \d+ open payments looked at, .* 0 reports/,
    );
    await operator('payments', 'sweep');
    await rig.later(120);
    expect([await rig.balance(), await rig.charges()]).toEqual([25 * USD, 1]);
  });

  test('has nothing to do where nobody has paid', async () => {
    expect(await operator('payments', 'sweep')).toEqual(['Nobody has paid by card yet.']);
  });
});

describe('accounts trial', () => {
  const wish = { isOn: true, thresholdMicros: 5 * USD, amountMicros: 25 * USD, monthlyLimitMicros: 100 * USD };
  const turnOn = () => rig.ask('saveAutoRecharge', { ...wish, hasConsented: true } as never);

  test('keeps auto-recharge off until it is over (F-23, scenario 56)', async () => {
    await rig.saveCard();
    await rig.office.addCredit(20 * USD);
    expect(await operator('accounts', 'trial', '--account', 'acme', '--until', '2999-12-31')).toEqual([
      'Account acme is on trial until the end of 2999-12-31 (UTC).',
    ]);
    expect(codeOf(await turnOn())).toBe('trial_account');
    expect(await operator('accounts', 'trial', '--account', 'acme', '--until', 'off')).toEqual([
      'Account acme is not on trial.',
    ]);
    rig.office.clock.advance(60_000);
    expect(agreed(await turnOn()).autoRecharge.isOn).toBe(true);
  });

  test.each(['2026-02-30', '2026-13-01', 'tomorrow', '31.12.2026', '', '2026-1-1'])('"%s" is no day', async (until) => {
    await expect(operator('accounts', 'trial', '--account', 'acme', '--until', until)).rejects.toThrow('--until is');
    expect(await rig.office.store.db.selectFrom('trial').selectAll().execute()).toEqual([]);
  });

  test('of an account that is not there is refused', async () => {
    const words = ['accounts', 'trial', '--account', 'nobody', '--until', 'off'];
    await expect(operator(...words)).rejects.toThrow('there is no account "nobody"');
  });
});
