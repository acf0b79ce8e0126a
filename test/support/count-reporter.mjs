/** Leaves {passed, failed} of an element test run in the file that $TEST_COUNTS_FILE names, for test/run.ts. */
import { writeFileSync } from 'node:fs';

function count(suite) {
  const own = suite.tests ?? [];
  const inner = (suite.suites ?? []).map(count);
  return {
    passed:
      own.filter((test) => test.passed && !test.skipped).length + inner.reduce((sum, part) => sum + part.passed, 0),
    failed:
      own.filter((test) => !test.passed && !test.skipped).length + inner.reduce((sum, part) => sum + part.failed, 0),
  };
}

export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const file = process.env.TEST_COUNTS_FILE;
      if (file === undefined) return;
      const totals = { passed: 0, failed: 0 };
      for (const session of sessions) {
        const part = session.testResults ? count(session.testResults) : { passed: 0, failed: 0 };
        totals.passed += part.passed;
        // A file that could not be loaded has no tests but is no success either.
        totals.failed += part.failed === 0 && !session.passed ? 1 : part.failed;
      }
      writeFileSync(file, JSON.stringify(totals));
    },
  };
}
