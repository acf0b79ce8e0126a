/** alerts: what admins and the host were told, and webhooks that the host switched off or that were given up. */
import type { Command } from 'commander';
import { resumeWebhooks } from '../alerts/resume-webhooks.ts';
import type { AlertRow } from '../storage/rows.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, requireAccount, withStore } from './operator-context.ts';

const MAX_LISTED = 50;

interface ListOptions {
  readonly account: string;
}

export function addAlertCommands(program: Command, context: OperatorContext): void {
  const alerts = program.command('alerts').description('what admins and the host were told without asking');
  alerts
    .command('list')
    .description('the newest alerts of an account, with what became of their webhooks')
    .requiredOption('--account <id>', 'account')
    .action((options: ListOptions) => listAlerts(context, options));
  alerts
    .command('resume')
    .description('send webhooks again: those of the last three days that were switched off by 410 or given up')
    .action(() => resume(context));
}

async function listAlerts(context: OperatorContext, { account }: ListOptions): Promise<void> {
  const rows = await withStore(context, async (store) => {
    await requireAccount(store, account);
    return await store.db
      .selectFrom('alert')
      .selectAll()
      .where('accountId', '=', account)
      .orderBy('atMs', 'desc')
      .orderBy('alertId')
      .limit(MAX_LISTED)
      .execute();
  });
  for (const row of rows) context.print(lineOf(row));
  if (rows.length === 0) context.print('No alerts.');
}

function lineOf({ atMs, officeId, alertId, isOver, hookState, hookProblem }: AlertRow): string {
  const at = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const problem = hookProblem === null ? '' : ` (${hookProblem})`;
  return `${at} UTC  ${officeId}  ${alertId}  ${isOver ? 'over' : 'holds'}  webhook ${hookState}${problem}`;
}

async function resume(context: OperatorContext): Promise<void> {
  const count = await withStore(context, (store) => resumeWebhooks(store, systemClock.nowMs()));
  context.print(`Webhooks are sent again; ${count} of the last three days are due.`);
}
