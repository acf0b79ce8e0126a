/** All commands of the operator (commander: help texts and option errors come with it). */
import { Command } from 'commander';
import { addAccountCommands } from './account-commands.ts';
import { addAlertCommands } from './alert-commands.ts';
import { addBillingCommands } from './billing-commands.ts';
import { addImportCommands } from './import-commands.ts';
import { addMoneyCommands } from './money-commands.ts';
import { addMoveCommands } from './move-commands.ts';
import { addNumberCommands } from './number-commands.ts';
import type { OperatorContext } from './operator-context.ts';
import { addPaymentCommands } from './payment-commands.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addStatementCommands } from './statement-commands.ts';
import { addTokenCommands } from './token-commands.ts';

const AFTER_HELP = `
Works on DATABASE_URL, or without it on DATA_FILE (default .data/credit-phone.sqlite), also while servers run: widgets see
added credit and new rates within a second or two. Exit code 0: done; 1: refused, with one sentence that names the option.

Examples:
  npm run -s operator -- accounts create --id acme --name "Acme Inc." --currency USD --time-zone America/New_York
  npm run -s operator -- offices create --account acme --id austin --name Austin --country US --time-zone America/Chicago
  npm run -s operator -- credit add --office austin --amount 25 --note "invoice 1007, paid by wire" --id invoice-1007
  npm run -s operator -- rates import deck.csv
  npm run -s operator -- ledger check
  npm run -s operator -- backup /backups/phone-2026-11-21.sqlite
  npm run -s operator -- copy --from sqlite:.data/credit-phone.sqlite --to env:DATABASE_URL`;

export function createOperatorProgram(context: OperatorContext): Command {
  const program = new Command('operator')
    .description('Accounts, credit, rates and numbers of a credit-phone server.')
    .addHelpText('after', AFTER_HELP);
  addAccountCommands(program, context);
  addMoneyCommands(program, context);
  addPaymentCommands(program, context);
  addAlertCommands(program, context);
  addBillingCommands(program, context);
  addImportCommands(program, context);
  addNumberCommands(program, context);
  addMoveCommands(program, context);
  addPolicyCommands(program, context);
  addStatementCommands(program, context);
  addTokenCommands(program, context);
  return program;
}
