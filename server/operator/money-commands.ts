/** credit, balance and ledger: put money in, look at it, prove it. */
import type { Command } from 'commander';
import { decimalFromMicros, micros, subtractMicros } from '../../src/protocol/money.ts';
import { newsWord } from '../events/news-word.ts';
import { MAX_TEXT_LENGTH } from '../ledger/assert-operation.ts';
import { createLedger } from '../ledger/ledger.ts';
import { checkBooks, checkLines } from './check-books.ts';
import { ledgerStatement, MAX_STATEMENT_ROWS } from './ledger-statement.ts';
import { findOffice, type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { amountOption, idOption } from './option-values.ts';

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
    .description('recompute every balance from the entries; exit code 1 when there is a difference')
    .option('--account <id>', 'only this account')
    .action((options: { readonly account?: string }) => checkBook(context, options));
}

interface OfficeOption {
  readonly office: string;
  readonly account?: string;
}

interface CreditOptions extends OfficeOption {
  readonly amount: string;
  readonly note: string;
  readonly id: string;
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
      atMs: Date.now(),
      alongside: [],
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
  });
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
  const report = await withStore(context, async (store) => {
    if (accountId !== undefined) await requireAccount(store, accountId);
    return checkBooks(store, accountId === undefined ? {} : { accountId });
  });
  for (const line of checkLines(report)) context.print(line);
  if (report.differenceCount > 0) context.setExitCode(1);
}
