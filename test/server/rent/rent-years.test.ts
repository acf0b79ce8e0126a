/** Random years: credit comes or does not, servers sleep for weeks, two of them work at once. What must hold, holds all the time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, dayAt, daysBetween } from '../../../server/rent/rent-calendar.ts';
import type { NumberOwnerRow } from '../../../server/storage/rows.ts';
import { RENTED, RentRig, USD, ZONE } from '../../support/rent-rig.ts';

const RUNS = 8;

const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sleep' as const), days: fc.integer({ min: 1, max: 45 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('credit' as const), cents: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const) }) },
);
const policies = fc.record({
  setAsideDays: fc.integer({ min: 0, max: 10 }),
  announceDays: fc.integer({ min: 0, max: 10 }),
  lateDays: fc.integer({ min: 0, max: 40 }),
  holdDays: fc.integer({ min: 5, max: 40 }),
  leavingDays: fc.integer({ min: 1, max: 5 }),
});

test('each month is paid once, holds go back, nothing is below zero, and no step comes before its day', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(policies, fc.array(event, { minLength: 4, maxLength: 14 }), async (policy, events) => {
      const rig = await RentRig.open(policy);
      rig.turnTo('2027-12-31');
      await rig.own();
      let before = await rig.row();
      for (const one of events) {
        if (one.kind === 'credit') await rig.office.addCredit(one.cents * 10_000);
        else if (one.kind === 'restore') await rig.restore();
        else rig.office.clock.advance(one.days * 24 * 3_600_000);
        const other = rig.office.newServices();
        await Promise.all([rig.round(), rig.round(other.rent)]);
        await rig.round();
        const row = await rig.row();
        assertStep(before, row, dayAt(rig.office.clock.nowMs(), ZONE));
        before = row;
        const wallet = await rig.office.wallet();
        expect(wallet.available).toBeGreaterThanOrEqual(0);
        expect(wallet.held).toBe(row.heldMicros);
      }
      const rents = await rig.rents();
      expect(new Set(rents).size).toBe(rents.length);
      expect(rents.every((rent) => rent.endsWith(' 1'))).toBe(true);
      await rig.close();
    }),
    { numRuns: RUNS },
  );
});

/** active -> late -> held -> returned, each not before the day that the step before has named. */
function assertStep(before: NumberOwnerRow, row: NumberOwnerRow, today: string): void {
  expect(row.number).toBe(RENTED);
  if (row.state === 'active') expect(row.rentDay > today || row.rentDay === '').toBe(true);
  if (row.state === 'late') expect(row.rentDay <= today && (row.stepDay ?? '') > today).toBe(true);
  if (row.state === 'held' && before.state === 'late') expect(today >= (before.stepDay ?? '')).toBe(true);
  if (row.state === 'returned' && before.state !== 'returned') {
    expect(before.state).toBe('held');
    expect(today >= (before.stepDay ?? '')).toBe(true);
    expect(before.told).toBe(`leaving:${before.stepDay}`);
  }
  if (row.state === 'held') expect(daysBetween(today, addDays(row.stepDay ?? today, 1))).toBeGreaterThan(0);
  expect(row.heldMicros).toBeLessThanOrEqual(USD);
}
