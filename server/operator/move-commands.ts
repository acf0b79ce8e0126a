/** backup and copy: take all the data along, and prove that it is all there. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { backupSqlite } from '../storage/copy/backup-sqlite.ts';
import { CopyError } from '../storage/copy/copy-error.ts';
import { checkBooksWithin, checkLines } from './check-books.ts';
import { copyBetween } from './copy-between.ts';
import { INSTALLATION_FORMS, installationOption } from './installation.ts';
import { type OperatorContext, storeAddress } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { createProgress } from './operator-progress.ts';

export function addMoveCommands(program: Command, context: OperatorContext): void {
  program
    .command('backup')
    .description('copy the SQLite data file, also while servers use it, and check the copy')
    .argument('<file>', 'where to; must not be there yet')
    .action((file: string) => backUp(context, file));
  program
    .command('copy')
    .description('move a whole installation into an empty one, all or nothing, and check every row and balance')
    .requiredOption('--from <place>', INSTALLATION_FORMS)
    .requiredOption('--to <place>', 'the same; its tables are made, and must be empty')
    .option('--rehearse', 'do it all and undo it, to see whether it works and how long it takes; servers may run')
    .action((options: CopyOptions) => copy(context, options));
}

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly rehearse?: boolean;
}

async function backUp(context: OperatorContext, file: string): Promise<void> {
  const { databaseUrl, dataFile } = storeAddress(context);
  if (databaseUrl !== null) {
    throw new OperatorError(
      'The data is in PostgreSQL (DATABASE_URL), which brings its own tools: pg_dump for a snapshot, or a base backup with ' +
        'archived WAL for any moment. Afterwards "ledger check" proves what was restored.',
    );
  }
  const progress = createProgress({ what: 'backing up', unit: 'pages' });
  try {
    await backupSqlite({
      from: dataFile,
      to: file,
      onProgress: progress.update,
      verify: async (backup) => {
        progress.stop();
        const report = await checkBooksWithin(backup);
        for (const line of checkLines(report)) context.print(line);
        if (report.differenceCount > 0) {
          throw new CopyError('The books of the backup differ, and so do those of the data file: run "ledger check".');
        }
      },
    });
  } catch (reason) {
    throw reason instanceof CopyError ? new OperatorError(reason.message) : reason;
  }
  context.print(`${file} is complete and checked.`);
}

async function copy(context: OperatorContext, options: CopyOptions): Promise<void> {
  const { environment } = context;
  const from = installationOption('--from', { text: options.from, environment });
  const to = installationOption('--to', { text: options.to, environment });
  if (from.kind === 'sqlite' && !existsSync(from.path)) {
    throw new OperatorError(`--from: there is no data file ${from.path}.`);
  }
  const isRehearsal = options.rehearse ?? false;
  const isGood = await copyBetween(context, { from, to, isRehearsal }).catch((reason: unknown) => {
    throw new OperatorError(reason instanceof Error ? reason.message : String(reason), { cause: reason });
  });
  if (!isGood) context.setExitCode(1);
}
