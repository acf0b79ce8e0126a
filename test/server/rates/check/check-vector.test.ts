import { describe, expect, test } from 'vitest';
import { checkVector } from '../../../../server/rates/check/check-vector.ts';
import { readVectors } from '../../../../server/rates/check/vector.ts';
import { checkRatesCommand } from '../../../../server/rates/check-rates-command.ts';

/** A vector of our own making: nothing here is taken from the published files. */
function verdict(fields: object, others: object[] = []): string {
  const vectors = readVectors(JSON.stringify({ vectors: [{ id: 'own', ...fields }, ...others] }));
  const [vector] = vectors;
  if (!vector) throw new Error('no vector');
  const result = checkVector(vector, (id) => vectors.find((candidate) => candidate.id === id));
  return result.outcome === 'pass' ? 'pass' : `${result.outcome}: ${result.reason}`;
}

const minute = { from_s: 0, price: '0.06', per_s: 60, increment_s: 60 };
const rating = (rate: object, more: object) =>
  verdict({ kind: 'rating', rate: { connect_fee: '0', steps: [minute], ...rate }, ...more });

describe('vectors of prices', () => {
  test('pass when price.ts agrees and fail with both numbers when it does not', () => {
    expect(rating({}, { duration_s: 61, expected_cost: '0.120' })).toBe('pass');
    expect(rating({}, { duration_s: 61, expected_cost: '0.13' })).toBe('fail: cost of 61 s: expected 0.13, got 0.12');
    expect(rating({}, { duration_s: 61, expected_cost: '0.12', expected_billed_s: 61 })).toMatch(
      /^fail: billed seconds/,
    );
    expect(rating({}, { expected_cost: { 60: '0.06', 61: '0.12' } })).toBe('pass');
  });

  test('expect the exact value where the source rounds in its own way', () => {
    const quirk = { duration_s: 60, expected_cost: '0.0601', exactness: 'quirk' };
    expect(rating({}, { ...quirk, exact_value: '0.06' })).toBe('pass');
    expect(rating({}, quirk)).toMatch(/^unsupported/);
    expect(
      rating({ rounding: { mode: 'up per increment', decimals: 2 } }, { duration_s: 60, expected_cost: '0.06' }),
    ).toMatch(/^unsupported/);
  });

  test('never pass with a member that nobody here understands', () => {
    expect(rating({ happy_hour: '17:00' }, { duration_s: 60, expected_cost: '0.06' })).toBe(
      'unsupported: unknown member "happy_hour"',
    );
    expect(rating({ steps: [{ ...minute, cap: 3 }] }, { duration_s: 60, expected_cost: '0.06' })).toMatch(
      /^unsupported/,
    );
    expect(verdict({ kind: 'haruspicy' })).toMatch(/^unsupported: nothing here checks/);
    expect(rating({}, { duration_s: 60 })).toMatch(/^unsupported: nothing is expected/);
  });

  test.each([
    ['up', '0.0667'],
    ['half-up (*middle)', '0.0667'],
    ['always down', '0.0666'],
    ['half even', '0.0667'],
  ])('round %s', (mode, expected) => {
    const steps = [{ from_s: 0, price: '0.4', per_s: 60, increment_s: 1 }];
    expect(rating({ steps, rounding: { mode, decimals: 4 } }, { duration_s: 10, expected_cost: expected })).toBe(
      'pass',
    );
  });

  test('put tax into the price or on top of it, as they say', () => {
    const tax = { tax_percent: '20', rounding: { mode: 'up', decimals: 2 }, steps: [{ ...minute, price: '0.051' }] };
    const unrounded = { ...tax, tax_order: 'tax on the unrounded price, then round' };
    const rounded = { ...tax, tax_order: 'tax on the rounded price, then round again' };
    expect(rating(unrounded, { duration_s: 60, expected_cost: '0.07' })).toBe('pass');
    expect(rating(rounded, { duration_s: 60, expected_cost: '0.08' })).toBe('pass');
  });

  test('stop at a cost limit only when the rest is free', () => {
    const limited = (strategy: string) => ({ max_cost: { amount: '0.15', strategy } });
    expect(rating(limited('free'), { duration_s: 600, expected_cost: '0.15' })).toBe('pass');
    expect(rating(limited('disconnect'), { duration_s: 600, expected_cost: '0.60' })).toBe('pass');
    expect(rating(limited('free'), { duration_s: 60, expected_cost: '0.06' })).toBe('pass');
  });

  test('add one charge when a second is passed', () => {
    const extra = (second: number | null) => ({ extra_charge: { at_second: second, amount: '1' } });
    expect(rating(extra(59), { duration_s: 60, expected_cost: '1.06' })).toBe('pass');
    expect(rating(extra(60), { duration_s: 60, expected_cost: '0.06' })).toBe('pass');
    expect(rating(extra(0), { duration_s: 60, expected_cost: '1.06' })).toBe('pass');
    expect(rating(extra(null), { duration_s: 60, expected_cost: '0.06' })).toBe('pass');
  });

  test('let seconds that something else pays for come first', () => {
    expect(rating({}, { duration_s: 120, notes: '60 s are covered by a bundle', expected_cost: '0.06' })).toBe('pass');
    expect(rating({ free_s: 60 }, { duration_s: 61, expected_cost: '0.06' })).toBe('pass');
    expect(rating({ free_time_s: 60 }, { duration_s: 60, expected_cost: '0' })).toBe('pass');
  });
});

