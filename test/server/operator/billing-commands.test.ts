/** How an account pays, by the operator's commands (REQUIREMENTS D-15, D-22, F-24, F-25). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { invoiceTaskWrite } from '../../../server/invoices/invoice-task.ts';
import { issueInvoices } from '../../../server/invoices/issue-invoices.ts';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { policyInForce } from '../../../server/policy/policies.ts';
import type { Store } from '../../../server/storage/store.ts';
import { runOperator } from '../../support/run-operator.ts';
import { createTestStore, type TestStoreHome } from '../../support/test-store.ts';

let home: TestStoreHome;

beforeEach(async () => {
  home = await createTestStore();
  const place = ['--currency', 'USD', '--time-zone', 'UTC'];
  await operator('accounts', 'create', '--id', 'acme', '--name', 'Acme', ...place);
  await operator(
    'offices',
    'create',
    '--account',
    'acme',
    '--id',
    'berlin',
    '--name',
    'Berlin',
    '--country',
    'DE',
    '--time-zone',
    'UTC',
  );
}, 60_000);

afterEach(async () => {
  await home.remove();
});

async function operator(...words: readonly string[]): Promise<readonly string[]> {
  return (await runOperator(home.environment, words)).lines;
}

async function withStore<Value>(use: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await home.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const terms = () => withStore((store) => store.db.selectFrom('billing_terms').selectAll().execute());
const billing = (...words: readonly string[]) => operator('billing', ...words, '--account', 'acme');

describe('billing terms', () => {
  test('by invoice with a ceiling, with an address, and back to a card that must be confirmed', async () => {
    expect(
      await billing('terms', '--pay-by', 'invoice', '--ceiling', '500', '--address', '1 High Street', 'Berlin'),
    ).toEqual(['Account acme pays by invoice, at most 500.00 open.']);
    expect(await billing('terms', '--pay-by', 'card', '--confirm-card', 'yes')).toEqual([
      'Account acme pays by card; cards must be confirmed.',
    ]);
    expect(await terms()).toEqual([
      {
        accountId: 'acme',
        isInvoiced: false,
        ceilingMicros: 500_000_000,
        openMicros: 0,
        isConfirmationNeeded: true,
        buyerLines: '["1 High Street","Berlin"]',
        version: 2,
      },
    ]);
  });

  test.each([
    [['--pay-by', 'cheque'], '--pay-by is "cheque"; expected invoice or card.'],
    [['--pay-by', 'invoice'], '--ceiling is missing; --pay-by invoice needs it.'],
    [['--ceiling', '-5'], '--ceiling is "-5"'],
    [['--confirm-card', 'perhaps'], '--confirm-card is "perhaps"'],
    [['--address', 'x'.repeat(101)], '--address has a line of 101 characters'],
  ])('%j is refused, and nothing changes', async (words, sentence) => {
    await expect(billing('terms', ...words)).rejects.toThrow(sentence);
    expect(await terms()).toEqual([]);
  });

  test('of an account that is not there are refused', async () => {
    await expect(operator('billing', 'terms', '--account', 'nobody', '--pay-by', 'card')).rejects.toThrow(
      'no account "nobody"',
    );
  });
});

describe('billing contact', () => {
  test('is kept once, for the account or an office', async () => {
    await billing('contact', '--email', 'Books@acme.test');
    await billing('contact', '--email', 'books@acme.test');
    await billing('contact', '--email', 'berlin@acme.test', '--office', 'berlin');
    const contacts = await withStore((store) =>
      store.db.selectFrom('billing_contact').select(['email', 'officeId']).orderBy('email').execute(),
    );
    expect(contacts).toEqual([
      { email: 'berlin@acme.test', officeId: 'berlin' },
      { email: 'books@acme.test', officeId: null },
    ]);
  });

  test.each(['nobody', 'a@b\r\nBcc: c@d', 'a@b, c@d', '<a@b>'])('%j is no address', async (email) => {
    await expect(billing('contact', '--email', email)).rejects.toThrow('--email is');
  });
});

describe('F-25: credit that was paid by other ways', () => {
  const add = (...words: readonly string[]) =>
    operator(
      'credit',
      'add',
      '--office',
      'berlin',
      '--amount',
      '250',
      '--note',
      'wire of 3 March',
      '--id',
      'wire-1',
      ...words,
    );

  test('has a receipt when the operator says that it was paid, once, and says why not otherwise', async () => {
    expect(await add('--receipt')).toEqual(['250.00 added; balance 250.00.']);
    expect(await add('--receipt')).toEqual(['250.00 had been added before, nothing was added now; balance 250.00.']);
    const free = await operator(
      'credit',
      'add',
      '--office',
      'berlin',
      '--amount',
      '5',
      '--note',
      'for the trouble',
      '--id',
      'gift',
    );
    expect(free).toEqual([
      '5.00 added; balance 255.00.',
      'No receipt: --receipt makes one for credit that was paid for.',
    ]);
    const tasks = await withStore((store) => store.db.selectFrom('invoice_task').selectAll().execute());
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({
      taskId: 'credit:wire-1',
      kind: 'operator_credit',
      amountMicros: 250_000_000,
      currency: 'USD',
    });
    expect(JSON.parse(tasks[0]?.facts ?? '')).toMatchObject({ reference: 'wire-1', note: 'wire of 3 March' });
  });
});

describe('billing paid', () => {
  test('makes room under the ceiling once; a receipt, another account and a number that is not there are refused', async () => {
    await billing('terms', '--pay-by', 'invoice', '--ceiling', '500');
    await withStore(async (store) => {
      const [row] = await store.db.selectFrom('billing_terms').selectAll().execute();
      if (!row) throw new Error('There are no terms');
      const base = {
        accountId: 'acme',
        officeId: 'berlin',
        walletId: 'berlin',
        currency: 'USD',
        reference: 'p',
        atMs: 1,
      } as const;
      await store.writeRows([
        { table: 'billing_terms', mode: 'next_version', row: { ...row, openMicros: 80_000_000, version: 2 } },
        invoiceTaskWrite({ ...base, taskId: 'a', kind: 'on_account', amountMicros: 30_000_000 }),
        invoiceTaskWrite({ ...base, taskId: 'b', kind: 'top_up', amountMicros: 10_000_000 }),
      ]);
      const log = () => undefined;
      await issueInvoices({ store, clock: { nowMs: () => 1_000 }, policy: policyInForce(() => DEFAULT_POLICIES), log });
    });
    expect(await billing('invoices', '--open')).toEqual([
      'acme-000001  1970-01-01  berlin  30.00 USD  open',
      'Open in all: 80.00 USD.',
    ]);
    expect(await billing('paid', '--invoice', 'acme-000001')).toEqual(['acme-000001 is paid.']);
    expect(await billing('paid', '--invoice', 'acme-000001')).toEqual([
      'acme-000001 had been noted as paid before; nothing changed.',
    ]);
    expect((await terms())[0]?.openMicros).toBe(50_000_000);
    expect(await billing('invoices')).toEqual([
      'acme-000001  1970-01-01  berlin  30.00 USD  paid',
      'Open in all: 50.00 USD.',
    ]);
    expect(await billing('invoices', '--open')).toEqual(['Open in all: 50.00 USD.']);
    await expect(billing('paid', '--invoice', 'acme-000002')).rejects.toThrow('was paid before it was made');
    await expect(billing('paid', '--invoice', 'acme-000009')).rejects.toThrow('has no invoice');
    await expect(billing('paid', '--invoice', 'other-000001')).rejects.toThrow('has no invoice');
  });
});
