import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScheduleRun, step } from '../../../support/ledger-schedule.ts';
import { createPostgresHome } from '../../../support/postgres-home.ts';

const OPERATIONS = 3_000;
const STEPS_A_SCHEDULE = 500;
/** Nine steps of ten are operations; the rest are waits and crashes. */
const SCHEDULES = Math.ceil(OPERATIONS / STEPS_A_SCHEDULE / 0.9);

describe('the ledger on PostgreSQL under random schedules', () => {
  test(`${OPERATIONS} operations: entries sum to zero, nothing below zero, capture + release = hold, a replay or a crash changes nothing, balances equal entries, limits are never passed`, async () => {
    ScheduleRun.operationCount = 0;
    const schedule = fc.array(step, { minLength: STEPS_A_SCHEDULE, maxLength: STEPS_A_SCHEDULE + 50 });
    await fc.assert(fc.asyncProperty(schedule, runSchedule), { numRuns: SCHEDULES, endOnFailure: true });
    expect(ScheduleRun.operationCount).toBeGreaterThanOrEqual(OPERATIONS);
  }, 300_000);
});

async function runSchedule(steps: Parameters<typeof ScheduleRun.run>[1]): Promise<void> {
  const home = await createPostgresHome();
  try {
    await ScheduleRun.run(home.open, steps);
  } finally {
    await home.remove();
  }
}