describe('vectors by time of day', () => {
  const timed = (rate: object, more: object, others: object[] = []) =>
    verdict({ kind: 'rating-time-of-day', rate, ...more }, others);
  const windows = [
    { from: '08:00:00', to: '20:00:00', price: '1', per_s: 60 },
    { from: '20:00:00', to: '08:00:00', price: '0.5', per_s: 60 },
  ];

  test('price each started minute by the moment at which it starts', () => {
    const rate = { windows, increment_s: 60, increment_rounding: 'up: each started minute' };
    expect(timed(rate, { start: '19:58:30', duration_s: 121, expected_cost: '2.5' })).toBe('pass');
  });

  test('or only completed minutes within each window, with a standing charge', () => {
    const rate = { windows, increment_s: 60, increment_rounding: 'down: only completed', standing_charge: '0.3' };
    expect(timed(rate, { start: '19:58:30', duration_s: 240, expected_cost: '2.3' })).toBe('pass');
  });

  test('change the price after a second of the call', () => {
    const rate = { windows, increment_s: 60, after_120_s: { price: '0.1', per_s: 60 } };
    expect(timed(rate, { start: '10:00:00', duration_s: 240, expected_cost: '2.2' })).toBe('pass');
  });

  test('follow days, and windows that end where the next begins, in a zone', () => {
    const rate = {
      windows: [
        { days: 'Mon-Fri', from: '00:00:00', rate: { connect_fee: '1', steps: [minute] } },
        { days: 'Mon-Fri', from: '18:00:00', rate: { connect_fee: '0', steps: [minute] } },
        { days: 'Sat, Sun', from: '00:00:00', rate: { connect_fee: '2', steps: [minute] } },
      ],
      timezone: 'Europe/Vienna',
    };
    expect(timed(rate, { start: '2026-03-02T17:30:00', duration_s: 60, expected_cost: '1.06' })).toBe('pass');
    expect(timed(rate, { start: '2026-03-02T17:30:00Z', duration_s: 60, expected_cost: '0.06' })).toBe('pass');
    expect(timed(rate, { start: '2026-03-07T12:00:00', duration_s: 60, expected_cost: '2.06' })).toBe('pass');
    expect(timed({ ...rate, timezone: 'Mars/Olympus' }, { duration_s: 60, expected_cost: '1' })).toMatch(
      /^unsupported/,
    );
  });

  test('alternate, and take the schedule of another vector', () => {
    const phases = {
      initial: { price: '6', per_s: 60, increment_s: 30 },
      follow: { price: '1', per_s: 60, increment_s: 1 },
    };
    const rate = { offpeak: phases, onpeak: { follow: { price: '10', per_s: 60, increment_s: 1 } } };
    const schedule = 'on-peak 10:00-10:01; then off-peak and on-peak alternate every 60 s';
    const call = { start: '09:59:30', duration_s: 120, expected_cost: '13.5' };
    expect(timed({ ...rate, schedule }, call)).toBe('pass');
    const other = { id: 'other', kind: 'x', rate: { schedule } };
    expect(timed({ ...rate, schedule: 'same as other' }, call, [other])).toBe('pass');
    expect(timed({ ...rate, schedule: 'same as nobody' }, call)).toMatch(/^unsupported/);
  });

  test('or ask only which price holds at a second', () => {
    const given = { day: '08:00-23:00 at 10 per unit', night: '23:00-08:00 at 5 per unit' };
    const asked = (expected: object) => verdict({ kind: 'rating-time-of-day', given, expected });
    expect(asked({ 'start 07:59:59': 'night price', 'start 08:00:00': 'day price' })).toBe('pass');
    expect(asked({ 'start 08:00:00': 'night price' })).toMatch(/^fail/);
  });
});

