import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LedgerDifferential } from '../../support/ledger-differential.ts';
import { type Step, step } from '../../support/ledger-schedule.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../support/postgres-home.ts';

/** More for a long night: LEDGER_DIFFERENTIAL_SCHEDULES=1000 npx vitest run test/server/ledger/ledger-differential.test.ts */
const SCHEDULES = Number(process.env.LEDGER_DIFFERENTIAL_SCHEDULES ?? 8);
const STEPS_A_SCHEDULE = 500;

describe('the ledger on two stores', () => {
  test(`${SCHEDULES} random schedules: SQLite and PostgreSQL give the same answers, one by one, and have the same rows at the end`, async () => {
    LedgerDifferential.operationCount = 0;
    const schedule = fc.array(step, { minLength: STEPS_A_SCHEDULE, maxLength: STEPS_A_SCHEDULE + 50 });
    await fc.assert(fc.asyncProperty(schedule, runOnBoth), { numRuns: SCHEDULES, endOnFailure: true });
    process.stdout.write(`${LedgerDifferential.operationCount} operations on both stores\n`);
    expect(LedgerDifferential.operationCount).toBeGreaterThan(SCHEDULES * STEPS_A_SCHEDULE * 0.85);
  }, 600_000);
});

async function runOnBoth(steps: readonly Step[]): Promise<void> {
  const homes = [await createSqliteHome(), await createPostgresHome()] as const;
  const stores = [await homes[0].open(), await homes[1].open()] as const;
  try {
    await LedgerDifferential.run(stores, steps);
  } finally {
    for (const store of stores) await store.close();
    for (const home of homes) await home.remove();
  }
}
