import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canGrow,
  dueAtOfAnswered,
  firstLeaseSeconds,
  leaseEndMs,
  nextLeaseSeconds,
} from '../../../server/calls/lease.ts';
import { spendDay } from '../../../server/calls/spend-day.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { rate } from '../../support/office-rig.ts';

const policy = {
  ...DEFAULT_POLICY.calls,
  leaseSeconds: 60,
  renewBeforeSeconds: 20,
  reapAfterSeconds: 10,
  maxSeconds: 3_600,
};
const ROW = { startedAtMs: 0, answeredAtMs: 5_000, leaseSeconds: 60, isLeaseFinal: false };

test('a first lease is at least the first block, which is paid in any case, and at most the longest call', () => {
  const tariff = rate({ prefix: '1', destination: 'x', kind: 'local', perMinute: 1_000, increment: 90 });
  expect(firstLeaseSeconds(tariff, { atMs: 0, policy })).toBe(90);
  expect(firstLeaseSeconds(tariff, { atMs: 0, policy: { ...policy, leaseSeconds: 120 } })).toBe(120);
  expect(firstLeaseSeconds(tariff, { atMs: 0, policy: { ...policy, maxSeconds: 30 } })).toBe(30);
});

test('is due before its end, and when it cannot grow, after it', () => {
  expect(dueAtOfAnswered(ROW, policy)).toBe(45_000);
  expect(dueAtOfAnswered({ ...ROW, isLeaseFinal: true }, policy)).toBe(75_000);
  expect(dueAtOfAnswered({ ...ROW, leaseSeconds: 3_600 }, policy)).toBe(5_000 + 3_610_000);
});

test('never more than one lease lies ahead when it is renewed in time, whatever the policy, and it always gets on', () => {
  // A lease of one second has no half: the policy reader takes none that is renewed at its end.
  const seconds = fc.integer({ min: 2, max: 600 });
  fc.assert(
    fc.property(seconds, seconds, fc.integer({ min: 1, max: 5_000 }), (leaseSeconds, renewBeforeSeconds, already) => {
      const some = { ...policy, leaseSeconds, renewBeforeSeconds, maxSeconds: 86_400 };
      const row = { ...ROW, answeredAtMs: 0, leaseSeconds: already };
      const next = nextLeaseSeconds(row, some);
      expect(next).toBeGreaterThan(already);
      const elapsedAtDue = dueAtOfAnswered(row, some) / 1_000;
      expect(elapsedAtDue).toBeLessThan(already);
      expect(next - elapsedAtDue).toBeLessThanOrEqual(leaseSeconds);
    }),
  );
});

test('does not grow past the longest call, nor when it is final', () => {
  expect(nextLeaseSeconds({ leaseSeconds: 3_590 }, policy)).toBe(3_600);
  expect(nextLeaseSeconds({ leaseSeconds: 3_600 }, policy)).toBe(3_600);
  expect(nextLeaseSeconds({ leaseSeconds: 4_000 }, policy)).toBe(4_000);
  expect(canGrow(ROW, policy)).toBe(true);
  expect(canGrow({ ...ROW, isLeaseFinal: true }, policy)).toBe(false);
  expect(canGrow({ ...ROW, leaseSeconds: 3_600 }, policy)).toBe(false);
  expect(leaseEndMs(ROW)).toBe(65_000);
});

test('a spend day is the calendar day of the office, in winter and in summer', () => {
  expect(spendDay(Date.UTC(2026, 0, 15, 22, 59, 59, 999), 'Europe/Berlin')).toBe('2026-01-15');
  expect(spendDay(Date.UTC(2026, 0, 15, 23), 'Europe/Berlin')).toBe('2026-01-16');
  expect(spendDay(Date.UTC(2026, 6, 15, 22), 'Europe/Berlin')).toBe('2026-07-16');
  expect(spendDay(Date.UTC(2026, 0, 16, 7, 59), 'America/Los_Angeles')).toBe('2026-01-15');
});
