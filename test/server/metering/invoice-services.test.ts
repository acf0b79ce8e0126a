/** Services that are paid by invoice (C-21): used without credit, on the invoice of the month, once, and open until it is paid. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { invoiceContentSchema } from '../../../server/invoices/invoice-content.ts';
import { invoicePaper } from '../../../server/invoices/invoice-paper.ts';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { PROFILES } from '../../../server/policy/profile.ts';
import type { RowWrite } from '../../../server/storage/rows.ts';
import type { StatementSummary } from '../../../src/protocol/statement.ts';
import { HOST_IN_AUSTIN, MeteringRig, withKinds } from '../../support/metering-rig.ts';
import { DANA, LUIS } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';

const DAY = 86_400;
const BY_INVOICE = {
  ...DEFAULT_POLICY,
  ...withKinds({ sms: { payBy: 'invoice' }, transcription: { payBy: 'invoice' }, fax: { payBy: 'invoice' } }),
};
/** 15 January 2026 at noon; in Berlin February begins at 23:00 UTC on the 31st. */
const UNTIL_FEBRUARY = 16 * DAY + 11 * 3_600;

let rig: MeteringRig;
beforeEach(async () => {
  rig = await MeteringRig.open();
  rig.office.policy = BY_INVOICE;
});
afterEach(() => rig.close());

const toGermany = (units: number) => ({ kind: 'sms', units, to: '+4915123456789' }) as const;
const minutes = (units: number) => ({ kind: 'transcription', units, to: null }) as const;

/** Time goes by, and everything that is done by itself is done, by both servers when there are two. */
async function later(seconds: number, services = [rig.office.services]): Promise<void> {
  rig.office.clock.advance(seconds * 1_000);
  const works = services.flatMap(({ metering, payments }) => [...metering.works, ...payments.works]);
  for (const { work } of works) await work();
}

async function papers() {
  const rows = await rig.office.store.db.selectFrom('invoice').selectAll().orderBy('invoiceNumber').execute();
  return rows.map(({ content, officeId }) => ({ officeId, ...invoiceContentSchema.parse(JSON.parse(content)) }));
}

async function openMicros(): Promise<number> {
  const rows = await rig.office.store.db.selectFrom('billing_terms').selectAll().execute();
  return rows.find(({ accountId }) => accountId === 'acme')?.openMicros ?? 0;
}

async function summary(month: string): Promise<StatementSummary> {
  return agreed(await rig.office.services.statements.handlers.statementSummary(DANA, { month }));
}

async function settings() {
  return agreed(await rig.office.services.payments.handlers.paymentSettings(DANA, {}));
}

