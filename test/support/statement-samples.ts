/** A month of an office as the server would tell it; its sums add up, as those of the ledger do. */
import { micros } from '../../src/protocol/money.ts';
import type {
  ExplainedLine,
  StatementForecast,
  StatementGroup,
  StatementLine,
  StatementLinePage,
  StatementMonths,
  StatementSummary,
} from '../../src/protocol/statement.ts';
import { cents } from './element-facts.ts';

export const STATEMENT_ZONE = 'Europe/Lisbon';
const DAY_MS = 86_400_000;

export const sampleMonths: StatementMonths = {
  timeZone: STATEMENT_ZONE,
  currentMonth: '2026-03',
  months: [
    { month: '2026-03', lineCount: 6, spentMicros: cents(1240) },
    { month: '2026-02', lineCount: 1_204, spentMicros: cents(8412) },
  ],
};

export function sampleLine(facts: Partial<StatementLine> = {}): StatementLine {
  return {
    groupKey: 'outbound_call.international',
    title: 'Outbound International Call',
    flow: 'usage',
    sequence: 6,
    // 2026-03-12 14:05:09 in Lisbon.
    atMs: Date.UTC(2026, 2, 12, 14, 5, 9),
    entryKind: 'outbound_call',
    personId: 'sam',
    personName: 'Sam Okafor',
    officeId: 'lisbon',
    officeName: 'Lisbon office',
    numberUsed: '+14155550142',
    otherNumber: '+4915123456789',
    destination: 'Germany, mobile',
    durationSeconds: 754,
    amountMicros: cents(-72),
    balanceMicros: cents(3260),
    reference: 'call-0006',
    parts: [],
    ...facts,
  };
}

export const SAMPLE_LINES: readonly StatementLine[] = [
  sampleLine(),
  sampleLine({
    sequence: 5,
    atMs: Date.UTC(2026, 2, 12, 9, 0, 1),
    groupKey: 'inbound_call.toll_free',
    title: 'Inbound Toll-free Call',
    entryKind: 'inbound_call',
    personId: 'konstantinos',
    personName: 'Konstantinos Papadopoulos-Vassilakis',
    numberUsed: '+18005550199',
    otherNumber: '+12125550123',
    destination: 'United States, toll-free',
    durationSeconds: 61,
    amountMicros: cents(-4),
    balanceMicros: cents(3332),
    reference: 'call-0005',
  }),
  sampleLine({
    sequence: 4,
    atMs: Date.UTC(2026, 2, 10, 8, 0),
    groupKey: 'top_up',
    title: 'Credit Added',
    flow: 'added',
    entryKind: 'top_up',
    personId: null,
    personName: null,
    numberUsed: null,
    otherNumber: null,
    destination: null,
    durationSeconds: null,
    amountMicros: cents(2500),
    balanceMicros: cents(3336),
    reference: 'payment-0004',
  }),
  sampleLine({
    sequence: 3,
    atMs: Date.UTC(2026, 2, 6, 11, 30),
    groupKey: 'number_purchase',
    title: 'Number Purchase',
    entryKind: 'number_purchase',
    personId: 'dana',
    personName: 'Dana Whitfield',
    numberUsed: '+14155550142',
    otherNumber: null,
    destination: null,
    durationSeconds: null,
    amountMicros: cents(-120),
    balanceMicros: cents(836),
    reference: '+14155550142',
    parts: [
      { kind: 'setup', quantity: null, unit: null, amountMicros: cents(-100) },
      { kind: 'month', quantity: 26, unit: 'day', amountMicros: cents(-20) },
    ],
  }),
  sampleLine({
    sequence: 2,
    atMs: Date.UTC(2026, 2, 4, 16, 0),
    durationSeconds: 5_400,
    destination: 'Japan, Tokyo',
    otherNumber: '+81312345678',
    amountMicros: cents(-1043.9999),
    balanceMicros: cents(956),
    reference: 'call-0002',
  }),
  sampleLine({
    sequence: 1,
    atMs: Date.UTC(2026, 2, 2, 10, 0),
    durationSeconds: 6,
    amountMicros: micros(-1),
    balanceMicros: micros(19_999_999),
    reference: 'call-0001',
  }),
];

const usage = (lineCount: number, durationSeconds: number, spent: number) => ({
  lineCount,
  durationSeconds,
  spentMicros: cents(spent),
});
const NOTHING = usage(0, 0, 0);

function group(groupKey: string, title: string, facts: Partial<StatementGroup>): StatementGroup {
  return { groupKey, title, flow: 'usage', ...NOTHING, addedMicros: micros(0), ...facts };
}

