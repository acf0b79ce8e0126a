import { describe, expect, test } from 'vitest';
import { parseRatesCommand } from '../../../server/rates/parse-rates-command.ts';

function run(text: string, options: { skipBad?: boolean; column?: string[] } = {}): { code: number; lines: string[] } {
  const lines: string[] = [];
  const code = parseRatesCommand(text, { ...options, print: (line) => lines.push(line) });
  return { code, lines };
}

describe('the dry run of an import', () => {
  test('says what would be imported', () => {
    expect(run('prefix,price,weight\n49,0.02,1\n')).toEqual({
      code: 0,
      lines: ['columns not used: weight', '1 rows, 1 rates, 0 bad rows: good'],
    });
  });

  test('names line, column, value and reason of what is bad, and fails', () => {
    expect(run('prefix,price\n49,0.02\n43,free\n')).toEqual({
      code: 1,
      lines: ['line 3, column price: "free" not a decimal number', '2 rows, 0 rates, 1 bad rows: not importable'],
    });
  });

  test('names a column that is missing, with what it may be called', () => {
    expect(run('prefix,destination\n49,Germany\n').lines[0]).toMatch(
      /^line 1, column price: is missing; it may be called price, rate, /,
    );
    expect(run('').lines[0]).toBe('line 1: the file is empty');
  });

  test('a file full of bad cells does not fill the screen; what is left out of an import is listed in full', () => {
    const rows = Array.from({ length: 25 }, (_, index) => `43${index + 100},free\n`).join('');
    const { lines } = run(`prefix,price\n49,0.02\n${rows}`);
    expect(lines).toHaveLength(22);
    expect(lines.slice(19)).toEqual([
      'line 22, column price: "free" not a decimal number',
      'and 5 more',
      '26 rows, 0 rates, 25 bad rows: not importable',
    ]);
    expect(run(`prefix,price\n49,0.02\n${rows}`, { skipBad: true }).lines).toHaveLength(26);
  });

  test('lists what it skipped when it may skip', () => {
    const { code, lines } = run('prefix,price\n49,0.02\n43,free\n', { skipBad: true });
    expect(code).toBe(0);
    expect(lines).toEqual([
      'line 3, column price: "free" not a decimal number',
      '2 rows, 1 rates, 1 bad rows: importable without the bad rows',
    ]);
  });

  test('takes the name of a column', () => {
    expect(run('prefix,interrate\n49,0.02\n', { column: ['price=interrate'] }).code).toBe(0);
    expect(() => run('prefix,x\n', { column: ['cost=x'] })).toThrow('--column cost=x');
  });
});