describe('C-21: the invoice of the month', () => {
  test('lists what was used by kind, with quantity, unit price and sum, in each office of the account', async () => {
    agreed(await rig.charge(toGermany(3)));
    agreed(await rig.charge(toGermany(2)));
    agreed(await rig.charge({ kind: 'sms', units: 4, to: '+14155550142' }));
    agreed(await rig.charge(minutes(5)));
    // 0.10 and 0.06 a page: there is no price of one page.
    agreed(await rig.charge({ kind: 'fax', units: 2, to: '+4930123456' }));
    agreed(await rig.charge(minutes(7), { identity: HOST_IN_AUSTIN }));
    await later(1);
    expect(await papers()).toEqual([]);
    await later(UNTIL_FEBRUARY);
    const [berlin, austin] = (await papers()).toSorted((a, b) => b.amountMicros - a.amountMicros);
    expect(berlin).toMatchObject({ kind: 'invoice', day: '2026-02-01', officeId: 'berlin', amountMicros: 821_600 });
    expect(berlin?.lines.map(({ text, amountMicros }) => `${text} = ${amountMicros}`).toSorted()).toEqual([
      'Fax in January 2026: 2 pages, each by its rate = 220000',
      'SMS in January 2026: 4 segments at $0.0079 = 31600',
      'SMS in January 2026: 5 segments at $0.09 = 450000',
      'Transcription in January 2026: 5 minutes at $0.024 = 120000',
    ]);
    expect(austin).toMatchObject({ officeId: 'austin', amountMicros: 168_000, lines: [{ used: { units: 7 } }] });
    expect(await rig.debits()).toEqual([]);
  });

  test('has the next number of the account, a PDF and a mail, and is made once however often it is looked for', async () => {
    agreed(await rig.charge(minutes(5)));
    await later(1);
    await later(UNTIL_FEBRUARY);
    await later(1);
    await later(40 * DAY);
    expect((await papers()).map(({ name }) => name)).toEqual(['acme-000001']);
    const file = await rig.office.services.payments.invoiceFile(DANA, 'acme-000001');
    expect(file?.subarray(0, 5).toString()).toBe('%PDF-');
    const mails = await rig.office.store.db.selectFrom('mail').select(['mailId', 'officeId']).execute();
    expect(mails).toEqual([{ mailId: 'paper:1', officeId: 'berlin' }]);
    const paper = await invoicePaper(rig.office.store, { accountId: 'acme', invoiceNumber: 1 });
    expect(paper?.subject).toBe('Invoice: $0.12 for the month');
    expect(paper?.paragraphs.join(' ')).toContain('Transcription in January 2026: 5 minutes at $0.024.');
  });

  test('each charge names its line; a settlement that is repeated, and a charge that cost nothing, are on none', async () => {
    agreed(await rig.authorize({ chargeId: 'charge-0001', ...minutes(9) }));
    agreed(await rig.settle('charge-0001', 5));
    await later(1);
    agreed(await rig.settle('charge-0001', 5));
    agreed(await rig.authorize({ chargeId: 'charge-0002', ...minutes(9) }));
    agreed(await rig.settle('charge-0002', 0));
    agreed(await rig.authorize({ chargeId: 'charge-0003', ...minutes(9) }));
    agreed(await rig.release('charge-0003'));
    await later(1);
    expect((await rig.rows()).map(({ invoiceTaskId, dueAtMs }) => [invoiceTaskId, dueAtMs])).toEqual([
      ['services:berlin:2026-01:transcription:minute:24000', null],
      [null, null],
      [null, null],
    ]);
    expect(await openMicros()).toBe(120_000);
  });

  test.each(PROFILES)('for an account of %s as for any', async (name) => {
    const profile = DEFAULT_POLICIES[name];
    const { kinds } = BY_INVOICE.services;
    rig.office.policy = { ...profile, services: { ...profile.services, kinds } };
    agreed(await rig.charge(minutes(5)));
    await later(1);
    await later(UNTIL_FEBRUARY);
    expect(await papers()).toMatchObject([{ kind: 'invoice', amountMicros: 120_000 }]);
  });
});

describe('C-21: what is open', () => {
  test('is in the account’s open amount a moment after it was used, and until the operator notes that it was paid', async () => {
    expect(await settings()).not.toHaveProperty('onInvoice');
    agreed(await rig.charge(minutes(5)));
    await later(1);
    expect((await settings()).onInvoice).toEqual({ openMicros: 120_000, invoicedAtMs: Date.UTC(2026, 0, 31, 23) });
    await later(UNTIL_FEBRUARY);
    expect((await settings()).onInvoice?.openMicros).toBe(120_000);
    const list = agreed(await rig.office.services.payments.handlers.invoices(LUIS, {}));
    expect(list.invoices).toMatchObject([
      { name: 'acme-000001', kind: 'invoice', isOpen: true, amountMicros: 120_000 },
    ]);
  });

  test('counts among what an account on account owes, beside its credit, on one paper', async () => {
    const terms = { isInvoiced: true, ceilingMicros: 1_000_000, openMicros: 300_000, isConfirmationNeeded: false };
    const row = { accountId: 'acme', ...terms, buyerLines: '[]', version: 1 };
    await rig.office.store.writeRows([{ table: 'billing_terms', mode: 'insert', row }]);
    await rig.office.store.writeRows([creditOnAccount()]);
    agreed(await rig.charge(minutes(5)));
    await later(1);
    expect((await settings()).onAccount).toMatchObject({ openMicros: 420_000, ceilingMicros: 1_000_000 });
    expect(await settings()).not.toHaveProperty('onInvoice');
    await later(UNTIL_FEBRUARY);
    const [paper, ...others] = await papers();
    expect(others).toEqual([]);
    expect(paper?.lines.map(({ text }) => text).toSorted()).toEqual([
      'Phone credit on account',
      'Transcription in January 2026: 5 minutes at $0.024',
    ]);
    expect(paper?.amountMicros).toBe(420_000);
  });
});

