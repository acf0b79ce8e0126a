import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Micros, micros } from '../../../src/protocol/money.ts';
import {
  affordableSeconds,
  billedSeconds,
  firstBlock,
  isFree,
  perMinuteMicros,
  priceCall,
} from '../../../src/protocol/price.ts';
import {
  type RateStep,
  type RateWindow,
  ROUNDING_MODES,
  type RoundingMode,
  type Tariff,
} from '../../../src/protocol/rate.ts';

const MONDAY_NOON = Date.parse('2026-03-02T12:00:00Z');

function step(priceMicros: number, more: Partial<RateStep> = {}): RateStep {
  return { fromSecond: 0, priceMicros: micros(priceMicros), intervalSeconds: 60, incrementSeconds: 60, ...more };
}

function tariff(steps: RateStep[], more: Partial<Tariff> = {}): Tariff {
  return {
    connectionFeeMicros: micros(0),
    steps,
    windows: [],
    timeZone: 'UTC',
    rounding: { mode: 'up', decimals: 6 },
    ...more,
  };
}

function window(fromTime: string, toTime: string, more: Partial<RateWindow> = {}): RateWindow {
  return {
    days: [1, 2, 3, 4, 5, 6, 7],
    fromTime,
    toTime,
    connectionFeeMicros: micros(0),
    steps: [step(1_000_000, { intervalSeconds: 1, incrementSeconds: 1 })],
    ...more,
  };
}

const price = (of: Tariff, durationSeconds: number, startedAtMs = MONDAY_NOON) =>
  priceCall(of, { startedAtMs, durationSeconds });
const perSecond = (priceMicros: number) => step(priceMicros, { intervalSeconds: 1, incrementSeconds: 1 });

