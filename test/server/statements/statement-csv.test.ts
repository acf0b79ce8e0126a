/** The file "Export Credit Usage" (D-27): the same lines, safe in a spreadsheet, and a chain of links that can be checked. */
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entryLink, walletLink } from '../../../server/ledger/entry-link.ts';
import { STATEMENT_COLUMNS } from '../../../server/ledger/statement-columns.ts';
import { STATEMENT_CSV_COLUMNS } from '../../../server/statements/statement-csv.ts';
import { ACME, BERLIN, StatementRig } from '../../support/statement-rig.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';

const USD = 1_000_000;

type CsvRow = Readonly<Record<string, string>>;

function rowsOf(text: string): CsvRow[] {
  // Texts that a spreadsheet would calculate have an apostrophe before them; whoever reads cells takes it away.
  const cast = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20])/, '');
  return parse(text, { columns: true, bom: true, record_delimiter: '\r\n', cast }) as CsvRow[];
}

describe.each(STATEMENT_STORES)('the CSV of a statement on %s', (_, createHome) => {
  let rig: StatementRig;
  beforeEach(async () => {
    rig = await StatementRig.open(createHome, 'America/New_York');
  }, 60_000);
  afterEach(() => rig.close());

  test('D-27: has a row for each line, with the same sum, and announces how many', async () => {
    await rig.credit('credit', 100 * USD);
    for (let index = 0; index < 7; index += 1)
      await rig.call({ callId: `call-000${index}`, durationSeconds: 59 * (index + 1) });
    const { text, rowCount, fileName } = await rig.csv();
    const rows = rowsOf(text);
    const lines = await rig.lines({ direction: 'asc' });
    expect(fileName).toBe('usage-berlin.csv');
    expect(rowCount).toBe(8);
    expect(rows.map((row) => [row.sequence, row.amount_micros, row.balance_micros])).toEqual(
      lines.map((line) => [`${line.sequence}`, `${line.amountMicros}`, `${line.balanceMicros}`]),
    );
    const decimals = rows.reduce((sum, { amount }) => sum + Math.round(Number(amount) * USD), 0);
    expect(decimals).toBe(await rig.balanceMicros());
    expect(rows[1]).toMatchObject({
      date: '2026-11-10',
      time: '07:00:00',
      type: 'Outbound International Call',
      person: 'Sam Reed',
      department: 'Berlin',
      number_used: '+4930123456',
      other_number: '+491713920031',
      destination: 'Germany, mobile',
      duration_seconds: '59',
      amount: '-0.065',
      balance: '99.935',
      currency: 'USD',
    });
  });

  test('RFC 4180: one header row, CRLF, quoted commas, quotes and line breaks; UTF-8 with a byte order mark', async () => {
    await rig.credit('credit', 1 * USD, { reference: 'said "thanks",\r\nthen left, 感謝' });
    const { text } = await rig.csv();
    expect(text.startsWith(`\uFEFF${STATEMENT_CSV_COLUMNS.join(',')}\r\n`)).toBe(true);
    expect(text).toContain('"said ""thanks"",\r\nthen left, 感謝"');
    expect(text.endsWith('\r\n')).toBe(true);
    expect(rowsOf(text)).toMatchObject([{ reference: 'said "thanks",\r\nthen left, 感謝' }]);
    expect(STATEMENT_CSV_COLUMNS).toEqual(expect.arrayContaining(Object.values(STATEMENT_COLUMNS)));
    expect(new Set(STATEMENT_CSV_COLUMNS).size).toBe(STATEMENT_CSV_COLUMNS.length);
  });

  test('a text that a spreadsheet would calculate has an apostrophe before it; amounts are numbers', async () => {
    await rig.credit('credit', 100 * USD);
    const formulas = ['=HYPERLINK("https://evil.example")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1'];
    for (const [index, formula] of formulas.entries()) {
      await rig.call({ callId: `call-000${index}`, durationSeconds: 60, personName: formula, number: formula });
    }
    const { text } = await rig.csv();
    for (const formula of formulas) expect(text).toContain(`'${formula.replaceAll('"', '""')}`);
    expect(text).toContain(',-0.065,');
    expect(
      rowsOf(text)
        .slice(1)
        .map(({ person }) => person),
    ).toEqual(formulas);
  });

  test('the chain of links can be checked from the file alone, also where it is filtered', async () => {
    await rig.credit('credit', 100 * USD);
    for (let index = 0; index < 5; index += 1) {
      await rig.call({ callId: `call-000${index}`, durationSeconds: 60, personId: index % 2 === 0 ? 'sam' : 'kim' });
      await rig.charge(`number-${index}`, 1 * USD);
    }
    const whole = rowsOf((await rig.csv()).text);
    expect(whole[0]?.previous_link).toBe(walletLink({ accountId: ACME, walletId: 'berlin', currency: 'USD' }));
    const filtered = rowsOf((await rig.csv({ personId: 'kim' })).text);
    expect(filtered).toHaveLength(2);
    for (const row of [...whole, ...filtered]) expect(row.link).toBe(linkOf(row));
    whole.slice(1).forEach((row, index) => {
      expect(row.previous_link).toBe(whole[index]?.link);
    });
  });

  function linkOf(row: CsvRow): string {
    return entryLink(row.previous_link ?? '', {
      accountId: row.account ?? '',
      walletId: row.wallet ?? '',
      sequence: Number(row.sequence),
      operationId: row.operation ?? '',
      atMs: Number(row.at_ms),
      entryKind: row.kind ?? '',
      reference: row.reference ?? '',
      otherAccount: row.other_account ?? '',
      amountMicros: Number(row.amount_micros),
      balanceMicros: Number(row.balance_micros),
    });
  }

  test('ends where the wallet ended when it was asked for, however long it is read', async () => {
    await rig.credit('credit', 100 * USD);
    const made = await rig.statements.exportCsv(BERLIN, {});
    if (!made.ok) throw new Error(made.refusal.code);
    await rig.charge('meanwhile', 1 * USD);
    await rig.lines();
    let rows = 0;
    for await (const page of made.value.pages) rows += page.rowCount;
    expect([made.value.rowCount, rows]).toEqual([1, 1]);
  });

  test('a period without lines is a header row; a file name has no way out of its folder', async () => {
    await rig.credit('credit', 100 * USD);
    const { text, rowCount, fileName } = await rig.csv({ month: '2027-01' });
    expect([text.trim().split('\r\n').length, rowCount, fileName]).toEqual([1, 0, 'usage-berlin-2027-01.csv']);
    expect((await rig.csv({ from: '2026-11-01', to: '2026-11-30' })).fileName).toBe(
      'usage-berlin-2026-11-01-2026-11-30.csv',
    );
    expect((await rig.csv({ text: 'wire', personId: 'nobody' })).rowCount).toBe(0);
    expect((await rig.csv({ text: 'wire' })).rowCount).toBeNull();
  });
});
