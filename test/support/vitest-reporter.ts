/** Vitest's part of the step reports: `--reporter=default --reporter=test/support/vitest-reporter.ts`. */
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import { type FailedTest, type FileReport, leaveStepReport, reasonOf } from './step-report.ts';

// Vitest takes a reporter that is a file by its default export.
export default class VitestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    leaveStepReport({ files: modules.map(fileReport), strayErrors: unhandledErrors.map(reasonOf) });
  }
}

function fileReport(module: TestModule): FileReport {
  const file = module.relativeModuleId;
  const failures = [...module.children.allTests('failed')].map((test) => failureOf(file, test));
  return { file, passed: [...module.children.allTests('passed')].length, failures: [...failures, ...hooksOf(module)] };
}

function failureOf(file: string, test: TestCase): FailedTest {
  return { file, name: test.fullName, reason: reasonOf(test.result().errors?.[0]) };
}

/** A file that cannot be loaded, or whose hook fails, has no test that failed: its tests were never begun. */
function hooksOf(module: TestModule): readonly FailedTest[] {
  const file = module.relativeModuleId;
  const ofSuites = [...module.children.allSuites()].flatMap((suite) =>
    suite
      .errors()
      .map((error) => ({ file, name: `${suite.fullName} (before or after its tests)`, reason: reasonOf(error) })),
  );
  const ofFile = module.errors().map((error) => ({ file, name: '(the file itself)', reason: reasonOf(error) }));
  return [...ofSuites, ...ofFile];
}
