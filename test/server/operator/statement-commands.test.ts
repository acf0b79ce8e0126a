/** `statements export` across accounts, checked by `ledger verify`; `statements rebuild` (issue 5, "Statements"). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runOperator } from '../../support/run-operator.ts';

let folder = '';
const operator = (...words: string[]) => runOperator({ DATA_FILE: join(folder, 'data.sqlite') }, words);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'statement-commands-'));
  for (const [account, office] of [
    ['acme', 'berlin'],
    ['acme', 'austin'],
    ['umbrella', 'lima'],
  ] as const) {
    const zone = ['--time-zone', 'Europe/Berlin'];
    if (office !== 'austin') {
      await operator('accounts', 'create', '--id', account, '--name', account, '--currency', 'USD', ...zone);
    }
    const names = ['--account', account, '--id', office, '--name', office, '--country', 'DE'];
    await operator('offices', 'create', ...names, ...zone);
    for (const amount of ['25', '12.50']) {
      await operator(
        'credit',
        'add',
        '--office',
        office,
        '--amount',
        amount,
        '--note',
        `=${amount}`,
        '--id',
        `${office}-${amount}`,
      );
    }
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  return parse(readFileSync(file), { columns: true, bom: true });
}

describe('statements', () => {
  test('export writes every entry of all accounts, and ledger verify finds the chain of each wallet whole', async () => {
    const file = join(folder, 'all.csv');
    expect(await operator('statements', 'export', file)).toEqual({ lines: [`6 rows in ${file}`], exitCode: 0 });
    expect(rowsOf(file).map(({ account, wallet, amount, balance }) => [account, wallet, amount, balance])).toEqual([
      ['acme', expect.any(String), '25', '25'],
      ['acme', expect.any(String), '12.5', '37.5'],
      ['acme', expect.any(String), '25', '25'],
      ['acme', expect.any(String), '12.5', '37.5'],
      ['umbrella', expect.any(String), '25', '25'],
      ['umbrella', expect.any(String), '12.5', '37.5'],
    ]);
    expect(readFileSync(file, 'utf8').match(/sequence/g)).toHaveLength(1);
    expect((await operator('ledger', 'verify', file)).exitCode).toBe(0);
  });

  test('export keeps to an account, an office, a period; and says which option is wrong', async () => {
    const rows = async (...options: string[]) => {
      const file = join(folder, `${options.join('')}.csv`.replaceAll(/[^\w.]/g, '_'));
      await operator('statements', 'export', file, ...options);
      return rowsOf(file).length;
    };
    expect(await rows('--account', 'acme')).toBe(4);
    expect(await rows('--office', 'lima')).toBe(2);
    expect(await rows('--month', '1999-01')).toBe(0);
    expect(await rows('--from', '1999-01-01')).toBe(6);
    expect(await rows('--to', '1999-01-01')).toBe(0);
    await expect(rows('--month', 'May')).rejects.toThrow('--month is "May"; expected for instance 2026-11.');
    await expect(rows('--from', '2026-1-1')).rejects.toThrow('--from is "2026-1-1"; expected for instance 2026-11-01.');
    await expect(rows('--account', 'nobody')).rejects.toThrow('--account: there is no account "nobody"');
  });

  test('export writes over no file', async () => {
    const file = join(folder, 'all.csv');
    await operator('statements', 'export', file, '--office', 'lima');
    const before = readFileSync(file, 'utf8');
    await expect(operator('statements', 'export', file)).rejects.toThrow(
      /cannot be written: it is there already, and nothing is written over\.$/,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('rebuild makes the same lines again, however often', async () => {
    const [first, second] = [join(folder, 'first.csv'), join(folder, 'second.csv')];
    await operator('statements', 'export', first);
    for (let round = 0; round < 2; round += 1) {
      expect((await operator('statements', 'rebuild')).lines).toEqual([
        '3 offices: statements made again from the ledger',
      ]);
    }
    await operator('statements', 'rebuild', '--office', 'lima');
    await operator('statements', 'export', second);
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
  });
});
