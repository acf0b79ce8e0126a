/** credit, balance and ledger: put money in, look at it, prove it. */
import type { Command } from 'commander';
import { decimalFromMicros, type Micros, micros, subtractMicros } from '../../src/protocol/money.ts';
import { newsWord } from '../events/news-word.ts';
import { invoiceTaskWrite } from '../invoices/invoice-task.ts';
import { MAX_TEXT_LENGTH } from '../ledger/assert-operation.ts';
import { createLedger } from '../ledger/ledger.ts';
import type { OfficeRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { systemClock } from '../system-clock.ts';
import { checkBooks, checkLines } from './check-books.ts';
import { heldCreditFaults, heldCreditLines } from './held-credit.ts';
import { ledgerStatement, MAX_STATEMENT_ROWS } from './ledger-statement.ts';
import { findOffice, type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { amountOption, idOption } from './option-values.ts';
import { verifyFile } from './verify-command.ts';

export function addMoneyCommands(program: Command, context: OperatorContext): void {
  program
    .command('credit')
    .description('credit of an office')
    .command('add')
    .description('add credit; the same --id again adds nothing')
    .requiredOption('--office <id>', 'office id')
    .option('--account <id>', 'account id, when several accounts have such an office')
    .requiredOption('--amount <decimal>', 'for instance 25 or 12.50, in the currency of the account')
    .requiredOption('--note <text>', 'why; stands in the ledger for ever')
    .requiredOption('--id <id>', 'your own id of this payment, for instance an invoice number')
    .option('--receipt', 'the customer has paid this (wire transfer, cheque): make a numbered receipt and mail it')
    .action((options: CreditOptions) => addCredit(context, options));
  program
    .command('balance')
    .description('credit of an office')
    .command('show')
    .description('balance, held and available credit')
    .requiredOption('--office <id>', 'office id')
    .option('--account <id>', 'account id, when several accounts have such an office')
    .action((options: OfficeOption) => showBalance(context, options));
  const ledger = program.command('ledger').description('the book of all money');
  ledger
    .command('show')
    .description('the entries of an office with the balance after each, newest last')
    .requiredOption('--office <id>', 'office id')
    .option('--account <id>', 'account id, when several accounts have such an office')
    .option('--rows <number>', 'how many entries', '50')
    .action((options: StatementOptions) => showStatement(context, options));
  ledger
    .command('check')
    .description(
      'recompute every balance from the entries, and find credit held for nothing; exit code 1 when there is a difference',
    )
    .option('--account <id>', 'only this account')
    .action((options: { readonly account?: string }) => checkBook(context, options));
  ledger
    .command('verify')
    .description('check an exported statement without any data but its own; exit code 1 when it was changed')
    .argument('<file>', 'CSV file')
    .option(
      '--complete',
      'nothing may be left out, from the first entry on: for a file that is said to be the whole book',
    )
    .action((file: string, options: { readonly complete?: boolean }) => verifyFile(context, { file, ...options }));
}

interface OfficeOption {
  readonly office: string;
  readonly account?: string;
}

interface CreditOptions extends OfficeOption {
  readonly amount: string;
  readonly note: string;
  readonly id: string;
  readonly receipt?: boolean;
}

interface StatementOptions extends OfficeOption {
  readonly rows: string;
}

async function showStatement(context: OperatorContext, options: StatementOptions): Promise<void> {
  const rows = Number(options.rows);
  if (!Number.isInteger(rows) || rows < 1 || rows > MAX_STATEMENT_ROWS) {
    throw new OperatorError(`--rows is "${options.rows}"; expected a whole number from 1 to ${MAX_STATEMENT_ROWS}.`);
  }
  await withStore(context, async (store) => {
    const office = await findOffice(store, { office: options.office, account: options.account });
    for (const line of await ledgerStatement(store, { office, rows })) context.print(line);
  });
}

async function addCredit(context: OperatorContext, options: CreditOptions): Promise<void> {
  const amountMicros = amountOption('--amount', options.amount);
  const id = idOption('--id', options.id);
  if (options.note.length === 0 || options.note.length > MAX_TEXT_LENGTH) {
    throw new OperatorError(`--note has ${options.note.length} characters; expected 1 to ${MAX_TEXT_LENGTH}.`);
  }
  await withStore(context, async (store) => {
    const office = await findOffice(store, { office: options.office, account: options.account });
    const ledger = createLedger(store);
    const result = await ledger.submit({
      kind: 'credit',
      operationId: `operator:${id}`,
      accountId: office.accountId,
      walletId: office.walletId,
      atMs: systemClock.nowMs(),
      alongside: options.receipt ? [await receiptFor(store, { office, amountMicros, id, note: options.note })] : [],
      amountMicros,
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: options.note,
    });
    await ledger.close();
    if (!result.applied) {
      const isReused = result.refusal.code === 'id_reused';
      throw new OperatorError(
        isReused ? `--id: "${id}" was used for another credit before.` : `Refused: ${result.refusal.code}.`,
      );
    }
    const { accountId, walletId, officeId } = office;
    store.news.tell(newsWord({ word: 'credit', accountId, walletId }));
    store.news.tell(newsWord({ word: 'balance', accountId, officeId }));
    const { balanceMicros } = result.wallet;
    const what = result.isRepeat ? 'had been added before, nothing was added now' : 'added';
    context.print(`${decimalFromMicros(amountMicros)} ${what}; balance ${decimalFromMicros(balanceMicros)}.`);
    if (!result.isRepeat && !options.receipt)
      context.print('No receipt: --receipt makes one for credit that was paid for.');
  });
}

/** REQUIREMENTS F-25: other ways to pay have papers like a card has. Credit that nobody paid for has none. */
async function receiptFor(
  store: Store,
  paid: { readonly office: OfficeRow; readonly amountMicros: Micros; readonly id: string; readonly note: string },
): Promise<RowWrite> {
  const { accountId, officeId, walletId } = paid.office;
  const account = await store.db
    .selectFrom('account')
    .select('currency')
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow();
  const { amountMicros, id, note } = paid;
  const task = { accountId, officeId, walletId, taskId: `credit:${id}`, amountMicros, reference: id, note };
  return invoiceTaskWrite({ ...task, kind: 'operator_credit', currency: account.currency, atMs: systemClock.nowMs() });
}

async function showBalance(context: OperatorContext, options: OfficeOption): Promise<void> {
  await withStore(context, async (store) => {
    const office = await findOffice(store, { office: options.office, account: options.account });
    const wallet = await store.db
      .selectFrom('wallet')
      .selectAll()
      .where('accountId', '=', office.accountId)
      .where('walletId', '=', office.walletId)
      .executeTakeFirstOrThrow();
    const balance = micros(wallet.balanceMicros);
    const held = micros(wallet.heldMicros);
    context.print(`balance   ${decimalFromMicros(balance)} ${wallet.currency}`);
    context.print(`held      ${decimalFromMicros(held)} ${wallet.currency}`);
    context.print(`available ${decimalFromMicros(subtractMicros(balance, held))} ${wallet.currency}`);
  });
}

async function checkBook(context: OperatorContext, { account }: { readonly account?: string }): Promise<void> {
  const accountId = account === undefined ? undefined : idOption('--account', account);
  const range = accountId === undefined ? {} : { accountId };
  const { report, faults } = await withStore(context, async (store) => {
    if (accountId !== undefined) await requireAccount(store, accountId);
    return { report: await checkBooks(store, range), faults: await heldCreditFaults(store, range) };
  });
  for (const line of [...heldCreditLines(faults), ...checkLines(report)]) context.print(line);
  if (report.differenceCount > 0 || faults.length > 0) context.setExitCode(1);
}
