/** billing: how an account pays, who gets its papers, and which of them are paid. */
import type { Command } from 'commander';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { invoiceContentSchema, numberInName } from '../invoices/invoice-content.ts';
import { paidNumbers, paidTaskId } from '../invoices/list-invoices.ts';
import { operatorContact } from '../mail/recipients.ts';
import { readTerms, termsByCard } from '../payments/billing-terms.ts';
import type { BillingTermsRow, InvoiceRow, InvoiceTaskRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { systemClock } from '../system-clock.ts';
import { findOffice, type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { amountOption, idOption } from './option-values.ts';

/** Each time a payment was quicker. */
const MAX_TRIES = 50;

export function addBillingCommands(program: Command, context: OperatorContext): void {
  const billing = program.command('billing').description('how accounts pay, and their invoices');
  billing
    .command('terms')
    .description(
      'by card or by invoice, with a ceiling for what is open; whether cards must be confirmed; address on invoices',
    )
    .requiredOption('--account <id>', 'account id')
    .option('--pay-by <way>', 'card, or invoice: credit at once, paid by the invoice of the next month')
    .option('--ceiling <decimal>', 'how much may be open at once with --pay-by invoice')
    .option('--confirm-card <answer>', 'yes: a card pays only after a small charge to it was confirmed; no')
    .option('--address <line...>', 'lines of the customer’s address on receipts and invoices')
    .action((options: TermsOptions) => setTerms(context, options));
  billing
    .command('contact')
    .description('send mail about the money of an account to an address, beside its admins')
    .requiredOption('--account <id>', 'account id')
    .requiredOption('--email <address>', 'who gets receipts, invoices and warnings')
    .option('--office <id>', 'only about this office')
    .action((options: ContactOptions) => addContact(context, options));
  billing
    .command('invoices')
    .description('what an account owes: its invoices, which of them are open, and what is open in all')
    .requiredOption('--account <id>', 'account id')
    .option('--open', 'only those that nobody has noted as paid')
    .action((options: InvoicesOptions) => listOpen(context, options));
  billing
    .command('paid')
    .description(
      'note that an invoice was paid, so that there is room under the ceiling; once, however often it is said',
    )
    .requiredOption('--account <id>', 'account id')
    .requiredOption('--invoice <number>', 'as printed, for instance acme-000012')
    .action((options: PaidOptions) => notePaid(context, options));
}

interface TermsOptions {
  readonly account: string;
  readonly payBy?: string;
  readonly ceiling?: string;
  readonly confirmCard?: string;
  readonly address?: readonly string[];
}

async function setTerms(context: OperatorContext, options: TermsOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const row = await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    return await changeTerms(store, accountId, (terms) => changed(terms, options));
  });
  const way = row.isInvoiced ? `by invoice, at most ${decimalFromMicros(micros(row.ceilingMicros))} open` : 'by card';
  context.print(`Account ${accountId} pays ${way}${row.isConfirmationNeeded ? '; cards must be confirmed' : ''}.`);
}

function changed(terms: BillingTermsRow, options: TermsOptions): BillingTermsRow {
  const isInvoiced =
    options.payBy === undefined ? terms.isInvoiced : choice('--pay-by', options.payBy, ['invoice', 'card']);
  const ceilingMicros =
    options.ceiling === undefined ? terms.ceilingMicros : amountOption('--ceiling', options.ceiling);
  if (isInvoiced && ceilingMicros === 0) throw new OperatorError('--ceiling is missing; --pay-by invoice needs it.');
  const isConfirmationNeeded =
    options.confirmCard === undefined
      ? terms.isConfirmationNeeded
      : choice('--confirm-card', options.confirmCard, ['yes', 'no']);
  const buyerLines =
    options.address === undefined ? terms.buyerLines : JSON.stringify(options.address.map(addressLine));
  return { ...terms, isInvoiced, ceilingMicros, isConfirmationNeeded, buyerLines };
}

/** True for the first of the two. */
function choice(option: string, value: string, [yes, no]: readonly [string, string]): boolean {
  if (value === yes || value === no) return value === yes;
  throw new OperatorError(`${option} is "${value}"; expected ${yes} or ${no}.`);
}

const MAX_LINE_LENGTH = 100;

function addressLine(line: string): string {
  if (line.length > 0 && line.length <= MAX_LINE_LENGTH) return line;
  throw new OperatorError(`--address has a line of ${line.length} characters; expected 1 to ${MAX_LINE_LENGTH}.`);
}

async function changeTerms(
  store: Store,
  accountId: string,
  change: (terms: BillingTermsRow) => BillingTermsRow,
): Promise<BillingTermsRow> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await readTerms(store, { accountId });
    const row = { ...change(known ?? termsByCard(accountId)), version: (known?.version ?? 0) + 1 };
    const mode = known ? 'next_version' : 'insert';
    if ((await store.writeRows([{ table: 'billing_terms', mode, row }])).applied) return row;
  }
  throw new OperatorError(`The terms of ${accountId} were changed by others all the time. Try again.`);
}

