/** Where all the data of an installation is, as commands name it. */
import type { CopyTarget } from '../storage/copy/copy-target.ts';
import { openPostgresCopyTarget } from '../storage/copy/postgres-copy-target.ts';
import { openSqliteCopyTarget } from '../storage/copy/sqlite-copy-target.ts';
import { openStore } from '../storage/open-store.ts';
import { isDatabaseUrl, parseDatabaseUrl } from '../storage/postgres/database-url.ts';
import type { Store } from '../storage/store.ts';
import type { OperatorContext } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';

export type Installation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

export const INSTALLATION_FORMS =
  'sqlite:PATH, postgres://USER:PASSWORD@HOST:PORT/DATABASE, or env:NAME for the address in an environment variable';

/** Reads an option. Complaints never show what is given: it may hold a password. */
export function installationOption(
  option: string,
  { text, environment }: { readonly text: string } & Pick<OperatorContext, 'environment'>,
): Installation {
  const named = /^env:(\w+)$/.exec(text)?.[1];
  if (named !== undefined) {
    const value = environment[named];
    if (!value) throw new OperatorError(`${option}: the environment variable ${named} is not set.`);
    return installationOption(`${option} (${named})`, { text: value, environment: {} });
  }
  const path = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return { kind: 'sqlite', path };
  // "postgres:" before the address itself says once more what it is.
  const url = text.replace(/^postgres:(?=postgres(ql)?:)/, '');
  if (!isDatabaseUrl(url)) throw new OperatorError(`${option}: expected ${INSTALLATION_FORMS}.`);
  const address = parseDatabaseUrl(url);
  if ('wrong' in address) throw new OperatorError(`${option}: the address ${address.wrong}.`);
  return { kind: 'postgres', url };
}

/** Brings its tables up to this version. */
export function openInstallation(installation: Installation): Promise<Store> {
  return installation.kind === 'sqlite'
    ? openStore({ databaseUrl: null, dataFile: installation.path })
    : openStore({ databaseUrl: installation.url, dataFile: '' });
}

/** Its tables are there already. */
export async function openCopyTarget(installation: Installation): Promise<CopyTarget> {
  return installation.kind === 'sqlite'
    ? openSqliteCopyTarget(installation.path)
    : openPostgresCopyTarget(installation.url);
}
