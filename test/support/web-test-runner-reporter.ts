/** Web Test Runner's part of the step reports. */
import { relative } from 'node:path';
import type { Reporter, TestResult, TestSession, TestSuiteResult } from '@web/test-runner';
import { type FailedTest, type FileReport, leaveStepReport, reasonOf } from './step-report.ts';

export function webTestRunnerReporter(): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      leaveStepReport({ files: sessions.map(fileReport), strayErrors: [] });
    },
  };
}

function fileReport({ testFile, testResults, passed, errors }: TestSession): FileReport {
  const file = relative('.', testFile);
  const tests = testResults === undefined ? [] : testsOf(testResults, []).filter(({ test }) => !test.skipped);
  const failures: FailedTest[] = tests
    .filter(({ test }) => !test.passed)
    .map(({ name, test }) => ({ file, name, reason: reasonOf(test.error ?? errors[0]) }));
  // A file that could not be loaded has no tests but is no success either.
  if (failures.length === 0 && passed !== true)
    failures.push({ file, name: '(the file itself)', reason: reasonOf(errors[0]) });
  return { file, passed: tests.filter(({ test }) => test.passed).length, failures };
}

interface NamedResult {
  readonly name: string;
  readonly test: TestResult;
}

function testsOf(suite: TestSuiteResult, above: readonly string[]): readonly NamedResult[] {
  // The suite around all others has no name.
  const path = suite.name === '' ? above : [...above, suite.name];
  const own = suite.tests.map((test) => ({ name: [...path, test.name].join(' > '), test }));
  return [...own, ...suite.suites.flatMap((inner) => testsOf(inner, path))];
}