describe('vectors about more than one price', () => {
  test('a later slice pays no second fee', () => {
    const slice = (expected: string) =>
      verdict({
        kind: 'rating-slices',
        rate: { connect_fee: '1', steps: [minute] },
        start: '2026-03-02T10:00:00Z',
        duration_s: 600,
        expected_cost: expected,
      });
    expect(slice('0.6')).toBe('pass');
    expect(slice('1.6')).toMatch(/^fail/);
  });

  test('units are priced as seconds are', () => {
    const rate = { per_units: '0.03', units: 10, rounding: { mode: 'up', decimals: 2 } };
    expect(verdict({ kind: 'rating-events', rate, quantity: 21, expected_cost: '0.07' })).toBe('pass');
  });

  test('increments are billed for each duration', () => {
    const billed = (expected: object) =>
      verdict({ kind: 'billing-increment', rate: { initial_s: 30, next_s: 6 }, expected_billed_s: expected });
    expect(billed({ 1: 30, 30: 30, 31: 36 })).toBe('pass');
    expect(billed({ 31: 31 })).toMatch(/^fail/);
  });

  test('what is granted is what the balance pays for', () => {
    const auth = (granted: number) =>
      verdict({
        kind: 'authorisation',
        given: { balance: '1', rate: { connect_fee: '0.1', steps: [minute] }, asked_s: 3600 },
        expected: { granted_s: granted },
      });
    expect(auth(900)).toBe('pass');
    expect(auth(960)).toMatch(/^fail/);
    expect(
      verdict({ kind: 'authorisation', given: { number: '88888888', rate: null }, expected: { error: 'x' } }),
    ).toBe('pass');
    const property = {
      given: { balance: 'k x P, k in 1..3', price: 'P per 30 s', asked_s: 300 },
      expected: { session_timeout_s: '30 x k' },
    };
    expect(verdict({ kind: 'reservation', ...property })).toBe('pass');
    expect(verdict({ kind: 'reservation', ...property, expected: { session_timeout_s: '31 x k' } })).toMatch(/^fail/);
  });

  test('the longest prefix is looked up in a real deck', () => {
    const lookup = (expected: object) =>
      verdict({ kind: 'longest-prefix', given: { prefixes: ['49', '4915'] }, expected });
    expect(lookup({ 4915123456: '4915', 4989123456: '49' })).toBe('pass');
    expect(lookup({ 4915123456: '49' })).toMatch(/^fail/);
  });

  test('what belongs to the ledger is said to be the ledger’s', () => {
    expect(verdict({ kind: 'idempotency', given: {}, expected: {} })).toMatch(/^unsupported/);
  });
});

describe('the command', () => {
  test('ends with the totals and tells by its exit code whether one failed', () => {
    const lines: string[] = [];
    const good = { id: 'a', kind: 'rating', rate: { steps: [minute] }, duration_s: 60, expected_cost: '0.06' };
    const bad = { ...good, id: 'b', expected_cost: '1' };
    const strange = { id: 'c', kind: 'strange' };
    expect(checkRatesCommand(JSON.stringify({ vectors: [good, strange] }), (line) => lines.push(line))).toBe(0);
    expect(lines.at(-1)).toBe('{"pass":1,"unsupported":1,"fail":0}');
    expect(checkRatesCommand(JSON.stringify([good, bad, strange]), (line) => lines.push(line))).toBe(1);
    expect(lines.at(-1)).toBe('{"pass":1,"unsupported":1,"fail":1}');
    expect(() => checkRatesCommand('{}', (line) => lines.push(line))).toThrow('Not a file of rating vectors');
  });
});

