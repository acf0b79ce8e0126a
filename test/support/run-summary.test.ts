import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { countStep, joinTries, type StepOutcome, summaryOf } from './run-summary.ts';
import { type FileReport, readStepReport, reasonOf, type StepReport } from './step-report.ts';

function file(name: string, passed: number, ...failed: string[]): FileReport {
  return { file: name, passed, failures: failed.map((test) => ({ file: name, name: test, reason: `${test} broke` })) };
}

function reportOf(...files: FileReport[]): StepReport {
  return { files, strayErrors: [] };
}

function outcome(name: string, changed: Partial<StepOutcome> = {}): StepOutcome {
  return { name, passed: 1, failures: [], late: [], durationSeconds: 2.4, ...changed };
}

describe('a step', () => {
  test('counts the tests of its files', () => {
    const report = reportOf(file('a.test.ts', 3), file('b.test.ts', 1, 'adds', 'takes'));
    const { passed, failures } = countStep({ name: 'unit', exitCode: 1, report });
    expect(passed).toBe(4);
    expect(failures.map(({ name }) => name)).toEqual(['adds', 'takes']);
  });

  test('without tests is one check, and its name is what failed', () => {
    expect(countStep({ name: 'types', exitCode: 0, report: 'none' })).toEqual({ passed: 1, failures: [] });
    const broken = countStep({ name: 'types', exitCode: 2, report: 'none' });
    expect(broken).toMatchObject({
      passed: 0,
      failures: [{ file: 'types', name: '(ended with 2, and no test failed)' }],
    });
  });

  test('that left no report, ran no test or had an error outside of tests has failed, whatever it says', () => {
    expect(countStep({ name: 'unit', exitCode: 0, report: null }).failures).toHaveLength(1);
    expect(countStep({ name: 'unit', exitCode: 0, report: reportOf() }).failures).toHaveLength(1);
    expect(countStep({ name: 'unit', exitCode: 1, report: reportOf(file('a.test.ts', 3)) }).failures).toHaveLength(1);
    const stray = countStep({
      name: 'unit',
      exitCode: 1,
      report: { files: [file('a.test.ts', 3)], strayErrors: ['Error: late'] },
    });
    expect(stray).toMatchObject({ passed: 3, failures: [{ file: 'unit', reason: 'Error: late' }] });
  });
});

describe('a second try', () => {
  const first = reportOf(file('a.test.ts', 3), file('b.test.ts', 1, 'adds', 'takes'));

  test('counts instead of the first, file by file, and what failed only once is late', () => {
    const { report, late } = joinTries(first, reportOf(file('b.test.ts', 2, 'takes')));
    expect(countStep({ name: 'flows', exitCode: 1, report })).toMatchObject({
      passed: 5,
      failures: [{ name: 'takes' }],
    });
    expect(late.map(({ name }) => name)).toEqual(['adds']);
  });

  test('takes back no failure of a file that did not run again, and no error outside of tests', () => {
    const { report, late } = joinTries({ ...first, strayErrors: ['Error: late'] }, reportOf());
    expect(countStep({ name: 'flows', exitCode: 0, report }).failures).toHaveLength(3);
    expect(late).toEqual([]);
  });
});

describe('the end of npm test', () => {
  test('is the line that counts, and before it every failure with its file, name and reason', () => {
    const { failures } = countStep({ name: 'unit', exitCode: 1, report: reportOf(file('b.test.ts', 1, 'adds')) });
    const late = [{ file: 'c.flow.test.ts', name: 'rings', reason: 'Error: too late' }];
    const lines = summaryOf([outcome('types'), outcome('unit', { failures }), outcome('flows', { late })]).split('\n');
    expect(lines).toEqual([
      'Passed only at the second try:',
      '  c.flow.test.ts > rings',
      '      Error: too late',
      '',
      'Failed:',
      '  b.test.ts > adds',
      '      adds broke',
      '',
      'types 2 s, unit 2 s, flows 2 s',
      '3 passed, 1 failed',
    ]);
  });

  test('stays short when everything failed for one reason', () => {
    const report = reportOf(file('a.test.ts', 0, ...Array.from({ length: 100 }, (_, index) => `test ${index}`)));
    const summary = summaryOf([outcome('unit', countStep({ name: 'unit', exitCode: 1, report }))]);
    expect(summary).toContain('and 60 more');
    expect(summary.split('\n').at(-1)).toBe('0 passed, 100 failed');
  });
});

describe('the reason of a failure', () => {
  test('is one line without colours, and not endless', () => {
    const message = '\u001b[31mexpected 1 to be 2\u001b[39m\n\n- 2\n+ 1';
    expect(reasonOf({ name: 'AssertionError', message })).toBe('AssertionError: expected 1 to be 2');
    expect(reasonOf({ message: 'x'.repeat(1000) })).toHaveLength(301);
    expect(reasonOf(undefined)).toBe('');
  });
});

describe("Vitest's reporter", () => {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-report-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('names tests, hooks and files that failed, and errors that belong to no test', () => {
    write(
      'some.test.ts',
      "describe('sums', () => { test('adds', () => expect(1).toBe(2)); test('takes', () => {}); });",
    );
    write(
      'hook.test.ts',
      "describe('rows', () => { beforeAll(() => { throw new Error('no rows'); }); test('x', () => {}); });",
    );
    write('broken.test.ts', "throw new Error('not even loaded');");
    write('stray.test.ts', "test('y', async () => { Promise.reject(new Error('nobody waits')); });");
    const report = runVitest();
    expect(report?.files.toSorted((one, other) => one.file.localeCompare(other.file))).toEqual([
      failed('broken.test.ts', 0, '(the file itself)', 'Error: not even loaded'),
      failed('hook.test.ts', 0, 'rows (before or after its tests)', 'Error: no rows'),
      failed('some.test.ts', 1, 'sums > adds', 'AssertionError: expected 1 to be 2 // Object.is equality'),
      { file: 'stray.test.ts', passed: 1, failures: [] },
    ]);
    expect(report?.strayErrors).toEqual(['Error: nobody waits']);
  });

  function write(name: string, source: string): void {
    writeFileSync(join(folder, name), `${source}\n`);
  }

  function failed(name: string, passed: number, test: string, reason: string): FileReport {
    return { file: name, passed, failures: [{ file: name, name: test, reason }] };
  }

  function runVitest(): StepReport | null {
    const root = join(import.meta.dirname, '../..');
    const path = join(folder, 'report.json');
    const reporter = join(import.meta.dirname, 'vitest-reporter.ts');
    const parameters = ['run', '--root', folder, '--globals', `--reporter=${reporter}`];
    try {
      execFileSync(join(root, 'node_modules/.bin/vitest'), parameters, {
        env: { ...process.env, STEP_REPORT_FILE: path },
        stdio: 'pipe',
      });
    } catch {
      // Its tests fail, so its exit code does; what counts is the report.
    }
    return readStepReport(path);
  }
});