describe('C-21: after a time without servers', () => {
  test('what was used before the month ended is on that month’s invoice, though nobody had counted it', async () => {
    agreed(await rig.charge(minutes(5)));
    await later(1);
    agreed(await rig.charge(minutes(3)));
    // Whoever makes papers comes back first.
    rig.office.clock.advance(UNTIL_FEBRUARY * 1_000);
    for (const { work } of rig.office.services.payments.works) await work();
    expect(await papers()).toEqual([]);
    agreed(await rig.charge(minutes(1)));
    await later(0);
    await later(1);
    expect(await papers()).toMatchObject([{ amountMicros: 192_000, lines: [{ used: { units: 8 } }] }]);
    expect(await openMicros()).toBe(216_000);
    expect((await summary('2026-01')).invoiced).toMatchObject([{ units: 8, chargeCount: 2, amountMicros: 192_000 }]);
    expect((await summary('2026-02')).invoiced).toMatchObject([{ units: 1, chargeCount: 1, amountMicros: 24_000 }]);
  });

  test('what is written after the paper of its month was made has a further paper of that month', async () => {
    agreed(await rig.authorize({ chargeId: 'late-0001', ...minutes(3), validSeconds: 60 }));
    agreed(await rig.charge(minutes(5)));
    await later(1);
    await later(UNTIL_FEBRUARY);
    // A server whose clock is behind settles it with a moment of January.
    const row = await rig.row('late-0001');
    expect(row.status).toBe('expired');
    const endedAtMs = Date.UTC(2026, 0, 31, 22, 59, 59);
    const late = { ...row, status: 'settled', units: 3, costMicros: 72_000, endedAtMs, dueAtMs: endedAtMs, version: 9 };
    await rig.office.store.writeRows([{ table: 'service_charge', mode: 'upsert', row: late }]);
    await later(1);
    await later(1);
    expect((await papers()).map(({ amountMicros }) => amountMicros)).toEqual([120_000, 72_000]);
    expect((await papers())[1]?.lines[0]?.text).toBe('Transcription in January 2026: 3 minutes at $0.024');
    expect((await rig.row('late-0001')).invoiceTaskId).toBe('services:berlin:2026-01:transcription:minute:24000:2');
    expect(await openMicros()).toBe(192_000);
  });

  test('an account that cannot be written keeps no other from its invoice, and is tried again', async () => {
    agreed(await rig.charge(minutes(5)));
    const row = (await rig.rows())[0];
    if (!row) throw new Error('There is no charge');
    const nobody = { ...row, accountId: 'nobody', version: 1 };
    await rig.office.store.writeRows([{ table: 'service_charge', mode: 'insert', row: nobody }]);
    await later(1);
    expect(await openMicros()).toBe(120_000);
    expect(rig.office.logged.join()).toContain('services could not be written to an invoice');
    expect((await rig.rows()).find(({ accountId }) => accountId === 'nobody')?.dueAtMs).not.toBeNull();
  });
});

function creditOnAccount(): RowWrite {
  const facts = { reference: 'p', card: null, byName: null, availableMicros: null, note: null };
  const row = {
    accountId: 'acme',
    taskId: 'payment:p',
    officeId: 'berlin',
    walletId: 'berlin',
    kind: 'on_account',
    amountMicros: 300_000,
    currency: 'USD',
    facts: JSON.stringify(facts),
    atMs: rig.office.clock.nowMs(),
    dueAtMs: Date.UTC(2026, 0, 31, 23),
    invoiceNumber: null,
    version: 1,
  };
  return { table: 'invoice_task', mode: 'insert', row };
}
