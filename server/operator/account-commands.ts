/** accounts and offices: make and list them. */
import type { Command } from 'commander';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { changeProfile } from '../accounts/change-profile.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import { newsWord } from '../events/news-word.ts';
import { PROFILES } from '../policy/profile.ts';
import type { WalletRow } from '../storage/ledger-rows.ts';
import type { AccountRow, OfficeRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import {
  countryOption,
  currencyOption,
  endOfDayOption,
  idOption,
  nameOption,
  profileOption,
  timeZoneOption,
} from './option-values.ts';

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
    .option('--profile <name>', `whose rules it goes by: ${PROFILES.join(', ')}`, 'default')
    .action((options: AccountOptions) => createAccount(context, options));
  accounts
    .command('profile')
    .description('let an account go by the rules of another profile, on all servers within two seconds')
    .requiredOption('--account <id>', 'account it concerns')
    .requiredOption('--profile <name>', `one of ${PROFILES.join(', ')}`)
    .action((options: ProfileOptions) => setProfile(context, options));
  accounts
    .command('trial')
    .description('let an account be on trial: no auto-recharge until the trial is over')
    .requiredOption('--account <id>', 'account it concerns')
    .requiredOption('--until <date>', 'last day of the trial (UTC), for instance 2026-12-31; or off')
    .action((options: TrialOptions) => setTrial(context, options));
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
  readonly profile: string;
}

interface ProfileOptions {
  readonly account: string;
  readonly profile: string;
}

interface TrialOptions {
  readonly account: string;
  readonly until: string;
}

async function createAccount(context: OperatorContext, options: AccountOptions): Promise<void> {
  const row = {
    accountId: idOption('--id', options.id),
    name: nameOption('--name', options.name),
    currency: currencyOption('--currency', options.currency),
    timeZone: timeZoneOption('--time-zone', options.timeZone),
    profile: profileOption('--profile', options.profile),
    isPhoneEnabled: true,
    supportEmail: options.supportEmail,
  };
  await withStore(context, async (store) => {
    const { applied } = await store.writeRows([{ table: 'account', mode: 'insert', row }]);
    if (!applied) throw new OperatorError(`--id: there is an account "${row.accountId}" already.`);
  });
  context.print(`Account ${row.accountId} made.`);
}

async function setProfile(context: OperatorContext, options: ProfileOptions): Promise<void> {
  const profile = profileOption('--profile', options.profile);
  await withStore(context, async (store) => {
    const isKnown = await changeProfile(store, { accountId: options.account, profile });
    if (!isKnown) throw new OperatorError(`--account: there is no account "${options.account}". See "accounts list".`);
    await tellOffices(store, options.account);
  });
  context.print(`Account ${options.account} goes by the profile ${profile}.`);
}

async function setTrial(context: OperatorContext, { account: accountId, until }: TrialOptions): Promise<void> {
  const endsAtMs = until === 'off' ? systemClock.nowMs() : endOfDayOption('--until', until);
  await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    const alerts = until === 'off' ? [] : await trialAlerts(store, { accountId, endsAtMs });
    await store.writeRows([{ table: 'trial', mode: 'upsert', row: { accountId, endsAtMs } }, ...alerts]);
  });
  const what = until === 'off' ? 'is not on trial' : `is on trial until the end of ${until} (UTC)`;
  context.print(`Account ${accountId} ${what}.`);
}

/** The admins of each office are told that auto-recharge waits (F-23), once for each end that is set. */
async function trialAlerts(
  store: Store,
  { accountId, endsAtMs }: { readonly accountId: string; readonly endsAtMs: number },
): Promise<readonly RowWrite[]> {
  const offices = await store.db.selectFrom('office').select('officeId').where('accountId', '=', accountId).execute();
  const facts = { kind: 'trial_opened', endsAtMs } as const;
  const alerts = offices.map(({ officeId }) =>
    alertWritesOnce(store, {
      accountId,
      officeId,
      subject: `${officeId}:${endsAtMs}`,
      facts,
      atMs: systemClock.nowMs(),
    }),
  );
  return (await Promise.all(alerts)).flat();
}

/** Servers read the account again, and its widgets then ask for everything. */
async function tellOffices(store: Store, accountId: string): Promise<void> {
  const offices = await store.db.selectFrom('office').select('officeId').where('accountId', '=', accountId).execute();
  store.news.tell(newsWord({ word: 'offices', accountId }));
  for (const { officeId } of offices) store.news.tell(newsWord({ word: 'resync', accountId, officeId }));
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
    name: nameOption('--name', options.name),
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

/** Rows that are read at once: an installation may have more accounts than fit into memory. */
const LIST_PAGE_ROWS = 1_000;

async function listAccounts(context: OperatorContext): Promise<void> {
  const count = await withStore(context, (store) =>
    printPages(context, {
      read: (after: AccountRow | null) => {
        const query = store.db.selectFrom('account').selectAll().orderBy('accountId').limit(LIST_PAGE_ROWS);
        return (after === null ? query : query.where('accountId', '>', after.accountId)).execute();
      },
      line: ({ accountId, name, currency, timeZone, profile }) =>
        [accountId, name, currency, timeZone, profile].join('\t'),
    }),
  );
  context.print(`${count} accounts`);
}

async function listOffices(context: OperatorContext): Promise<void> {
  const count = await withStore(context, (store) =>
    printPages(context, {
      read: (after: OfficeCredit | null) => officeCredits(store, after),
      line: (row) => {
        const available = decimalFromMicros(micros(row.balanceMicros - row.heldMicros));
        return [row.accountId, row.officeId, row.name, `${available} ${row.currency} available`].join('\t');
      },
    }),
  );
  context.print(`${count} offices`);
}

type OfficeCredit = Pick<OfficeRow, 'accountId' | 'officeId' | 'name'> &
  Pick<WalletRow, 'currency' | 'balanceMicros' | 'heldMicros'>;

function officeCredits(store: Store, after: OfficeCredit | null): Promise<readonly OfficeCredit[]> {
  const query = store.db
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
    .limit(LIST_PAGE_ROWS);
  if (after === null) return query.execute();
  return query
    .where(({ eb, refTuple, tuple }) =>
      eb(refTuple('office.accountId', 'office.officeId'), '>', tuple(after.accountId, after.officeId)),
    )
    .execute();
}

async function printPages<Row>(
  context: OperatorContext,
  {
    read,
    line,
  }: { readonly read: (after: Row | null) => Promise<readonly Row[]>; readonly line: (row: Row) => string },
): Promise<number> {
  let count = 0;
  for (let page = await read(null); page.length > 0; page = await read(page.at(-1) ?? null)) {
    for (const row of page) context.print(line(row));
    count += page.length;
  }
  return count;
}