interface ContactOptions {
  readonly account: string;
  readonly email: string;
  readonly office?: string;
}

async function addContact(context: OperatorContext, options: ContactOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const { email } = options;
  if (!/^[^\s@<>,;:"()]{1,64}@[^\s@<>,;:"()]{1,180}$/.test(email)) {
    throw new OperatorError(`--email is "${email}"; expected an address such as billing@example.com.`);
  }
  await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    const office =
      options.office === undefined ? null : await findOffice(store, { office: options.office, account: accountId });
    const row = operatorContact({ accountId, officeId: office?.officeId ?? null, email });
    await store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
  });
  context.print(`${email} gets mail about the money of ${options.office ?? `account ${accountId}`}.`);
}

interface InvoicesOptions {
  readonly account: string;
  readonly open?: boolean;
}

/** Newest first. */
const MAX_LISTED = 200;

async function listOpen(context: OperatorContext, options: InvoicesOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const { rows, paid, terms, currency } = await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    const { currency } = await store.db
      .selectFrom('account')
      .select('currency')
      .where('accountId', '=', accountId)
      .executeTakeFirstOrThrow();
    const rows = await store.db
      .selectFrom('invoice')
      .selectAll()
      .where('accountId', '=', accountId)
      .where('kind', '=', 'invoice')
      .orderBy('invoiceNumber', 'desc')
      .limit(MAX_LISTED)
      .execute();
    const paid = await paidNumbers(store, { accountId, page: rows });
    return { rows, paid, currency, terms: await readTerms(store, { accountId }) };
  });
  for (const row of rows) {
    const isPaid = paid.has(row.invoiceNumber);
    if (isPaid && options.open) continue;
    const { day, name } = invoiceContentSchema.parse(JSON.parse(row.content));
    const amount = `${decimalFromMicros(micros(row.amountMicros))} ${row.currency}`;
    context.print(`${name}  ${day}  ${row.officeId}  ${amount}  ${isPaid ? 'paid' : 'open'}`);
  }
  // Also what stands on no invoice yet.
  context.print(`Open in all: ${decimalFromMicros(micros(terms?.openMicros ?? 0))} ${currency}.`);
}

interface PaidOptions {
  readonly account: string;
  readonly invoice: string;
}

async function notePaid(context: OperatorContext, options: PaidOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const isNew = await withStore(context, async (store) => {
    const invoice = await findInvoice(store, { accountId, name: options.invoice });
    if (invoice.kind !== 'invoice')
      throw new OperatorError(`--invoice: ${options.invoice} was paid before it was made.`);
    return await writePaid(store, invoice);
  });
  context.print(
    isNew ? `${options.invoice} is paid.` : `${options.invoice} had been noted as paid before; nothing changed.`,
  );
}

async function findInvoice(
  store: Store,
  { accountId, name }: { readonly accountId: string; readonly name: string },
): Promise<InvoiceRow> {
  const invoiceNumber = numberInName(accountId, name);
  const invoice = await store.db
    .selectFrom('invoice')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('invoiceNumber', '=', invoiceNumber ?? 0)
    .executeTakeFirst();
  if (!invoice) throw new OperatorError(`--invoice: account ${accountId} has no invoice "${name}".`);
  return invoice;
}

/** False: it was noted before. The note and the room under the ceiling are one write. */
async function writePaid(store: Store, invoice: InvoiceRow): Promise<boolean> {
  const { accountId, amountMicros } = invoice;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const terms = await readTerms(store, { accountId });
    if (terms === null) throw new OperatorError(`Account ${accountId} has no terms.`);
    const openMicros = Math.max(0, terms.openMicros - amountMicros);
    const { applied, conflict } = await store.writeRows([
      {
        table: 'invoice_task',
        mode: 'insert',
        row: paidNote(invoice, { taskId: paidTaskId(invoice), atMs: systemClock.nowMs() }),
      },
      { table: 'billing_terms', mode: 'next_version', row: { ...terms, openMicros, version: terms.version + 1 } },
    ]);
    if (applied) return true;
    if (conflict === 'invoice_task') return false;
  }
  throw new OperatorError(`The terms of ${accountId} were changed by others all the time. Try again.`);
}

/** Nothing is left to do for it: the paper is there already. */
function paidNote(
  { accountId, officeId, currency, amountMicros, invoiceNumber }: InvoiceRow,
  { taskId, atMs }: Pick<InvoiceTaskRow, 'taskId' | 'atMs'>,
): InvoiceTaskRow {
  const done = { kind: 'invoice_paid', facts: '{}', dueAtMs: null, version: 1 };
  return { accountId, taskId, officeId, walletId: officeId, amountMicros, currency, invoiceNumber, atMs, ...done };
}