export const sampleSummary: StatementSummary = {
  currency: 'USD',
  timeZone: STATEMENT_ZONE,
  from: '2026-03-01',
  to: '2026-03-31',
  openingMicros: cents(2000),
  addedMicros: cents(2500),
  spentMicros: cents(1240),
  closingMicros: cents(3260),
  lineCount: 6,
  tollFreeCallCount: 1,
  internationalCallCount: 3,
  groups: [
    group('outbound_call.international', 'Outbound International Call', usage(3, 6_160, 1116)),
    group('number_purchase', 'Number Purchase', usage(1, 0, 120)),
    group('inbound_call.toll_free', 'Inbound Toll-free Call', usage(1, 61, 4)),
    group('top_up', 'Credit Added', { flow: 'added', lineCount: 1, addedMicros: cents(2500) }),
  ],
  people: [
    { personId: 'sam', personName: 'Sam Okafor', ...usage(3, 6_160, 1116) },
    { personId: 'dana', personName: 'Dana Whitfield', ...usage(1, 0, 120) },
    { personId: 'konstantinos', personName: 'Konstantinos Papadopoulos-Vassilakis', ...usage(1, 61, 4) },
  ],
  offices: [{ officeId: 'lisbon', officeName: 'Lisbon office', ...usage(5, 6_221, 1240) }],
  destinations: [
    { destination: 'Japan, Tokyo', ...usage(1, 5_400, 1044) },
    { destination: null, ...usage(1, 0, 120) },
    { destination: 'Germany, mobile', ...usage(2, 760, 72) },
    { destination: 'United States, toll-free', ...usage(1, 61, 4) },
  ],
  numbers: [
    { numberUsed: '+14155550142', ...usage(4, 6_160, 1236) },
    { numberUsed: '+18005550199', ...usage(1, 61, 4) },
  ],
  rest: { people: NOTHING, destinations: NOTHING, numbers: NOTHING },
  days: [
    day('2026-03-02', [], { spent: 0, balance: 2000 }),
    day('2026-03-04', [['outbound_call.international', 1044]], { spent: 1044, balance: 956 }),
    day('2026-03-06', [['number_purchase', 120]], { spent: 120, balance: 836 }),
    day('2026-03-10', [], { spent: 0, added: 2500, balance: 3336 }),
    day(
      '2026-03-12',
      [
        ['outbound_call.international', 72],
        ['inbound_call.toll_free', 4],
      ],
      { spent: 76, balance: 3260 },
    ),
  ],
};

function day(
  name: string,
  spending: readonly (readonly [groupKey: string, spent: number])[],
  sums: { readonly spent: number; readonly added?: number; readonly balance: number },
): StatementSummary['days'][number] {
  return {
    day: name,
    usage: spending.map(([groupKey, spent]) => ({ groupKey, spentMicros: cents(spent) })),
    spentMicros: cents(sums.spent),
    addedMicros: cents(sums.added ?? 0),
    balanceMicros: cents(sums.balance),
  };
}

export const EMPTY_SUMMARY: StatementSummary = {
  ...sampleSummary,
  openingMicros: cents(0),
  addedMicros: cents(0),
  spentMicros: cents(0),
  closingMicros: cents(0),
  lineCount: 0,
  tollFreeCallCount: 0,
  internationalCallCount: 0,
  groups: [],
  people: [],
  offices: [],
  destinations: [],
  numbers: [],
  days: [],
};

const TODAY_MS = Date.UTC(2026, 2, 12, 18);

export const sampleForecast: StatementForecast = {
  currency: 'USD',
  timeZone: STATEMENT_ZONE,
  days: [120, 0, 0, 340, 180, 0, 76].map((spent, index) => ({
    day: new Date(TODAY_MS - (6 - index) * DAY_MS).toISOString().slice(0, 10),
    spentMicros: cents(spent),
  })),
  availableMicros: cents(3260),
  lastsUntilMs: TODAY_MS + 9 * DAY_MS,
  rents: [],
};

export function samplePage(facts: Partial<StatementLinePage> = {}): StatementLinePage {
  return {
    currency: 'USD',
    timeZone: STATEMENT_ZONE,
    lines: [...SAMPLE_LINES],
    nextCursor: null,
    lineCount: SAMPLE_LINES.length,
    ...facts,
  };
}

export const sampleExplained: ExplainedLine = {
  currency: 'USD',
  timeZone: STATEMENT_ZONE,
  line: sampleLine(),
  explanation: {
    type: 'call',
    direction: 'outbound',
    rateKind: 'international',
    destination: 'Germany, mobile',
    answeredAtMs: Date.UTC(2026, 2, 12, 13, 52, 35),
    durationSeconds: 754,
    billedSeconds: 780,
    connectionFeeMicros: micros(0),
    steps: [
      {
        fromSecond: 0,
        atSecond: 0,
        increments: 13,
        priceMicros: micros(55_000),
        intervalSeconds: 60,
        incrementSeconds: 60,
      },
    ],
    rounding: { mode: 'up', decimals: 2 },
    priceMicros: cents(72),
    chargedMicros: cents(72),
  },
  related: [],
};
