import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedToWaitMs, KEEP_CONNECTED, retryDelayMs } from '../../../src/phone/reconnect-policy.ts';
import { refusal } from '../../../src/protocol/problem.ts';

describe('the reconnect policy', () => {
  test('doubles up to its limit', () => {
    const delays = [0, 1, 2, 3, 10, 1_000].map((attempt) =>
      retryDelayMs(KEEP_CONNECTED, { attempt, elapsedMs: 0, random: 0 }),
    );
    expect(delays).toEqual([250, 500, 1_000, 2_000, 20_000, 20_000]);
  });

  test('spreads by chance, downwards only and by less than half', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const full = retryDelayMs(KEEP_CONNECTED, { attempt, elapsedMs: 0, random: 0 }) ?? 0;
        const spread = retryDelayMs(KEEP_CONNECTED, { attempt, elapsedMs: 0, random }) ?? 0;
        expect(spread).toBeLessThanOrEqual(full);
        expect(spread).toBeGreaterThan(full / 2);
      }),
    );
  });

  test('gives up when its time is over, and never when it has no end', () => {
    const policy = { ...KEEP_CONNECTED, giveUpAfterMs: 5_000 };
    expect(retryDelayMs(policy, { attempt: 3, elapsedMs: 4_999, random: 0 })).toBe(2_000);
    expect(retryDelayMs(policy, { attempt: 3, elapsedMs: 5_000, random: 0 })).toBeNull();
    expect(retryDelayMs(KEEP_CONNECTED, { attempt: 3, elapsedMs: 1e12, random: 0 })).toBe(2_000);
  });

  test('stays away as long as it was asked to, unless that is longer than its patience', () => {
    const policy = { ...KEEP_CONNECTED, giveUpAfterMs: 5_000 };
    const moment = { attempt: 0, elapsedMs: 1_000, random: 0 };
    expect(retryDelayMs(policy, { ...moment, atLeastMs: 3_999 })).toBe(3_999);
    expect(retryDelayMs(policy, { ...moment, atLeastMs: 4_000 })).toBeNull();
    expect(retryDelayMs(policy, { ...moment, atLeastMs: 10 })).toBe(250);
    expect(askedToWaitMs(refusal('rate_limited', { retryInSeconds: 7 }))).toBe(7_000);
    expect(askedToWaitMs(refusal('rate_limited', { retryInSeconds: 1e9 }))).toBe(3_600_000);
    expect(askedToWaitMs(refusal('unavailable'))).toBe(0);
  });
});
