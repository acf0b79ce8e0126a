/**
 * `npm test`: everything that proves the product, cheapest first, and one line at the end: "N passed, N failed". A step that breaks
 * off without having counted anything counts as one failure, so the line can't be green by accident.
 *
 * The flows run two browsers and two servers in real time, and a machine that is busy with something else can make them late. A flow
 * file with a failure runs a second time, whole and alone; what failed at first is said, and only a second failure counts.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findChromium } from './support/find-chromium.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Where the step leaves its counts; a step without a report is one check. */
  readonly report: 'vitest' | 'web-test-runner' | null;
  /** True where real time decides: files that failed get a second try. */
  readonly hasSecondTry?: boolean;
}

const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '-p', '.'], report: null },
  { name: 'lint', command: ['biome', 'check', '--max-diagnostics=50', '.'], report: null },
  { name: 'requirements', command: ['node', 'test/requirements/list-requirements.ts'], report: null },
  { name: 'unit and architecture', command: ['vitest', 'run'], report: 'vitest' },
  {
    name: 'faults of disks, processes and databases',
    command: ['vitest', 'run', '--config', 'test/faults/vitest.config.ts'],
    report: 'vitest',
  },
  {
    name: 'elements and line, in Chromium',
    command: ['wtr', '--config', 'test/web-test-runner.config.mjs'],
    report: 'web-test-runner',
  },
  {
    name: 'flows through the whole stack, with audio',
    command: ['vitest', 'run', '--config', 'test/flows/vitest.config.ts'],
    report: 'vitest',
    hasSecondTry: true,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-test-'));

async function main(): Promise<number> {
  await findChromium();
  let total: Counts = { passed: 0, failed: 0 };
  for (const [index, step] of STEPS.entries()) {
    const startedAt = performance.now();
    console.log(`\n── ${index + 1}/${STEPS.length} ${step.name}`);
    const counts = await runWithSecondTry(step, join(folder, `${index}.json`));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`── ${step.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`);
    total = { passed: total.passed + counts.passed, failed: total.failed + counts.failed };
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function runWithSecondTry(step: Step, reportFile: string): Promise<Counts> {
  const first = await runStep(step, reportFile);
  const late = step.hasSecondTry && first.failed > 0 ? failedFiles(reportFile) : [];
  if (late.length === 0) return first;
  console.log(`\n── second try, since these failed once: ${late.map(({ file }) => file).join(', ')}`);
  const command = [...step.command, ...late.map(({ file }) => file)];
  const second = await runStep({ ...step, command }, `${reportFile}.second.json`);
  const again = late.reduce((sum, { passed }) => sum + passed, 0);
  return { passed: first.passed - again + second.passed, failed: second.failed };
}

/** Files of a Vitest report with a failure, and how many of their tests passed. */
function failedFiles(reportFile: string): readonly { readonly file: string; readonly passed: number }[] {
  if (!existsSync(reportFile)) return [];
  // Vitest's own report; only these fields are read.
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as {
    readonly testResults: readonly {
      readonly name: string;
      readonly status: string;
      readonly assertionResults: readonly { readonly status: string }[];
    }[];
  };
  return report.testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      file: relative('.', name),
      passed: assertionResults.filter(({ status }) => status === 'passed').length,
    }));
}

async function runStep(step: Step, reportFile: string): Promise<Counts> {
  const reporting =
    step.report === 'vitest' ? ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`] : [];
  const exitCode = await run([...step.command, ...reporting], { TEST_COUNTS_FILE: reportFile });
  const counts = step.report === null ? { passed: exitCode === 0 ? 1 : 0, failed: 0 } : readCounts(step, reportFile);
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function readCounts(step: Step, reportFile: string): Counts {
  try {
    const report: unknown = JSON.parse(readFileSync(reportFile, 'utf8'));
    const passed = numberIn(report, step.report === 'vitest' ? 'numPassedTests' : 'passed');
    const failed = numberIn(report, step.report === 'vitest' ? 'numFailedTests' : 'failed');
    return passed + failed === 0 ? { passed: 0, failed: 1 } : { passed, failed };
  } catch (error) {
    console.error(`The step "${step.name}" left no counts: ${String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

function numberIn(report: unknown, key: string): number {
  if (typeof report !== 'object' || report === null) throw new TypeError('The report is not an object.');
  const value = Object.entries(report).find(([name]) => name === key)?.[1];
  if (typeof value !== 'number') throw new TypeError(`The report has no number "${key}".`);
  return value;
}

function run(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const [program = '', ...parameters] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', program), parameters, {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
