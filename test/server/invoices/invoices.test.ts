/** Numbered receipts, invoices and credit notes (REQUIREMENTS F-24): one for each payment, in a row without gaps, equal to the book. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { invoiceContentSchema } from '../../../server/invoices/invoice-content.ts';
import { invoiceTaskWrite } from '../../../server/invoices/invoice-task.ts';
import { issueInvoices } from '../../../server/invoices/issue-invoices.ts';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { policyInForce } from '../../../server/policy/policies.ts';
import type { InvoiceRow } from '../../../server/storage/rows.ts';
import type { Store } from '../../../server/storage/store.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ANN, DANA, LUIS, STRANGER } from '../../support/office-rig.ts';
import { agreed, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;

beforeEach(async () => {
  rig = await PaymentRig.open();
});

afterEach(async () => {
  await rig.close();
});

async function papers(accountId = 'acme'): Promise<readonly InvoiceRow[]> {
  return await rig.office.store.db
    .selectFrom('invoice')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('invoiceNumber')
    .execute();
}

const contentOf = (row: InvoiceRow | undefined) => invoiceContentSchema.parse(JSON.parse(row?.content ?? ''));
const sumOf = (rows: readonly { readonly amountMicros: number }[]) =>
  rows.reduce((sum, row) => sum + row.amountMicros, 0);

function roomOf() {
  const { store, clock } = rig.office;
  const log = (message: string, facts: object) => rig.office.logged.push(`${message} ${JSON.stringify(facts)}`);
  return { store, clock, policy: policyInForce(() => DEFAULT_POLICIES), log };
}

function task(count: number, change: { readonly accountId?: string; readonly amountMicros?: number } = {}) {
  return invoiceTaskWrite({
    accountId: 'acme',
    officeId: 'berlin',
    walletId: 'berlin',
    taskId: `test:${count}`,
    kind: 'top_up',
    amountMicros: USD,
    currency: 'USD',
    reference: `pay-${count}`,
    atMs: rig.office.clock.nowMs(),
    ...change,
  });
}

describe('a payment', () => {
  test('has one receipt with number, date, amount, seller, buyer and card, and one mail', async () => {
    await rig.saveCard();
    const { payment } = agreed(await rig.pay());
    await rig.deliverAll();
    await rig.later(1);
    await rig.later(1);
    const [receipt, ...others] = await papers();
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({
      invoiceNumber: 1,
      kind: 'receipt',
      amountMicros: 25 * USD,
      taxMicros: 0,
      currency: 'USD',
    });
    expect(contentOf(receipt)).toMatchObject({
      name: 'acme-000001',
      day: '2026-01-15',
      sellerLines: ['Phone credit'],
      buyerLines: ['acme', 'Berlin'],
      tax: null,
      lines: [
        { text: 'Phone credit, Visa ...4242, by Dana Whitfield', amountMicros: 25 * USD, reference: payment.paymentId },
      ],
    });
    const mails = await rig.office.store.db.selectFrom('mail').select(['mailId', 'officeId', 'state']).execute();
    expect(mails).toEqual([{ mailId: 'paper:1', officeId: 'berlin', state: 'waiting' }]);
  });

  test('that failed, or is only under way, has none', async () => {
    await rig.payWithNewCard('4000000000000002');
    await rig.deliverAll();
    await rig.later(1);
    expect(await papers()).toEqual([]);
    expect(await rig.office.store.db.selectFrom('invoice_task').selectAll().execute()).toEqual([]);
  });

  test('is on paper even if the server dies between paying and numbering', async () => {
    await rig.saveCard();
    agreed(await rig.pay());
    expect(await papers()).toEqual([]);
    await rig.office.restart();
    await rig.later(1);
    expect(await papers()).toHaveLength(1);
  });

  test('auto-recharge says why it charged, as REQUIREMENTS 2.3 no. 4 words it', async () => {
    await rig.saveCard();
    await rig.office.addCredit(4_960_000);
    await rig.use(0);
    await rig.turnOnRecharge();
    await rig.later(1);
    await rig.later(1);
    const [receipt] = await papers();
    expect(contentOf(receipt).lines[0]?.text).toBe(
      'Phone credit, auto-recharge because credit fell to $4.96, Visa ...4242',
    );
  });
});

describe('money that goes back', () => {
  test('refunds and disputes have credit notes; all papers together are what was paid and not returned', async () => {
    await rig.saveCard();
    const first = agreed(await rig.pay());
    await rig.deliverAll();
    await rig.later(60);
    const second = agreed(await rig.pay({ amountMicros: micros(10 * USD) }));
    await rig.deliverAll();
    // Spent before it is refunded: what cannot be taken is owed, and the paper is about the whole refund all the same.
    await rig.use(30 * USD);
    const ref = await rig.refOf(first.payment.paymentId);
    await rig.provider.refund({ refundId: 'r1', paymentRef: ref, amountMinor: 700 });
    await rig.provider.refund({ refundId: 'r2', paymentRef: ref, amountMinor: 300 });
    await rig.deliverAll();
    const dispute = await rig.provider.openDispute(await rig.refOf(second.payment.paymentId));
    await rig.deliverAll();
    await rig.provider.closeDispute(dispute, { returnedMinor: 400 });
    await rig.deliverAll((reports) => [...reports, ...reports]);
    await rig.later(1);
    const all = await papers();
    expect(all.map(({ kind, amountMicros }) => `${kind} ${amountMicros / USD}`).sort()).toEqual([
      'credit_note -10',
      'credit_note -3',
      'credit_note -7',
      'receipt 10',
      'receipt 25',
      'receipt 4',
    ]);
    const entries = await rig.office.store.db
      .selectFrom('entry')
      .select('amountMicros')
      .where('accountId', '=', 'acme')
      .where('ledgerAccount', 'in', ['simulated', 'payment_returns'])
      .execute();
    expect(sumOf(all)).toBe(-sumOf(entries) - (await rig.owed()));
    expect(await rig.owed()).toBeGreaterThan(0);
  });
});

describe('numbers', () => {
  test('have no gaps in an account when four servers number at once; accounts do not share them', async () => {
    const count = 40;
    for (let index = 0; index < count; index += 1) await rig.office.store.writeRows([task(index)]);
    await rig.office.store.writeRows([task(1, { accountId: 'other' })]);
    await Promise.all([1, 2, 3, 4].map(() => issueInvoices(roomOf())));
    const numbers = (await papers()).map(({ invoiceNumber }) => invoiceNumber);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect((await papers('other')).map(({ invoiceNumber }) => invoiceNumber)).toEqual([1]);
    const tasks = await rig.office.store.db
      .selectFrom('invoice_task')
      .selectAll()
      .where('accountId', '=', 'acme')
      .execute();
    expect(new Set(tasks.map(({ invoiceNumber }) => invoiceNumber)).size).toBe(count);
    expect(tasks.every(({ dueAtMs }) => dueAtMs === null)).toBe(true);
    expect(rig.office.logged).toEqual([]);
  });

  test('one that another server takes at the last moment is left to it, and the next one is taken', async () => {
    await rig.office.store.writeRows([task(1)]);
    const { store } = rig.office;
    let isFirst = true;
    const hurried: Store = {
      ...store,
      db: store.db,
      writeRows: async (writes) => {
        const paper = writes.find(({ table }) => table === 'invoice');
        if (isFirst && paper) await store.writeRows([paper]);
        isFirst = false;
        return await store.writeRows(writes);
      },
    };
    await issueInvoices({ ...roomOf(), store: hurried });
    expect((await papers()).map(({ invoiceNumber }) => invoiceNumber)).toEqual([1, 2]);
    const done = await store.db.selectFrom('invoice_task').select(['dueAtMs', 'invoiceNumber']).execute();
    expect(done).toEqual([{ dueAtMs: null, invoiceNumber: 2 }]);
  });

  test('a task of an office that is gone keeps no other from its paper, and is told', async () => {
    await rig.office.store.writeRows([task(1, { accountId: 'nobody' })]);
    await rig.office.store.writeRows([task(2)]);
    await issueInvoices(roomOf());
    expect(await papers()).toHaveLength(1);
    expect(rig.office.logged[0]).toContain('could not be made');
  });

  test('an issued paper cannot be changed or deleted, by nobody', async () => {
    await rig.office.store.writeRows([task(1)]);
    await issueInvoices(roomOf());
    const [row] = await papers();
    if (!row) throw new Error('There is no paper');
    const write = rig.office.store.writeRows([{ table: 'invoice', mode: 'upsert', row: { ...row, amountMicros: 1 } }]);
    await expect(write).rejects.toThrow('never changed');
    expect(await papers()).toEqual([row]);
  });
});

describe('who may see them', () => {
  beforeEach(async () => {
    await rig.saveCard(GOOD_CARD);
    agreed(await rig.pay());
    await rig.deliverAll();
    await rig.later(1);
  });

  test('billing those of its office, company those of the account, with a PDF each', async () => {
    const page = agreed(await rig.ask('invoices', {}));
    const [paid] = agreed(await rig.ask('payments', {})).payments;
    expect(page).toMatchObject({
      // The payment's own id: the list of payments finds its receipts by it.
      invoices: [{ name: 'acme-000001', kind: 'receipt', officeId: 'berlin', reference: paid?.paymentId }],
      nextCursor: null,
    });
    const pdf = await rig.service.invoiceFile(DANA, 'acme-000001');
    expect(pdf?.subarray(0, 5).toString()).toBe('%PDF-');
    const company = { ...LUIS, officeId: 'austin' };
    expect(agreed(await rig.ask('invoices', {}, { identity: company })).invoices).toHaveLength(1);
    expect(await rig.service.invoiceFile(company, 'acme-000001')).toEqual(pdf);
  });

  test.each([
    ['another office', { ...ANN, role: 'billing' as const }, 'acme-000001'],
    ['another account', { ...STRANGER, role: 'company' as const }, 'acme-000001'],
    ['another account that names its own', { ...STRANGER, role: 'company' as const }, 'other-000001'],
    ['a number that is not given yet', DANA, 'acme-000002'],
    ['another way to write it', DANA, 'acme-1'],
    ['a hostile name', DANA, "acme-000001' OR '1'='1"],
  ])('%s finds nothing', async (_name, identity, name) => {
    expect(await rig.service.invoiceFile(identity, name)).toBeNull();
    if (identity !== DANA) expect(agreed(await rig.ask('invoices', {}, { identity })).invoices).toEqual([]);
  });

  test('a cursor that is none of ours is the first page', async () => {
    expect(agreed(await rig.ask('invoices', { cursor: 'x; DROP' })).invoices).toHaveLength(1);
    expect(agreed(await rig.ask('invoices', { cursor: '1' })).invoices).toEqual([]);
  });
});
