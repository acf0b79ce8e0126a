/**
 * `npm test`: everything that proves the product, cheapest first. At the end every test that failed is named, and the last line is
 * "N passed, N failed".
 *
 * The flows run two browsers and two servers in real time, and a machine that is busy with something else can make them late. A flow
 * file with a failure runs a second time, whole and alone; what failed at first is said, and only a second failure counts.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './support/find-chromium.ts';
import { countStep, joinTries, type StepOutcome, type StepResult, summaryOf } from './support/run-summary.ts';
import { readStepReport } from './support/step-report.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** False: the step is one check. */
  readonly hasTests: boolean;
  /** True where real time decides: files that failed get a second try. */
  readonly hasSecondTry?: boolean;
}

const VITEST = ['vitest', 'run', '--reporter=default', '--reporter=./test/support/vitest-reporter.ts'] as const;

const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '-p', '.'], hasTests: false },
  { name: 'lint', command: ['biome', 'check', '--max-diagnostics=50', '.'], hasTests: false },
  { name: 'requirements', command: ['node', 'test/requirements/list-requirements.ts'], hasTests: false },
  { name: 'unit and architecture', command: VITEST, hasTests: true },
  {
    name: 'faults of disks, processes and databases',
    command: [...VITEST, '--config', 'test/faults/vitest.config.ts'],
    hasTests: true,
  },
  {
    name: 'elements and line, in Chromium',
    command: ['wtr', '--config', 'test/web-test-runner.config.mjs'],
    hasTests: true,
  },
  {
    name: 'flows through the whole stack, with audio',
    command: [...VITEST, '--config', 'test/flows/vitest.config.ts'],
    hasTests: true,
    hasSecondTry: true,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-test-'));

async function main(): Promise<boolean> {
  await findChromium();
  const outcomes: StepOutcome[] = [];
  for (const [index, step] of STEPS.entries()) {
    console.log(`\n── ${index + 1}/${STEPS.length} ${step.name}`);
    const outcome = await outcomeOf(step, join(folder, `${index}.json`));
    outcomes.push(outcome);
    const counts = `${outcome.passed} passed, ${outcome.failures.length} failed`;
    console.log(`── ${step.name}: ${counts} in ${outcome.durationSeconds.toFixed(1)} s`);
  }
  console.log(`\n${summaryOf(outcomes)}`);
  return outcomes.every(({ failures }) => failures.length === 0);
}

async function outcomeOf(step: Step, reportFile: string): Promise<StepOutcome> {
  const startedAt = performance.now();
  const first = await runStep(step, reportFile);
  const { late, ...result } = step.hasSecondTry ? await withSecondTry(step, first, reportFile) : { ...first, late: [] };
  return { name: step.name, ...countStep(result), late, durationSeconds: (performance.now() - startedAt) / 1000 };
}

type Tried = StepResult & Pick<StepOutcome, 'late'>;

async function withSecondTry(step: Step, first: StepResult, reportFile: string): Promise<Tried> {
  if (first.report === null || first.report === 'none') return { ...first, late: [] };
  const files = first.report.files.filter(({ failures }) => failures.length > 0).map(({ file }) => file);
  if (files.length === 0) return { ...first, late: [] };
  console.log(`\n── second try, since these failed once: ${files.join(', ')}`);
  const second = await runStep({ ...step, command: [...step.command, ...files] }, `${reportFile}.second.json`);
  if (second.report === null || second.report === 'none') return { ...first, late: [] };
  return { ...second, ...joinTries(first.report, second.report) };
}

async function runStep({ name, command, hasTests }: Step, reportFile: string): Promise<StepResult> {
  const exitCode = await run(command, { STEP_REPORT_FILE: reportFile });
  return { name, exitCode, report: hasTests ? readStepReport(reportFile) : 'none' };
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
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
