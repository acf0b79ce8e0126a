import { describe, expect, test } from 'vitest';
import { MAX_BAD_CELLS, type ParseOptions, parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';

const parse = (lines: string[], options: ParseOptions = {}) => parseRateDeck(`${lines.join('\n')}\n`, options);
const prefixes = (lines: string[]) => parse(lines).rates.map(({ prefix }) => prefix);
/** What is wrong with one cell under a header. */
const badness = (header: string, row: string) =>
  parse([header, row]).bad.map(
    ({ line, column, value, reason }) => `${line} ${column} ${JSON.stringify(value)} ${reason}`,
  );

describe('a rate deck from CSV', () => {
  test('reads every column that a rate has', () => {
    const { rates, isGood } = parse([
      'prefix,destination,kind,direction,price,interval_seconds,increments,connection_fee,time_zone,rounding,decimals,licence,currency,effective_from,effective_to,windows',
      '4366,"Austria, ""mobile""",mobile,in,0.5,30,30/6,0.05,Europe/Vienna,half_even,3,sales,EUR,2026-01-01,2026-07-01T00:00:00+02:00,Mon-Fri 18:00-08:00 0.2 1/1 fee 0',
    ]);
    expect(isGood).toBe(true);
    const steps = (priceMicros: number) => [
      { fromSecond: 0, priceMicros, intervalSeconds: 30, incrementSeconds: 30 },
      { fromSecond: 30, priceMicros, intervalSeconds: 30, incrementSeconds: 6 },
    ];
    expect(rates).toEqual([
      {
        rateId: `inbound/4366/sales@${Date.parse('2026-01-01')}`,
        prefix: '4366',
        destination: 'Austria, "mobile"',
        kind: 'mobile',
        direction: 'inbound',
        connectionFeeMicros: 50_000,
        steps: steps(500_000),
        windows: [
          {
            days: [1, 2, 3, 4, 5],
            fromTime: '18:00:00',
            toTime: '08:00:00',
            connectionFeeMicros: 0,
            steps: [{ fromSecond: 0, priceMicros: 200_000, intervalSeconds: 30, incrementSeconds: 1 }],
          },
        ],
        timeZone: 'Europe/Vienna',
        rounding: { mode: 'half_even', decimals: 3 },
        licence: 'sales',
        currency: 'EUR',
        effectiveFromMs: Date.parse('2026-01-01T00:00:00Z'),
        effectiveToMs: Date.parse('2026-06-30T22:00:00Z'),
      },
    ]);
  });

  test.each([
    ['Kazoo', 'rate_cost,description,name,prefix', '0.01,United States,US,1'],
    ['MagnusBilling', 'prefix;description;price', '1;United States;0.01'],
    ['Yeastar', 'Name,Match Prefix,Rate,Billable Unit(s)', 'US,1,0.01,60'],
    ['tabs and capitals', 'CODE\tDestination Name\tPRICE', '+1\tUnited States\t$0.01'],
    ['a byte order mark and Windows lines', '\uFEFFcode,rate\r', '1,0.010\r'],
  ])('knows the headers of %s', (_, header, row) => {
    const parsed = parse([header, row]);
    expect(parsed.bad).toEqual([]);
    expect(parsed.rates.map(({ prefix, steps }) => [prefix, steps[0]?.priceMicros])).toEqual([['1', 10_000]]);
  });

  test('takes a column by the name that the operator gives it', () => {
    const lines = ['code,duration,increment,interrate,intrarate,effective_date', '1934226,6,6,0.007,0.008,2022-08-16'];
    expect(parse(lines).isGood).toBe(false);
    const named = parse(lines, { columns: { price: 'interrate' } });
    expect(named.rates[0]?.steps).toEqual([
      { fromSecond: 0, priceMicros: 7_000, intervalSeconds: 60, incrementSeconds: 6 },
    ]);
    expect(named.ignoredColumns).toEqual(['intrarate']);
  });

  test('reads several prefixes in a cell, the country code first when there is one', () => {
    expect(prefixes(['prefix;price', '52 33;1', '61 38,39;1'])).toEqual(['5233', '6138', '6139']);
    expect(prefixes(['prefix,price', '"4915, 4916;4917",1', '+43664,1', '0041,1', '=600,1'])).toEqual([
      '4915',
      '4916',
      '4917',
      '43664',
      '41',
      '=600',
    ]);
  });

  test('passes over comments and empty lines, and still counts them', () => {
    const parsed = parse(['# a sample', '', 'prefix,price', '# another', '1,0.01', '', '2,x']);
    expect(parsed.rowCount).toBe(2);
    expect(parsed.bad[0]?.line).toBe(7);
  });

  test('keeps digits below a micro by a longer interval', () => {
    const { rates } = parse(['prefix,price', '1,0.0123456', '2,0.0000005']);
    expect(rates.map(({ steps }) => [steps[0]?.priceMicros, steps[0]?.intervalSeconds])).toEqual([
      [123_456, 600],
      [5, 600],
    ]);
  });

  test('lets free seconds come before the first increment', () => {
    expect(parse(['prefix,price,increments,free_seconds', '1,0.06,60/1,10']).rates[0]?.steps).toEqual([
      { fromSecond: 0, priceMicros: 0, intervalSeconds: 1, incrementSeconds: 10 },
      { fromSecond: 10, priceMicros: 60_000, intervalSeconds: 60, incrementSeconds: 60 },
      { fromSecond: 70, priceMicros: 60_000, intervalSeconds: 60, incrementSeconds: 1 },
    ]);
  });

  test('reads the kind from the name where no column says it, but never that a call is free', () => {
    const kinds = ['Austria, Mobile', 'UK toll-free', 'Premium rate', 'Emergency', 'Chile'].map(
      (name, at) => parse(['prefix,name,price', `${at + 1},"${name}",0.1`]).rates[0]?.kind,
    );
    expect(kinds).toEqual(['mobile', 'toll_free', 'premium', 'international', 'international']);
  });
});

describe('bad rows', () => {
  test('are each reported with line, column, value and reason', () => {
    expect(badness('prefix,price', '049,0.01')).toEqual(['2 prefix "049" an E.164 prefix does not begin with 0']);
    expect(badness('Code,Rate', '49,abc')).toEqual(['2 Rate "abc" not a decimal number']);
  });

  test.each([
    ['prefix', '', 'a prefix is digits'],
    ['prefix', 'abc', 'a prefix is digits'],
    ['prefix', '4.9E+10', 'a spreadsheet has turned'],
    ['prefix', '1234567890123456', 'at most 15 digits'],
    ['prefix', '=7', 'a prefix is digits'],
    ['price', '', 'empty'],
    ['price', '-0.01', 'not negative'],
    ['price', '"0,05"', 'thousands or decimals'],
    ['price', '1e-3', 'not a decimal'],
    ['price', '0.00000000001', 'more digits than can be kept'],
    ['increments', '60/60/60', 'increments look like 60/60'],
    ['increments', '0/6', 'increments look like 60/60'],
    ['increments', '90000', 'increments look like 60/60'],
    ['next_increment', '1.5', 'whole number of seconds'],
    ['connection_fee', 'x', 'not a decimal'],
    ['kind', 'satellite', 'one of local'],
    ['direction', 'both', 'one of outbound'],
    ['currency', 'usd', 'three capital letters'],
    ['time_zone', 'Mars/Olympus', 'no time zone'],
    ['rounding', 'sideways', 'one of up'],
    ['decimals', '7', 'from 0 to 6'],
    ['effective_from', '8/16/2022', 'not an ISO date'],
    ['effective_from', '2026-02-30', 'there is no such day'],
    ['effective_from', '2026-01-01T10:00', 'not an ISO date'],
    ['windows', 'evenings 0.01', 'a window looks like'],
    ['windows', 'Foo-Fri 18:00-20:00 0.01', 'no day of the week'],
    ['windows', 'Mon 25:00-20:00 0.01', 'no time of day'],
    ['rate_nocharge_time', '5', 'not supported'],
  ])('a %s of %s is refused', (column, value, reason) => {
    const good: Record<string, string> = { prefix: '49', price: '0.01', [column]: value };
    const parsed = parse([Object.keys(good).join(','), Object.values(good).join(',')]);
    expect(parsed.isGood).toBe(false);
    expect(parsed.rates).toEqual([]);
    expect(parsed.bad).toHaveLength(1);
    expect(parsed.bad[0]).toMatchObject({ line: 2, column, value: value.replaceAll('"', '') });
    expect(parsed.bad[0]?.reason).toContain(reason);
  });

  test('an end before the beginning is refused', () => {
    expect(badness('prefix,price,effective_from,effective_to', '1,0,2026-02-01,2026-02-01')).toEqual([
      '2 effective_to "2026-02-01" not after the beginning',
    ]);
  });

  test('a row with too many or too few cells is refused as a row', () => {
    expect(badness('prefix,price', '1,0.01,7')).toEqual(['2 null "1,0.01,7" 3 cells, but the header has 2']);
    expect(badness('prefix,price', '1')).toEqual(['2 null "1" 1 cells, but the header has 2']);
  });

  test('all bad cells of a row are told at once', () => {
    expect(badness('prefix,price,kind', 'x,y,z')).toHaveLength(3);
  });

  test('a prefix has one price: the second one names the line of the first', () => {
    const parsed = parse([
      'prefix,price,licence,direction,effective_from',
      '49,1,,,',
      '49,2,sales,,',
      '49,3,,in,',
      '49,4,,,2026-01-01',
      '49,5,,,',
    ]);
    expect(parsed.bad).toEqual([{ line: 6, column: 'prefix', value: '49', reason: 'has a price on line 2 already' }]);
  });

  test('leave their other prefixes to the rows that follow', () => {
    const lines = ['prefix,price', '49,0.01', '"49,4915",0.2', '4915,0.3'];
    const parsed = parse(lines, { skipBad: true });
    expect(parsed.bad.map(({ line, value }) => [line, value])).toEqual([[3, '49']]);
    expect(parsed.rates.map(({ prefix, steps }) => [prefix, steps[0]?.priceMicros])).toEqual([
      ['49', 10_000],
      ['4915', 300_000],
    ]);
  });

  test('a quote that is never closed breaks the file, skipping or not', () => {
    for (const skipBad of [false, true]) {
      const parsed = parse(['prefix,price', '1,0.01', '"2,0.02', '3,0.03'], { skipBad });
      expect(parsed).toMatchObject({ isGood: false, rates: [] });
      expect(parsed.bad.at(-1)?.reason).toContain('not readable as CSV');
    }
  });

  test('a header without prefix or price, or with two prices, is refused', () => {
    expect(badness('code,name', '1,x')).toEqual([expect.stringContaining('1 price null is missing; it may be called')]);
    expect(badness('code,rate,cost', '1,2,3')).toEqual(['1 cost null means price, as the column "rate" does']);
    expect(parseRateDeck('').bad).toEqual([{ line: 1, column: null, value: null, reason: 'the file is empty' }]);
  });

  test('nothing is applied unless the whole file is good; skipping lists what it skipped', () => {
    const lines = ['prefix,price', '1,0.01', '2,x', '3,0.03', '4,'];
    expect(parse(lines)).toMatchObject({ isGood: false, rates: [], skippedRowCount: 2, rowCount: 4 });
    const skipped = parse(lines, { skipBad: true });
    expect(skipped.isGood).toBe(true);
    expect(skipped.rates.map(({ prefix }) => prefix)).toEqual(['1', '3']);
    expect(skipped.bad.map(({ line }) => line)).toEqual([3, 5]);
  });

  test('a file that is wrong throughout does not fill the memory, and long cells are cut', () => {
    const parsed = parse(['prefix,price', ...Array.from({ length: 3_000 }, () => `${'x'.repeat(500)},0.01`)]);
    expect(parsed.bad).toHaveLength(MAX_BAD_CELLS);
    expect(parsed.skippedRowCount).toBe(3_000);
    expect(parsed.bad[0]?.value).toHaveLength(81);
  });

  test('progress is told on the way', () => {
    const shares: number[] = [];
    const rows = Array.from({ length: 20_000 }, (_, at) => `${at + 1},0.01`);
    parse(['prefix,price', ...rows], { onProgress: ({ share }) => shares.push(share) });
    expect(shares).toHaveLength(4);
    expect(shares).toEqual(shares.toSorted());
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });
});
