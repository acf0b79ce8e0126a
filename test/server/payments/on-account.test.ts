/** Accounts that pay by invoice (REQUIREMENTS D-14, D-15): credit now, no card, a line on the next invoice, and a ceiling. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { invoiceContentSchema } from '../../../server/invoices/invoice-content.ts';
import { nextInvoiceDateMs } from '../../../server/payments/invoice-date.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ANN } from '../../support/office-rig.ts';
import { agreed, codeOf, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;

beforeEach(async () => {
  rig = await PaymentRig.open();
  await setTerms(100 * USD);
});

afterEach(async () => {
  await rig.close();
});

async function setTerms(ceilingMicros: number, isInvoiced = true): Promise<void> {
  const row = {
    accountId: 'acme',
    isInvoiced,
    ceilingMicros,
    openMicros: 0,
    isConfirmationNeeded: false,
    buyerLines: '["1 High Street"]',
    version: 1,
  };
  await rig.office.store.writeRows([{ table: 'billing_terms', mode: 'upsert', row }]);
}

async function openMicros(): Promise<number> {
  return (await rig.office.store.db.selectFrom('billing_terms').selectAll().executeTakeFirstOrThrow()).openMicros;
}

const ANN_BILLING = { ...ANN, role: 'billing' as const };

describe('D-15: an invoiced account', () => {
  test('is told what is open, what may be, and when the invoice comes; "on account" is a way to pay', async () => {
    agreed(await rig.pay({ payWith: 'invoice' }));
    expect(agreed(await rig.ask('paymentSettings', {})).onAccount).toEqual({
      openMicros: 25 * USD,
      ceilingMicros: 100 * USD,
      invoicedAtMs: Date.UTC(2026, 0, 31, 23),
    });
    expect(rig.createCount).toBe(0);
  });

  test('the same wish twice is one line, whatever it says of the way to pay the second time', async () => {
    const paymentId = randomUUID();
    agreed(await rig.pay({ paymentId, payWith: 'invoice' }));
    agreed(await rig.pay({ paymentId, payWith: 'invoice' }));
    expect([await rig.balance(), await openMicros()]).toEqual([25 * USD, 25 * USD]);
  });

  test('an account without such terms gets nothing on account, and no card is charged in its place', async () => {
    await setTerms(0, false);
    await rig.saveCard();
    const refused = await rig.pay({ payWith: 'invoice' });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'credit_ceiling', mostMicros: 0 } });
    expect([await rig.balance(), rig.createCount]).toEqual([0, 0]);
    expect(agreed(await rig.ask('paymentSettings', {}))).not.toHaveProperty('onAccount');
  });

  test('gets its credit at once, without a card, and one invoice with all lines when the next month begins', async () => {
    const first = agreed(await rig.pay());
    expect(first).toMatchObject({ step: null, payment: { status: 'succeeded', card: null, byName: 'Dana Whitfield' } });
    expect(await rig.balance()).toBe(25 * USD);
    agreed(await rig.pay({ payWith: 'new_card', amountMicros: micros(10 * USD) }));
    agreed(await rig.pay({ amountMicros: micros(5 * USD) }, { identity: ANN_BILLING }));
    expect(rig.createCount).toBe(0);
    await rig.later(16 * 86_400);
    expect(agreed(await rig.ask('invoices', {})).invoices).toEqual([]);
    // 15 January at noon; in Berlin February begins at 23:00 UTC on the 31st.
    await rig.later(11 * 3_600);
    const rows = await rig.office.store.db.selectFrom('invoice').selectAll().orderBy('invoiceNumber').execute();
    const papers = rows.map(({ content }) => invoiceContentSchema.parse(JSON.parse(content)));
    expect(papers.map(({ kind, day, amountMicros, buyerLines }) => ({ kind, day, amountMicros, buyerLines }))).toEqual(
      expect.arrayContaining([
        { kind: 'invoice', day: '2026-02-01', amountMicros: 35 * USD, buyerLines: ['acme', 'Berlin', '1 High Street'] },
        { kind: 'invoice', day: '2026-02-01', amountMicros: 5 * USD, buyerLines: ['acme', 'Austin', '1 High Street'] },
      ]),
    );
    expect(papers).toHaveLength(2);
    expect(
      papers.find(({ amountMicros }) => amountMicros === 35 * USD)?.lines.map(({ text, day }) => `${day} ${text}`),
    ).toEqual([
      '2026-01-15 Phone credit on account, by Dana Whitfield',
      '2026-01-15 Phone credit on account, by Dana Whitfield',
    ]);
    await rig.later(40 * 86_400);
    expect(await rig.office.store.db.selectFrom('invoice').select('invoiceNumber').execute()).toHaveLength(2);
  });

  test('the same request again adds nothing; another amount under its id is refused', async () => {
    const wish = { paymentId: randomUUID() };
    await Promise.all([rig.pay(wish), rig.pay(wish), rig.pay(wish)]);
    agreed(await rig.pay(wish));
    expect(codeOf(await rig.pay({ ...wish, amountMicros: micros(5 * USD) }))).toBe('id_reused');
    expect(await rig.balance()).toBe(25 * USD);
    expect(await openMicros()).toBe(25 * USD);
  });

  test('two admins who see the same shortage add once', async () => {
    const { payment } = agreed(await rig.pay({ lastPaymentId: null }));
    expect(codeOf(await rig.pay({ lastPaymentId: null }))).toBe('payment_meanwhile');
    agreed(await rig.pay({ lastPaymentId: payment.paymentId }));
  });

  test('never passes its ceiling, with thirty requests at once from two offices on two servers', async () => {
    const other = rig.office.newServices().payments;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const start = {
          paymentId: randomUUID(),
          amountMicros: micros(10 * USD),
          currency: 'USD',
          payWith: 'saved_card',
          keepsCard: false,
        } as const;
        const who = index % 3 === 0 ? { identity: ANN_BILLING } : index % 3 === 1 ? { service: other } : {};
        return rig.ask('startPayment', start, who);
      }),
    );
    const added = answers.filter(({ ok }) => ok).length;
    expect(added).toBe(10);
    expect(await openMicros()).toBe(100 * USD);
    expect((await rig.balance()) + (await rig.balance('austin'))).toBe(100 * USD);
    const refused = await rig.pay();
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'credit_ceiling', mostMicros: 0, currency: 'USD' } });
    expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({
      onAccount: { openMicros: 100 * USD, ceilingMicros: 100 * USD },
    });
  });

  test('amounts keep the bounds of the policy and the currency of the account', async () => {
    expect(codeOf(await rig.pay({ amountMicros: micros(1) }))).toBe('amount_out_of_bounds');
    expect(codeOf(await rig.pay({ currency: 'EUR' }))).toBe('currency_mismatch');
    expect(await rig.balance()).toBe(0);
  });
});

describe('the next invoice date', () => {
  test.each([
    ['2026-01-15T12:00:00Z', 'Europe/Berlin', '2026-01-31T23:00:00.000Z'],
    ['2026-03-31T21:59:59Z', 'Europe/Berlin', '2026-03-31T22:00:00.000Z'],
    ['2026-03-31T22:00:00Z', 'Europe/Berlin', '2026-04-30T22:00:00.000Z'],
    ['2026-12-31T23:59:59Z', 'UTC', '2027-01-01T00:00:00.000Z'],
    ['2026-12-15T00:00:00Z', 'Pacific/Kiritimati', '2026-12-31T10:00:00.000Z'],
    ['2026-12-15T00:00:00Z', 'Pacific/Pago_Pago', '2027-01-01T11:00:00.000Z'],
    ['2026-06-15T00:00:00Z', 'Asia/Kathmandu', '2026-06-30T18:15:00.000Z'],
  ])('%s in %s: %s', (now, timeZone, next) => {
    expect(new Date(nextInvoiceDateMs(Date.parse(now), timeZone)).toISOString()).toBe(next);
  });
});
