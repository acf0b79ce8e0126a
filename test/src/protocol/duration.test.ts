import { describe, expect, test } from 'vitest';
import { billableSeconds, clockText, MAX_CALL_SECONDS } from '../../../src/protocol/duration.ts';

describe('billableSeconds', () => {
  test('counts each second that has begun', () => {
    const seconds = (durationMs: number) => billableSeconds({ durationMs, leaseSeconds: 1_000 });
    expect([0, 1, 1_000, 1_001, 59_999].map(seconds)).toEqual([0, 1, 1, 2, 60]);
  });

  test('never counts more than the lease that was paid for', () => {
    expect(billableSeconds({ durationMs: 60_004, leaseSeconds: 60 })).toBe(60);
    expect(billableSeconds({ durationMs: 1e12, leaseSeconds: 1e9 })).toBe(MAX_CALL_SECONDS);
  });

  test('a clock that went backwards bills nothing', () => {
    expect(billableSeconds({ durationMs: -5, leaseSeconds: 60 })).toBe(0);
  });
});

describe('clockText', () => {
  test('shows minutes, and hours when there are any', () => {
    expect([0, 58, 723, 3_723, 36_000, 59.9, -3].map(clockText)).toEqual([
      '0:00',
      '0:58',
      '12:03',
      '1:02:03',
      '10:00:00',
      '0:59',
      '0:00',
    ]);
  });
});
