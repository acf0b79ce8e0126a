/** statements: the file of an office, of an account or of all, and the read model behind it. */
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { type StatementPeriod, statementPeriodSchema } from '../../src/protocol/statement.ts';
import { officeWallets } from '../statements/behind-wallets.ts';
import { caughtUp } from '../statements/caught-up.ts';
import { exportWallets, type WalletsToExport } from '../statements/export-wallets.ts';
import { forgetProjection, type ProjectedWallet } from '../statements/project-wallet.ts';
import type { Store } from '../storage/store.ts';
import { fileWords } from './file-words.ts';
import { findOffice, type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { createProgress, grouped } from './operator-progress.ts';

interface OfficeOptions {
  readonly account?: string;
  readonly office?: string;
}

type ExportOptions = OfficeOptions & StatementPeriod;

export function addStatementCommands(program: Command, context: OperatorContext): void {
  const statements = program.command('statements').description('where every cent went');
  statements
    .command('export')
    .description(
      'every entry with what it was for, as CSV that "ledger verify" checks; of all accounts unless told otherwise',
    )
    .argument('<file>', 'the CSV to write; it must not be there yet')
    .option('--account <id>', 'only this account')
    .option('--office <id>', 'only this office')
    .option('--month <month>', 'only this month, for instance 2026-11, in the time zone of each account')
    .option('--from <day>', 'from this day on, for instance 2026-11-01')
    .option('--to <day>', 'up to this day, itself included')
    .action((file: string, options: ExportOptions) => exportFile(context, { file, options }));
  statements
    .command('rebuild')
    .description('make the lines and sums of statements again from the ledger; readers wait meanwhile')
    .option('--account <id>', 'only this account')
    .option('--office <id>', 'only this office')
    .action((options: OfficeOptions) => rebuild(context, options));
}

async function exportFile(
  context: OperatorContext,
  { file, options }: { readonly file: string; readonly options: ExportOptions },
): Promise<void> {
  const period = periodOption(options);
  await withStore(context, async (store) => {
    const wanted = { ...(await wantedOffices(store, options)), period };
    const rows = await writeFile(store, { file, wanted });
    context.print(`${grouped(rows)} rows in ${file}`);
  });
}

function periodOption({ month, from, to }: ExportOptions): StatementPeriod {
  const parsed = statementPeriodSchema.safeParse({ month, from, to });
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0]);
  const example = name === 'month' ? '2026-11' : '2026-11-01';
  throw new OperatorError(`--${name} is "${{ month, from, to }[name]}"; expected for instance ${example}.`);
}

async function wantedOffices(
  store: Store,
  { account, office }: OfficeOptions,
): Promise<Omit<WalletsToExport, 'period'>> {
  if (office !== undefined) return await findOffice(store, { office, account });
  if (account !== undefined) await requireAccount(store, account);
  return { accountId: account ?? null, officeId: null };
}

async function writeFile(
  store: Store,
  { file, wanted }: { readonly file: string; readonly wanted: WalletsToExport },
): Promise<number> {
  // Never over a file that somebody may have signed off.
  const handle = await open(file, 'wx').catch((error: unknown) => {
    throw new OperatorError(`The file ${file} cannot be written: ${fileWords(error)}.`);
  });
  const progress = createProgress({ what: 'exporting', unit: 'rows' });
  let rows = 0;
  try {
    const pages = exportWallets(store, {
      ...wanted,
      onProgress: (now) => {
        rows = now.done;
        progress.update(now);
      },
    });
    for await (const text of pages) await handle.write(text);
    await handle.sync();
    return rows;
  } finally {
    progress.stop();
    await handle.close();
  }
}

async function rebuild(context: OperatorContext, options: OfficeOptions): Promise<void> {
  await withStore(context, async (store) => {
    const { accountId, officeId } = await wantedOffices(store, options);
    let query = officeWallets(store);
    if (accountId !== null) query = query.where('office.accountId', '=', accountId);
    if (officeId !== null) query = query.where('office.officeId', '=', officeId);
    const wallets = await query.execute();
    const progress = createProgress({ what: 'rebuilding', unit: 'offices' });
    for (const [done, wallet] of wallets.entries()) {
      await rebuildWallet(store, wallet);
      progress.update({ done: done + 1, total: wallets.length });
    }
    progress.stop();
    context.print(`${grouped(wallets.length)} offices: statements made again from the ledger`);
  });
}

async function rebuildWallet(store: Store, wallet: ProjectedWallet): Promise<void> {
  await forgetProjection(store, wallet);
  await caughtUp(store, wallet, Number.POSITIVE_INFINITY);
}
