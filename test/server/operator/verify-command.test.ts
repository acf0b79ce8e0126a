import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, chargeOf, creditOf, WALLET } from '../../support/ledger-operations.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { runOperator } from '../../support/run-operator.ts';
import { type StatementRecord, statementCsv, statementRecords } from '../../support/statement-csv.ts';

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-verify-'));
const file = join(folder, 'statement.csv');
let records: StatementRecord[];
beforeAll(async () => {
  const home = await createSqliteHome();
  const store = await home.open();
  await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
  const charges = [1, 2, 3].map((dollars) => chargeOf(dollars * 1_000_000, { operationId: `charge-${dollars}` }));
  await store.applyBatch([creditOf(25_000_000, { operationId: 'fund' }), ...charges]);
  records = await statementRecords(store);
  await store.close();
  await home.remove();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With no data anywhere: what is there to be opened would be an error. */
const verify = (rows: readonly StatementRecord[], ...flags: string[]) => {
  writeFileSync(file, statementCsv(rows));
  return runOperator({ DATA_FILE: '/nowhere/at/all', DATABASE_URL: '' }, ['ledger', 'verify', file, ...flags]);
};

describe('operator ledger verify', () => {
  test('issue 5: proves a statement offline, with its balances and its last link', async () => {
    expect(await verify(records, '--complete')).toEqual({
      lines: [
        'account acme, wallet berlin: 4 rows, entries 1 to 4',
        '  opening balance 0.00 USD, closing balance 19.00 USD',
        `  the last link is ${records[3]?.link}: a later statement goes on from it`,
        '4 rows: every link, every sequence and every balance is right.',
      ],
      exitCode: 0,
    });
  });

  test('names line, entry, column and what was expected when something was changed', async () => {
    const changed = records.map((record, index) => (index === 1 ? { ...record, amount_micros: -500_000 } : record));
    const { lines, exitCode } = await verify(changed);
    expect(exitCode).toBe(1);
    expect(lines[0]).toBe('line 3, entry 2, column balance_micros: expected 24500000, found 24000000');
    expect(lines.at(-1)).toBe('4 rows: 1 of them are wrong. This is not what was written.');
  });

  test('says when it is a part: one that begins later, one that was filtered; --complete takes neither', async () => {
    const part = records.filter((_, index) => index !== 0 && index !== 2);
    const { lines, exitCode } = await verify(part);
    expect(exitCode).toBe(0);
    expect(lines).toContain(`  goes on from entry 1, whose link was ${records[0]?.link}`);
    expect(lines.join('\n')).toContain('filtered: entries are left out in 1 places');
    const strict = await verify(part, '--complete');
    expect(strict.exitCode).toBe(1);
    expect(strict.lines.at(-1)).toMatch(/^It is not complete/);
    expect((await verify([], '--complete')).exitCode).toBe(1);
    expect((await verify([])).exitCode).toBe(0);
  });

  test('a file that is none is told in one sentence, and cannot write on the terminal', async () => {
    writeFileSync(file, 'a,b\n');
    const words = runOperator({}, ['ledger', 'verify', file]);
    await expect(words).rejects.toThrow(/^The file .*statement\.csv is no statement: its first line lacks the columns/);
    await expect(runOperator({}, ['ledger', 'verify', join(folder, 'none.csv')])).rejects.toThrow(
      /cannot be read: there is no such file or folder\.$/,
    );
    const rude = records.map((record) => ({ ...record, currency: '\u001b[2Jx' }));
    expect((await verify(rude)).lines.join('')).not.toContain('\u001b');
  });
});