describe('priceCall', () => {
  test('D-21: a toll-free minute costs 0.02, a second more begins another', () => {
    const tollFree = tariff([step(20_000)]);
    expect([0, 1, 60, 61, 120, 121].map((seconds) => price(tollFree, seconds))).toEqual([
      0, 20_000, 20_000, 40_000, 40_000, 60_000,
    ]);
  });

  test('takes the connection fee once, and none for a call that was never answered', () => {
    const withFee = tariff([perSecond(10_000)], { connectionFeeMicros: micros(50_000) });
    expect([0, 1, 100].map((seconds) => price(withFee, seconds))).toEqual([0, 60_000, 1_050_000]);
  });

  test('charges 30/6 as thirty seconds at first, then by six', () => {
    const steps = [step(6_000, { incrementSeconds: 30 }), step(6_000, { fromSecond: 30, incrementSeconds: 6 })];
    expect(price(tariff(steps), 32)).toBe(3_600);
    expect(price(tariff(steps), 57)).toBe(6_000);
    expect(billedSeconds(tariff(steps), { startedAtMs: 0, durationSeconds: 75 })).toBe(78);
  });

  test('lets free seconds pass and charges from then on', () => {
    const free = tariff([step(0, { incrementSeconds: 650 }), step(2_000_000, { fromSecond: 650, intervalSeconds: 1 })]);
    expect([650, 651, 671].map((seconds) => price(free, seconds))).toEqual([0, 120_000_000, 120_000_000]);
  });

  test('leaves an increment whole when a step begins within it', () => {
    const steps = [step(100, { intervalSeconds: 1, incrementSeconds: 50 }), { ...perSecond(1), fromSecond: 60 }];
    expect(price(tariff(steps), 101)).toBe(2 * 50 * 100 + 1);
  });

  test.each<[RoundingMode, number, number, number]>([
    ['up', 20_000, 20_000, 30_000],
    ['down', 10_000, 10_000, 20_000],
    ['half_up', 10_000, 20_000, 30_000],
    ['half_even', 10_000, 20_000, 20_000],
  ])('rounds the total %s', (mode, below, odd, even) => {
    const rounded = (micro: number) => price(tariff([perSecond(micro)], { rounding: { mode, decimals: 2 } }), 1);
    expect([14_999, 15_000, 25_000].map(rounded)).toEqual([below, odd, even]);
  });

  test('rounds once: a third of a cent three hundred times is a dollar, not more', () => {
    const thirds = tariff([step(10_000, { intervalSeconds: 3, incrementSeconds: 1 })], {
      rounding: { mode: 'up', decimals: 2 },
    });
    expect(price(thirds, 300)).toBe(1_000_000);
  });

  test('stays exact beyond the range of numbers', () => {
    const odd = [86_399, 86_398, 86_397, 86_395].map((intervalSeconds, at) =>
      step(999_999_999_999, { fromSecond: at, intervalSeconds, incrementSeconds: 1 }),
    );
    const exact = [86_399n, 86_398n, 86_397n, 86_395n].map((interval) => 999_999_999_999n / interval);
    const sum = exact.reduce((total, part) => total + part, 0n);
    const down = price(tariff(odd, { rounding: { mode: 'down', decimals: 6 } }), 4);
    expect(down - Number(sum)).toBeGreaterThanOrEqual(0);
    expect(down - Number(sum)).toBeLessThan(4);
  });

  test('refuses a duration that is none', () => {
    const any = tariff([step(1)]);
    expect(() => price(any, -1)).toThrow(RangeError);
    expect(() => price(any, Number.NaN)).toThrow(RangeError);
    expect(() => price(any, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

describe('time-of-day windows', () => {
  const evening = tariff([perSecond(1_000_000)], {
    connectionFeeMicros: micros(7),
    windows: [window('18:00:00', '08:00:00', { connectionFeeMicros: micros(3), steps: [perSecond(500_000)] })],
  });
  const at = (time: string) => Date.parse(time);

  test('a call that crosses the boundary is priced by both sides', () => {
    expect(price(evening, 3_600, at('2026-03-02T17:30:00Z'))).toBe(7 + 1_800_000_000 + 900_000_000);
  });

  test('the fee is that of the moment of answer', () => {
    expect(price(evening, 1, at('2026-03-02T17:59:59Z'))).toBe(1_000_007);
    expect(price(evening, 1, at('2026-03-02T18:00:00Z'))).toBe(500_003);
    expect(price(evening, 1, at('2026-03-03T07:59:59.999Z'))).toBe(500_003);
    expect(price(evening, 1, at('2026-03-03T08:00:00Z'))).toBe(1_000_007);
  });

  test('an increment belongs to the window in which it begins', () => {
    const minutes = tariff([step(60)], { windows: [window('18:00:00', '24:00:00', { steps: [step(6)] })] });
    expect(price(minutes, 61, at('2026-03-02T17:59:30Z'))).toBe(66);
    expect(price(minutes, 60, at('2026-03-02T17:59:59.500Z'))).toBe(60);
  });

  test('a window over midnight belongs to the day on which it begins', () => {
    const fridayNight = tariff([perSecond(2)], {
      windows: [window('22:00:00', '06:00:00', { days: [5], steps: [perSecond(1)] })],
    });
    const cost = (time: string) => price(fridayNight, 1, at(time));
    expect(cost('2026-03-06T23:00:00Z')).toBe(1);
    expect(cost('2026-03-07T05:59:59Z')).toBe(1);
    expect(cost('2026-03-07T06:00:00Z')).toBe(2);
    expect(cost('2026-03-06T05:00:00Z')).toBe(2);
    expect(cost('2026-03-07T23:00:00Z')).toBe(2);
  });

  test('the week turns from Sunday to Monday', () => {
    const sunday = tariff([perSecond(2)], {
      windows: [window('22:00:00', '02:00:00', { days: [7], steps: [perSecond(1)] })],
    });
    expect(price(sunday, 3 * 3_600, at('2026-03-08T23:30:00Z'))).toBe(2.5 * 3_600 + 0.5 * 3_600 * 2);
  });

  test('a window that ends where it begins is a whole day', () => {
    const always = tariff([perSecond(2)], {
      windows: [window('09:00:00', '09:00:00', { days: [1], steps: [perSecond(1)] })],
    });
    expect(price(always, 1, at('2026-03-03T08:59:59Z'))).toBe(1);
    expect(price(always, 1, at('2026-03-03T09:00:00Z'))).toBe(2);
  });

  const night = tariff([perSecond(10)], {
    timeZone: 'Europe/Vienna',
    windows: [window('02:00:00', '03:00:00', { steps: [perSecond(1)] })],
  });

  test('an hour that daylight saving skips is charged to nobody', () => {
    expect(price(night, 7_200, at('2026-03-29T00:00:00Z'))).toBe(7_200 * 10);
  });

  test('an hour that comes twice has its window twice', () => {
    expect(price(night, 4 * 3_600, at('2026-10-24T23:00:00Z'))).toBe(3_600 * 10 + 7_200 + 3_600 * 10);
  });

  test('local time follows a zone with half-hour steps', () => {
    const lordHowe = { ...night, timeZone: 'Australia/Lord_Howe' };
    // 2026-04-05 02:00 +11 becomes 01:30 +10:30: half an hour of 01:30-02:00 again, then the window.
    expect(price(lordHowe, 3_600, at('2026-04-04T15:00:00Z'))).toBe(1_800 * 10 + 1_800);
  });

  test('every second of a day of change costs what the wall clock of that second says', () => {
    const formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Vienna',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    for (const day of ['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z']) {
      let expected = 0;
      for (let minute = 0; minute < 600; minute += 1) {
        const isNight = formatter.format(at(day) + minute * 60_000) === '02';
        expected += 60 * (isNight ? 1 : 10);
        expect(price(night, (minute + 1) * 60, at(day))).toBe(expected);
      }
    }
  });
});

const stepArbitrary = fc.record({
  priceMicros: fc.integer({ min: 0, max: 3_000_000 }).map(micros),
  intervalSeconds: fc.constantFrom(1, 6, 7, 60, 600),
  incrementSeconds: fc.constantFrom(1, 6, 11, 30, 60),
});
const stepsArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 400 }), stepArbitrary), { minLength: 1, maxLength: 3 })
  .map((parts) => {
    let fromSecond = 0;
    return parts.map(([gap, rest], index) => {
      fromSecond += index === 0 ? 0 : gap;
      return { fromSecond, ...rest };
    });
  });
const timeArbitrary = fc
  .integer({ min: 0, max: 86_399 })
  .map((second) => new Date(second * 1000).toISOString().slice(11, 19));
const tariffArbitrary: fc.Arbitrary<Tariff> = fc.record({
  connectionFeeMicros: fc.integer({ min: 0, max: 200_000 }).map(micros),
  steps: stepsArbitrary,
  windows: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fromTime: timeArbitrary,
      toTime: timeArbitrary,
      connectionFeeMicros: fc.integer({ min: 0, max: 200_000 }).map(micros),
      steps: stepsArbitrary,
    }),
    { maxLength: 2 },
  ),
  timeZone: fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
  rounding: fc.record({ mode: fc.constantFrom(...ROUNDING_MODES), decimals: fc.integer({ min: 0, max: 6 }) }),
});
const momentArbitrary = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2027-12-31') });

