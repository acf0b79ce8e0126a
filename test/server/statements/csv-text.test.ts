/** Cells of CSV, held to what csv-stringify writes and csv-parse reads. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvText } from '../../../server/statements/csv-text.ts';

const special = fc.constantFrom(
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '"',
  ',',
  "'",
  '；',
  '＝',
  '＋',
  '－',
  '＠',
  ' ',
  'é',
  '😀',
  'a',
  '1',
);
const text = fc.oneof(fc.string({ unit: special, maxLength: 8 }), fc.string({ unit: 'binary' }));

describe('a text as a cell of CSV', () => {
  test('is what csv-stringify makes of it with formulas escaped', () => {
    const written = (cell: string) =>
      stringify([[cell, 'next']], { escape_formulas: true, record_delimiter: 'windows' });
    fc.assert(
      fc.property(text, (cell) => {
        // Quotation marks around more than needs them are no difference to a reader: csv-stringify looks at CRLF as a whole.
        const read = (csv: string) => parse(csv, { record_delimiter: '\r\n' }) as string[][];
        expect(read(`${csvText(cell)},next\r\n`)).toEqual(read(written(cell)));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+4930123', "'+4930123"],
    ['@SUM(A1),2', '"\'@SUM(A1),2"'],
    ['\rx', '"\'\rx"'],
    ["'quoted", "'quoted"],
    [' =1', ' =1'],
  ])('%j is written as %j', (cell, written) => {
    expect(csvText(cell)).toBe(written);
  });
});
