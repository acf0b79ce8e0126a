import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StatementMeter } from '../../../src/gate/statement-meter.ts';

function measured(text: string, pieceBytes = text.length + 4): ReturnType<StatementMeter['end']> {
  const bytes = new TextEncoder().encode(text);
  const meter = new StatementMeter();
  for (let at = 0; at < bytes.length; at += pieceBytes) meter.read(bytes.subarray(at, at + pieceBytes));
  return meter.end();
}

const HEADER = 'person,amount_micros,link\r\n';

describe('what is in a file', () => {
  test('D-27: rows and what they took from the credit; what came in is not spent', () => {
    expect(measured(`\uFEFF${HEADER}Ada,-55000,a\r\nLuis,-1,b\r\n,25000000,c\r\n`)).toEqual({
      rows: 3,
      spentMicros: 55_001,
    });
  });

  test('a header alone is no row, and neither is nothing', () => {
    expect(measured(HEADER)).toEqual({ rows: 0, spentMicros: 0 });
    expect(measured('')).toEqual({ rows: 0, spentMicros: 0 });
  });

  test('the last row counts without a line break, and line breaks of one letter count as well', () => {
    expect(measured('a,amount_micros\nx,-1\ny,-2')).toEqual({ rows: 2, spentMicros: 3 });
  });

  test('commas, quotes and line breaks within quotes are no ends', () => {
    const rows = [
      ['Ada "the first", Countess\r\nof Lovelace', -5, ''],
      ['=cmd()', -7, ''],
      ['', 3, '"'],
    ];
    expect(measured(HEADER + stringify(rows, { record_delimiter: 'windows' }))).toEqual({ rows: 3, spentMicros: 12 });
  });

  test('a debit that a spreadsheet was kept from reading as a formula is still one', () => {
    expect(measured("amount_micros\r\n'-12\r\n")).toEqual({ rows: 1, spentMicros: 12 });
  });

  test('a byte order mark that comes in pieces is no part of the first column', () => {
    expect(measured('\uFEFFamount_micros\r\n-5\r\n', 1)).toEqual({ rows: 1, spentMicros: 5 });
  });

  test('without the column the rows are counted', () => {
    expect(measured('amount\r\n-1\r\n-1\r\n')).toEqual({ rows: 2, spentMicros: 0 });
  });

  test('a file is the same however it is cut, also in the middle of a letter', () => {
    const row = fc.tuple(fc.string({ unit: 'grapheme' }), fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.string());
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), fc.integer({ min: 1, max: 9 }), (rows, pieceBytes) => {
        const text = HEADER + stringify(rows, { record_delimiter: 'windows', escape_formulas: true });
        const spentMicros = rows.reduce((sum, [, amount]) => sum + Math.max(0, -amount), 0);
        expect(measured(text, pieceBytes)).toEqual({ rows: rows.length, spentMicros });
      }),
      { numRuns: 200 },
    );
  });
});