describe('for any tariff', () => {
  test('affordableSeconds is the exact inverse: what it grants is paid for, one second more is not', () => {
    fc.assert(
      fc.property(
        tariffArbitrary,
        momentArbitrary,
        fc.integer({ min: 0, max: 20_000_000 }),
        (of, startedAtMs, budget) => {
          const budgetMicros = micros(budget);
          const limitSeconds = 7_200;
          const granted = affordableSeconds(of, { startedAtMs, budgetMicros, limitSeconds });
          expect(granted).toBeLessThanOrEqual(limitSeconds);
          if (granted > 0) expect(price(of, granted, startedAtMs)).toBeLessThanOrEqual(budgetMicros);
          if (granted < limitSeconds) expect(price(of, granted + 1, startedAtMs)).toBeGreaterThan(budgetMicros);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a longer call never costs less, and slices charged by difference are the whole', () => {
    fc.assert(
      fc.property(
        tariffArbitrary,
        momentArbitrary,
        fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 }),
        (of, startedAtMs, slices) => {
          let seconds = 0;
          let charged = 0;
          for (const slice of slices) {
            const before = price(of, seconds, startedAtMs);
            seconds += slice;
            const difference = price(of, seconds, startedAtMs) - before;
            expect(difference).toBeGreaterThanOrEqual(0);
            charged += difference;
          }
          expect(charged).toBe(price(of, seconds, startedAtMs));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('the price is the sum of its increments, walked one by one with fractions', () => {
    fc.assert(
      fc.property(tariffArbitrary, fc.integer({ min: 1, max: 2_000 }), (withWindows, seconds) => {
        const of = { ...withWindows, windows: [], rounding: { mode: 'down', decimals: 6 } } as Tariff;
        // 4,200 is a multiple of every interval that is drawn above, so a part is whole.
        let parts = BigInt(of.connectionFeeMicros) * 4_200n;
        for (let at = 0; at < seconds; ) {
          const current = of.steps.findLast(({ fromSecond }) => fromSecond <= at);
          if (!current) throw new Error('no step');
          parts += (BigInt(current.priceMicros * current.incrementSeconds) * 4_200n) / BigInt(current.intervalSeconds);
          at += current.incrementSeconds;
        }
        expect(price(of, seconds)).toBe(Number(parts / 4_200n));
      }),
      { numRuns: 500 },
    );
  });

  test('the first block is what the first second costs', () => {
    fc.assert(
      fc.property(tariffArbitrary, momentArbitrary, (of, startedAtMs) => {
        const block = firstBlock(of, { startedAtMs });
        expect(block.costMicros).toBe(price(of, 1, startedAtMs));
        expect(price(of, block.seconds, startedAtMs)).toBe(block.costMicros);
      }),
    );
  });
});

describe('affordableSeconds', () => {
  const afford = (of: Tariff, budget: number, limitSeconds = 86_400) =>
    affordableSeconds(of, { startedAtMs: MONDAY_NOON, budgetMicros: micros(budget) as Micros, limitSeconds });

  test('gives nothing when the first block is not covered, and the block when it just is', () => {
    const minutes = tariff([step(60_000)], { connectionFeeMicros: micros(50_000) });
    expect([109_999, 110_000, 169_999, 170_000].map((budget) => afford(minutes, budget))).toEqual([0, 60, 60, 120]);
  });

  test('1.00 less a fee of 0.15 at 0.05 a minute are 17 minutes', () => {
    const of = tariff([step(50_000, { incrementSeconds: 1 })], { connectionFeeMicros: micros(150_000) });
    expect(afford(of, 1_000_000)).toBe(1_020);
  });

  test('a free call lasts to the limit, and no grant is longer than it', () => {
    expect(afford(tariff([step(0)]), 0, 3_000)).toBe(3_000);
    expect(afford(tariff([step(60_000)]), 60_000, 45)).toBe(45);
  });
});

describe('what the price tag shows', () => {
  test('the dearest minute of the first hour, windows ahead included', () => {
    const steps = [step(10_000), step(40_000, { fromSecond: 600 }), step(90_000, { fromSecond: 3_600 })];
    expect(perMinuteMicros(tariff(steps), { startedAtMs: MONDAY_NOON })).toBe(40_000);
    const peak = tariff([step(10_000)], { windows: [window('12:30:00', '13:00:00', { steps: [step(80_000)] })] });
    expect(perMinuteMicros(peak, { startedAtMs: MONDAY_NOON })).toBe(80_000);
    expect(perMinuteMicros(peak, { startedAtMs: MONDAY_NOON + 2 * 3_600_000 })).toBe(10_000);
  });

  test('a minute is sixty seconds of any interval, rounded up to a micro', () => {
    expect(perMinuteMicros(tariff([perSecond(5)]), { startedAtMs: 0 })).toBe(300);
    expect(perMinuteMicros(tariff([step(1, { intervalSeconds: 7 })]), { startedAtMs: 0 })).toBe(9);
  });

  test('free means free at any time, fee and windows included', () => {
    expect(isFree(tariff([step(0)]))).toBe(true);
    expect(isFree(tariff([step(0)], { connectionFeeMicros: micros(1) }))).toBe(false);
    expect(isFree(tariff([step(0), step(1, { fromSecond: 60 })]))).toBe(false);
    expect(isFree(tariff([step(0)], { windows: [window('10:00:00', '11:00:00')] }))).toBe(false);
  });
});
