/** accounts and offices: make and list them. */
import type { Command } from 'commander';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { type OperatorContext, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { countryOption, currencyOption, idOption, timeZoneOption } from './option-values.ts';

export function addAccountCommands(program: Command, context: OperatorContext): void {
  const accounts = program.command('accounts').description('accounts: customers, with one currency each');
  accounts
    .command('create')
    .description('make an account')
    .requiredOption('--id <id>', 'account id; the token claim "account"')
    .requiredOption('--name <name>', 'name for people')
    .requiredOption('--currency <code>', 'ISO 4217, for instance USD')
    .requiredOption('--time-zone <zone>', 'IANA time zone, for instance America/New_York')
    .option('--support-email <address>', 'shown in the phone when something is wrong', '')
    .action((options: AccountOptions) => createAccount(context, options));
  accounts
    .command('list')
    .description('list accounts')
    .action(() => listAccounts(context));

  const offices = program.command('offices').description('offices: each has a wallet, a country and a time zone');
  offices
    .command('create')
    .description('make an office with an empty wallet')
    .requiredOption('--account <id>', 'account it belongs to')
    .requiredOption('--id <id>', 'office id; the token claim "office"')
    .requiredOption('--name <name>', 'name for people')
    .requiredOption('--country <code>', 'ISO 3166-1; national numbers are read by its rules')
    .requiredOption('--time-zone <zone>', 'IANA time zone; daily limits begin at its midnight')
    .action((options: OfficeOptions) => createOffice(context, options));
  offices
    .command('list')
    .description('list offices with their credit')
    .action(() => listOffices(context));
}

interface AccountOptions {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly supportEmail: string;
}

async function createAccount(context: OperatorContext, options: AccountOptions): Promise<void> {
  const row = {
    accountId: idOption('--id', options.id),
    name: options.name,
    currency: currencyOption('--currency', options.currency),
    timeZone: timeZoneOption('--time-zone', options.timeZone),
    profile: 'default',
    isPhoneEnabled: true,
    supportEmail: options.supportEmail,
  };
  await withStore(context, async (store) => {
    const { applied } = await store.writeRows([{ table: 'account', mode: 'insert', row }]);
    if (!applied) throw new OperatorError(`--id: there is an account "${row.accountId}" already.`);
  });
  context.print(`Account ${row.accountId} made.`);
}

interface OfficeOptions extends Pick<AccountOptions, 'id' | 'name' | 'timeZone'> {
  readonly account: string;
  readonly country: string;
}

async function createOffice(context: OperatorContext, options: OfficeOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const officeId = idOption('--id', options.id);
  const row = {
    accountId,
    officeId,
    name: options.name,
    country: countryOption('--country', options.country),
    timeZone: timeZoneOption('--time-zone', options.timeZone),
    walletId: officeId,
    pausedAtMs: null,
    pausedByName: null,
  };
  await withStore(context, async (store) => {
    const account = await store.db
      .selectFrom('account')
      .selectAll()
      .where('accountId', '=', accountId)
      .executeTakeFirst();
    if (!account) throw new OperatorError(`--account: there is no account "${accountId}". See "accounts list".`);
    // The wallet first: an office without one could be found, a wallet without an office cannot.
    await store.openWallet({ accountId, walletId: row.walletId, currency: account.currency });
    const { applied } = await store.writeRows([{ table: 'office', mode: 'insert', row }]);
    if (!applied) throw new OperatorError(`--id: account ${accountId} has an office "${officeId}" already.`);
  });
  context.print(`Office ${officeId} of account ${accountId} made, with no credit yet.`);
}

async function listAccounts(context: OperatorContext): Promise<void> {
  const rows = await withStore(context, (store) =>
    store.db.selectFrom('account').selectAll().orderBy('accountId').execute(),
  );
  for (const { accountId, name, currency, timeZone } of rows)
    context.print([accountId, name, currency, timeZone].join('\t'));
  context.print(`${rows.length} accounts`);
}

async function listOffices(context: OperatorContext): Promise<void> {
  const rows = await withStore(context, (store) =>
    store.db
      .selectFrom('office')
      .innerJoin('wallet', (join) =>
        join.onRef('wallet.accountId', '=', 'office.accountId').onRef('wallet.walletId', '=', 'office.walletId'),
      )
      .select([
        'office.accountId',
        'office.officeId',
        'office.name',
        'wallet.currency',
        'wallet.balanceMicros',
        'wallet.heldMicros',
      ])
      .orderBy('office.accountId')
      .orderBy('office.officeId')
      .execute(),
  );
  for (const row of rows) {
    const available = decimalFromMicros(micros(row.balanceMicros - row.heldMicros));
    context.print([row.accountId, row.officeId, row.name, `${available} ${row.currency} available`].join('\t'));
  }
  context.print(`${rows.length} offices`);
}
