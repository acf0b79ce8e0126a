/** The operator's commands on DATABASE_URL: the same words, the same money. */
import type { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOperatorProgram } from '../../../server/operator/operator-program.ts';
import { createPostgresHome, type PostgresHome } from '../../support/postgres-home.ts';

let home: PostgresHome;
beforeEach(async () => {
  home = await createPostgresHome();
});
afterEach(() => home.remove());

function silent(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const child of command.commands) silent(child);
  return command;
}

async function operator(words: string, url = home.url): Promise<readonly string[]> {
  const lines: string[] = [];
  const context = {
    // The file is not looked at.
    environment: { DATABASE_URL: url, DATA_FILE: '/nowhere/at/all.sqlite' },
    print: (line: string) => lines.push(line),
    setExitCode: (code: number) => lines.push(`exit code ${code}`),
  };
  await silent(createOperatorProgram(context)).parseAsync(words.split(' '), { from: 'user' });
  return lines;
}

test('make an account, an office and credit, once, and prove the book', async () => {
  await operator('accounts create --id acme --name Acme --currency USD --time-zone UTC');
  await operator('offices create --account acme --id austin --name Austin --country US --time-zone UTC');
  const credit = 'credit add --office austin --amount 25.50 --note invoice --id invoice-1';
  expect(await operator(credit)).toEqual([
    '25.50 added; balance 25.50.',
    'No receipt: --receipt makes one for credit that was paid for.',
  ]);
  expect(await operator(credit)).toEqual(['25.50 had been added before, nothing was added now; balance 25.50.']);
  expect(await operator('offices list')).toEqual(['acme\taustin\tAustin\t25.50 USD available', '1 offices']);
  expect(await operator('balance show --office austin')).toContain('available 25.50 USD');
  expect((await operator('ledger show --office austin')).join('\n')).toMatch(
    /25\.50 +25\.50 +operator_credit {2}invoice/,
  );
  expect((await operator('ledger check')).join('\n')).toMatch(/1 wallets.*0 differences/s);
});

test('a database that is not there is one sentence without the password', async () => {
  const url = new URL(home.url);
  url.pathname = '/nowhere';
  const failure = await operator('accounts list', url.href).catch(String);
  expect(failure).toMatch(
    /^OperatorError: PostgreSQL at .*\/nowhere is unavailable: there is no database of that name$/,
  );
  expect(failure).not.toContain(url.password);
});
