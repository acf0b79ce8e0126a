/** What the operator's commands work with. */
import { readFileSync } from 'node:fs';
import { SETTINGS } from '../config.ts';
import type { StripeAddress } from '../payments/stripe-client.ts';
import { openStore, type StoreAddress } from '../storage/open-store.ts';
import type { OfficeRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { fileWords } from './file-words.ts';
import { OperatorError } from './operator-error.ts';

export interface OperatorContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly setExitCode: (code: number) => void;
  /** Another address than Stripe's, for tests. */
  readonly stripeAddress?: StripeAddress;
}

/** Runs the work on the data that the servers use too; both may write, in turn. */
export async function withStore<T>(context: OperatorContext, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(storeAddress(context)).catch((error: unknown) => {
    throw new OperatorError(error instanceof Error ? error.message : String(error));
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Where the servers of this environment have their data. */
export function storeAddress({ environment }: Pick<OperatorContext, 'environment'>): StoreAddress {
  const setting = SETTINGS.find(({ name }) => name === 'DATA_FILE');
  return {
    databaseUrl: environment.DATABASE_URL || null,
    dataFile: environment.DATA_FILE || setting?.byDefault || '',
  };
}

export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`The file ${path} cannot be read: ${fileWords(error)}.`);
  }
}

/** The office of that id. With one id in several accounts, --account must say which. */
export async function findOffice(
  store: Store,
  named: { readonly office: string; readonly account: string | undefined },
): Promise<OfficeRow> {
  let query = store.db.selectFrom('office').selectAll().where('officeId', '=', named.office);
  if (named.account !== undefined) query = query.where('accountId', '=', named.account);
  const [office, other] = await query.limit(2).execute();
  if (office === undefined)
    throw new OperatorError(`--office: there is no office "${named.office}". See "offices list".`);
  if (other !== undefined)
    throw new OperatorError(`--office: several accounts have an office "${named.office}"; add --account.`);
  return office;
}

/** Throws OperatorError when there is no such account: a check of nothing would find nothing. */
export async function requireAccount(store: Store, accountId: string): Promise<void> {
  const account = await store.db.selectFrom('account').select('accountId').where('accountId', '=', accountId).execute();
  if (account.length === 0) {
    throw new OperatorError(`--account: there is no account "${accountId}". See "accounts list".`);
  }
}