describe('vectors that were refuted or passed for the wrong reason before', () => {
  const second = { from_s: 0, price: '1', per_s: 1, increment_s: 1 };
  const day = { from: '00:00', to: '24:00', price: '1', per_s: 1 };

  test.each([
    ['0.2', '0.25', '0.25'],
    ['0.3', '0.25', '0.25'],
    ['0.2', '9', '0.32'],
  ])('a cost limit takes in the connection fee: fee %s, limit %s', (connect_fee, amount, expected_cost) => {
    const max_cost = { amount, strategy: '*free' };
    expect(rating({ connect_fee, max_cost }, { duration_s: 70, expected_cost })).toBe('pass');
  });

  test.each([
    [{ mode: 'up', decimals: 8 }, 'unsupported: rounding to 8 decimals: money has 6'],
    [{ mode: 'half-down', decimals: 0 }, 'unsupported: rounding mode "half-down"'],
    [{ mode: 'half to even', decimals: 0 }, 'pass'],
    [{ mode: 'disabled', decimals: 0 }, 'fail: cost of 1 s: expected 0.00, got 0.50'],
  ])('a rounding is understood, or said to be unsupported: %j', (rounding, expected) => {
    const steps = [{ ...second, price: '0.5' }];
    expect(rating({ steps, rounding }, { duration_s: 1, expected_cost: '0' })).toBe(expected);
  });

  test('an expectation with endless digits is compared to the micro where nothing is rounded', () => {
    const steps = [{ from_s: 0, price: '0.1', per_s: 60, increment_s: 1 }];
    expect(rating({ steps }, { duration_s: 10, expected_cost: '0.016666666667' })).toBe('pass');
    expect(rating({ steps }, { duration_s: 10, expected_cost: '0.016665666667' })).toMatch(/^fail/);
    const rounding = { mode: 'up', decimals: 4 };
    expect(rating({ steps, rounding }, { duration_s: 10, expected_cost: '0.016666666667' })).toMatch(/^unsupported/);
  });

  test('a figure that its source compares approximately refutes nothing', () => {
    const approximate = { duration_s: 60, expected_cost: '0.0599', exactness: 'approximate in the test' };
    expect(rating({}, approximate)).toMatch(/^unsupported/);
    expect(rating({}, { ...approximate, expected_cost: '0.06' })).toBe('pass');
  });

  test.each([
    ['free seconds around the windows', { windows: [day], free_s: 30 }, 40, '10'],
    ['increments around the windows', { windows: [day], initial_s: 30, next_s: 6 }, 31, '36'],
    ['what holds outside the windows', { steps: [second], windows: [{ ...day, from: '18:00', price: '9' }] }, 10, '10'],
    ['a last second that belongs to its window', { windows: [{ ...day, to: '23:59:59' }] }, 86_400, '86400'],
    [
      'a last minute that belongs to its window',
      {
        windows: [
          { ...day, to: '11:59' },
          { ...day, from: '12:00' },
        ],
      },
      86_400,
      '86400',
    ],
    [
      'days by their kind',
      {
        windows: [
          { ...day, days: 'weekdays' },
          { ...day, days: 'weekend', price: '9' },
        ],
      },
      10,
      '10',
    ],
  ])('%s', (_, rate, duration_s, expected_cost) => {
    const start = duration_s > 10 ? '00:00:00' : '12:00:00';
    expect(verdict({ kind: 'rating-time-of-day', rate, start, duration_s, expected_cost })).toBe('pass');
  });

  test.each([
    [{ rule: 'the whole call is priced by the window in which it starts' }],
    [{ increment_rounding: 'to the nearest minute' }],
    [{ max_cost: { amount: '1', strategy: 'redirect' } }],
  ])('a rule that is not known here proves and refutes nothing: %j', (rule) => {
    expect(rating(rule, { duration_s: 61, expected_cost: '0.12' })).toMatch(/^unsupported/);
  });

  test('a price beyond what an amount can be is out of range, no failure', () => {
    const steps = [{ ...second, price: '99999999' }];
    expect(rating({ steps }, { duration_s: 86_400, expected_cost: '1' })).toMatch(/^unsupported: out of range/);
  });

  const authorisation = (given: object, granted_s: unknown) =>
    verdict({ kind: 'authorisation', given: { rate: { steps: [second] }, ...given }, expected: { granted_s } });

  test('what is granted depends on the moment, and on nothing that is not understood', () => {
    const windows = [
      { ...day, to: '18:00' },
      { ...day, from: '18:00', price: '0.5' },
    ];
    const evening = { balance: '10', rate: { windows }, start: '2012-02-02T18:30:00Z', asked_s: 100 };
    expect(authorisation(evening, 20)).toBe('pass');
    expect(authorisation({ balance: '10', held: '5' }, 5)).toBe('unsupported: unknown member "held"');
    expect(authorisation({ balance: '10', rate: { steps: [{ ...second, price: '0' }] } }, -1)).toMatch(/^unsupported/);
    expect(authorisation({ balance: '1000000' }, 1_000_000)).toMatch(/^unsupported/);
  });

  test('a number without a rate is refused whatever its digits are', () => {
    const refused = { error: 'unauthorised destination' };
    expect(verdict({ kind: 'authorisation', given: { number: '12345678', rate: null }, expected: refused })).toBe(
      'pass',
    );
  });

  test('prefixes with a plus, numbers that are refused, and prefixes that are none', () => {
    const longest = (prefixes: unknown[], expected: object) =>
      verdict({ kind: 'longest-prefix', given: { prefixes }, expected });
    expect(longest(['+49', '+4917'], { '+491701234567': '+4917', 331234567: 'refused' })).toBe('pass');
    expect(longest(['49', '49(15|17)'], { 491701234567: '49(15|17)' })).toMatch(/^unsupported/);
  });

  test('a member of an event price that nobody here understands', () => {
    const rate = { per_units: '0.002', units: 10, connect_fee: '1' };
    expect(verdict({ kind: 'rating-events', rate, quantity: 20, expected_cost: '1.004' })).toMatch(/^unsupported/);
  });
});
