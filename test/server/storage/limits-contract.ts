/** Counters that never pass their ceiling, in every store. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { LimitUse } from '../../../server/ledger/operation.ts';
import { extendOf, holdOf, settleOf } from '../../support/ledger-operations.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export function describeLimits(subject: StoreUnderTest): void {
  const { apply, fund, restart, used } = subject;

  describe('limits', () => {
    const calls = (ceiling: number): LimitUse => ({ limitKey: 'sam:calls', use: 1, ceiling, keeps: 'nothing' });
    const spend = (use: number, ceiling: number): LimitUse => ({ limitKey: 'day', use, ceiling, keeps: 'captured' });

    beforeEach(async () => {
      await fund(10_000);
    });

    test('calls at once: the last that fits is taken, the next refused, a settled one makes room', async () => {
      const limits = [calls(2)];
      await apply(holdOf(1, { operationId: 'h1', limits }));
      expect(await apply(holdOf(1, { operationId: 'h2', limits }))).toMatchObject({ applied: true });
      expect(await apply(holdOf(1, { operationId: 'h3', limits }))).toMatchObject({
        applied: false,
        refusal: { code: 'limit_reached', limitKey: 'sam:calls', ceiling: 2 },
      });
      expect(await used('sam:calls')).toBe(2);
      await apply(settleOf(1, { operationId: 's1', holdId: 'h1' }));
      expect(await used('sam:calls')).toBe(1);
      expect(await apply(holdOf(1, { operationId: 'h3', limits }))).toMatchObject({ applied: true });
    });

    test('a refused hold counts nothing, also not in the limits that it passed', async () => {
      const limits = [calls(5), spend(50, 40)];
      expect(await apply(holdOf(50, { operationId: 'h', limits }))).toMatchObject({
        refusal: { code: 'limit_reached', limitKey: 'day', ceiling: 40 },
      });
      expect(await used('sam:calls')).toBe(0);
    });

    test('money is asked before limits', async () => {
      expect(await apply(holdOf(10_001, { operationId: 'h', limits: [spend(10_001, 5)] }))).toMatchObject({
        refusal: { code: 'insufficient' },
      });
    });

    test('spend a day: held counts at once, settled counts what was captured', async () => {
      await apply(holdOf(300, { operationId: 'h', limits: [spend(300, 1_000)] }));
      expect(await used('day')).toBe(300);
      await apply(settleOf(120, { operationId: 's', holdId: 'h' }));
      expect(await used('day')).toBe(120);
    });

    test('spend a day: a hold may reach the ceiling exactly, not pass it by one micro-unit', async () => {
      expect(await apply(holdOf(1_001, { operationId: 'h', limits: [spend(1_001, 1_000)] }))).toMatchObject({
        refusal: { code: 'limit_reached' },
      });
      expect(await apply(holdOf(1_000, { operationId: 'h', limits: [spend(1_000, 1_000)] }))).toMatchObject({
        applied: true,
      });
    });

    test('spend a day: the ceiling trims a hold that can do with less', async () => {
      const limits = [spend(100, 250)];
      await apply(holdOf(100, { operationId: 'h1', limits }));
      expect(await apply(holdOf(400, { operationId: 'h2', minimumMicros: 100, limits }))).toMatchObject({
        applied: true,
        heldMicros: 150,
      });
      expect(await used('day')).toBe(250);
      expect(await apply(holdOf(400, { operationId: 'h3', minimumMicros: 1, limits: [spend(1, 250)] }))).toMatchObject({
        refusal: { code: 'limit_reached' },
      });
    });

    test('spend a day: an extend counts what it grew, and is trimmed by the ceiling', async () => {
      await apply(holdOf(100, { operationId: 'h', limits: [calls(1), spend(100, 250)] }));
      expect(await apply(extendOf(200, { operationId: 'e1', holdId: 'h' }))).toMatchObject({ heldMicros: 200 });
      expect(await used('day')).toBe(200);
      expect(await apply(extendOf(300, { operationId: 'e2', holdId: 'h' }))).toMatchObject({ heldMicros: 250 });
      expect(await apply(extendOf(400, { operationId: 'e3', holdId: 'h' }))).toMatchObject({ heldMicros: 250 });
      expect(await used('day')).toBe(250);
      expect(await used('sam:calls')).toBe(1);
      await apply(settleOf(240, { operationId: 's', holdId: 'h' }));
      expect([await used('day'), await used('sam:calls')]).toEqual([240, 0]);
    });

    test('spend a day: an extend that the ceiling would trim below its minimum is refused, and counts nothing', async () => {
      await apply(holdOf(100, { operationId: 'h', limits: [spend(100, 250)] }));
      const inFull = { operationId: 'e', holdId: 'h', minimumMicros: 251 };
      expect(await apply(extendOf(251, inFull))).toMatchObject({
        applied: false,
        refusal: { code: 'insufficient', neededMicros: 251 },
      });
      expect(await used('day')).toBe(100);
      expect(await apply(extendOf(250, { ...inFull, minimumMicros: 250 }))).toMatchObject({ heldMicros: 250 });
      expect(await used('day')).toBe(250);
    });

    test('a ceiling that was lowered below what is used refuses paid calls and lets free ones pass', async () => {
      await apply(holdOf(300, { operationId: 'h', limits: [spend(300, 1_000)] }));
      expect(await apply(holdOf(1, { operationId: 'paid', limits: [spend(1, 200)] }))).toMatchObject({
        refusal: { code: 'limit_reached' },
      });
      expect(await apply(holdOf(0, { operationId: 'free', limits: [spend(0, 200)] }))).toMatchObject({
        applied: true,
      });
    });

    test('counters survive a restart', async () => {
      await apply(holdOf(300, { operationId: 'h', limits: [calls(1), spend(300, 500)] }));
      await restart();
      expect(await apply(holdOf(1, { operationId: 'h2', limits: [calls(1)] }))).toMatchObject({
        refusal: { code: 'limit_reached' },
      });
      await apply(settleOf(10, { operationId: 's', holdId: 'h' }));
      expect([await used('day'), await used('sam:calls')]).toEqual([10, 0]);
    });
  });
}
