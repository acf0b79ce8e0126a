/**
 * What `npm test` says last: whoever sees only the end of a long print-out shall know what failed and why. The very last line is
 * "N passed, N failed".
 */
import type { FailedTest, StepReport } from './step-report.ts';

export interface StepResult {
  readonly name: string;
  readonly exitCode: number;
  /** 'none': the step is one check. Null: it broke off before it could leave a report. */
  readonly report: StepReport | 'none' | null;
}

export interface StepOutcome {
  readonly name: string;
  readonly passed: number;
  readonly failures: readonly FailedTest[];
  /** Failed first and passed alone: no failures, but said. */
  readonly late: readonly FailedTest[];
  readonly durationSeconds: number;
}

/** The rest is counted: a broken set-up fails every test with the same words. */
const MAX_SHOWN = 40;

/** A step that breaks off without having counted anything is one failure, so that no run is green by accident. */
export function countStep(step: StepResult): Pick<StepOutcome, 'passed' | 'failures'> {
  const files = step.report === null || step.report === 'none' ? [] : step.report.files;
  const passed =
    step.report === 'none' ? Number(step.exitCode === 0) : files.reduce((sum, file) => sum + file.passed, 0);
  const failures = [...files.flatMap((file) => file.failures), ...strayErrorsOf(step)];
  if (failures.length > 0 || (step.exitCode === 0 && passed > 0)) return { passed, failures };
  const name = step.exitCode === 0 ? '(no test was run)' : `(ended with ${step.exitCode}, and no test failed)`;
  return { passed, failures: [{ file: step.name, name, reason: 'What it said stands above.' }] };
}

function strayErrorsOf({ name, report }: StepResult): readonly FailedTest[] {
  if (report === null || report === 'none') return [];
  return report.strayErrors.map((reason) => ({ file: name, name: '(an error outside of tests)', reason }));
}

export interface JoinedTries {
  readonly report: StepReport;
  readonly late: readonly FailedTest[];
}

/** The files of the second try count as they were then; what failed in them only the first time is late. */
export function joinTries(first: StepReport, second: StepReport): JoinedTries {
  const again = new Map(second.files.map((file) => [file.file, file]));
  const report = {
    files: first.files.map((file) => again.get(file.file) ?? file),
    strayErrors: [...first.strayErrors, ...second.strayErrors],
  };
  const failures = new Set(report.files.flatMap((file) => file.failures.map(keyOf)));
  const late = first.files.flatMap((file) => file.failures.filter((failure) => !failures.has(keyOf(failure))));
  return { report, late };
}

function keyOf({ file, name }: FailedTest): string {
  return `${file} > ${name}`;
}

export function summaryOf(outcomes: readonly StepOutcome[]): string {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  return [
    ...listOf(
      'Passed only at the second try:',
      outcomes.flatMap(({ late }) => late),
    ),
    ...listOf('Failed:', failures),
    outcomes.map(({ name, durationSeconds }) => `${name} ${durationSeconds.toFixed(0)} s`).join(', '),
    `${passed} passed, ${failures.length} failed`,
  ].join('\n');
}

function listOf(title: string, tests: readonly FailedTest[]): readonly string[] {
  if (tests.length === 0) return [];
  const shown = tests.slice(0, MAX_SHOWN).map((test) => `  ${keyOf(test)}\n      ${test.reason}`);
  const more = tests.length > MAX_SHOWN ? [`  and ${tests.length - MAX_SHOWN} more`] : [];
  return [title, ...shown, ...more, ''];
}
