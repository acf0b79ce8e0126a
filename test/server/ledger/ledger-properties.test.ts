import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScheduleRun, step } from '../../support/ledger-schedule.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';

const OPERATIONS = 100_000;
const STEPS_A_SCHEDULE = 800;
/** Nine steps of ten are operations; the rest are waits and crashes. */
const SCHEDULES = Math.ceil(OPERATIONS / STEPS_A_SCHEDULE / 0.9);

describe('the ledger under random schedules', () => {
  test(`${OPERATIONS} operations: entries sum to zero, nothing below zero, capture + release = hold, a replay or a crash changes nothing, balances equal entries, limits are never passed`, async () => {
    ScheduleRun.operationCount = 0;
    ScheduleRun.crashCount = 0;
    const schedule = fc.array(step, { minLength: STEPS_A_SCHEDULE, maxLength: STEPS_A_SCHEDULE + 50 });
    await fc.assert(fc.asyncProperty(schedule, runSchedule), { numRuns: SCHEDULES, endOnFailure: true });
    process.stdout.write(`${ScheduleRun.operationCount} operations, ${ScheduleRun.crashCount} crashes\n`);
    expect(ScheduleRun.operationCount).toBeGreaterThanOrEqual(OPERATIONS);
  }, 120_000);
});

async function runSchedule(steps: Parameters<typeof ScheduleRun.run>[1]): Promise<void> {
  const home = await createSqliteHome();
  try {
    await ScheduleRun.run(home.open, steps);
  } finally {
    await home.remove();
  }
}
