/** What a step of `npm test` leaves about its tests for test/run.ts; the reporters of Vitest and Web Test Runner write the same. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

export interface FailedTest {
  /** Relative to the project's folder; or the name of the step, where no file is to blame. */
  readonly file: string;
  readonly name: string;
  /** The first line of what went wrong. */
  readonly reason: string;
}

export interface FileReport {
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly FailedTest[];
}

export interface StepReport {
  readonly files: readonly FileReport[];
  /** Errors outside of tests, which fail the step although every test passed. */
  readonly strayErrors: readonly string[];
}

/** Longer reasons are cut: the rest stands where the test failed. */
const MAX_REASON_LENGTH = 300;

/** A reporter does nothing unless test/run.ts has said where its report goes. */
export function leaveStepReport(report: StepReport): void {
  const path = process.env.STEP_REPORT_FILE;
  if (path !== undefined) writeFileSync(path, JSON.stringify(report));
}

/** Null when the step broke off before it could leave one. */
export function readStepReport(path: string): StepReport | null {
  // Written by leaveStepReport().
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StepReport) : null;
}

export function reasonOf(error: { readonly message?: string; readonly name?: string } | undefined): string {
  const [line = ''] = stripVTControlCharacters(error?.message ?? '')
    .trim()
    .split('\n');
  const named = error?.name === undefined || line.startsWith(error.name) ? line : `${error.name}: ${line}`;
  return named.length > MAX_REASON_LENGTH ? `${named.slice(0, MAX_REASON_LENGTH)}…` : named;
}
