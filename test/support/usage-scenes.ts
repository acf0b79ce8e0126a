/** The statement in the Credit tab, in every state. */
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { StatementSnapshot, UsageDetails, UsageSnapshot } from '../../src/phone/statement-snapshot.ts';
import { refusal } from '../../src/protocol/problem.ts';
import { billing } from './billing-scenes.ts';
import { ADMIN, cents, HELD_BALANCE, IDLE } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import {
  EMPTY_SUMMARY,
  SAMPLE_LINES,
  sampleExplained,
  sampleForecast,
  sampleLine,
  sampleMonths,
  sampleSummary,
} from './statement-samples.ts';

type FullUsage = Extract<UsageSnapshot, { state: 'full' }>;
type Explained = NonNullable<NonNullable<UsageDetails['why']>['explained']>;

const FULL: FullUsage = {
  state: 'full',
  months: sampleMonths.months,
  currentMonth: sampleMonths.currentMonth,
  month: '2026-03',
  summary: sampleSummary,
  details: null,
  saving: { state: 'none' },
  refusal: null,
};

const DETAILS: UsageDetails = {
  query: { group: 'outbound_call.international' },
  lines: SAMPLE_LINES,
  lineCount: 1_204,
  isMoreThere: true,
  isLoading: false,
  refusal: null,
  why: null,
};

export function usage(facts: Partial<FullUsage> = {}): FullUsage {
  return { ...FULL, ...facts };
}

export function usageDetails(facts: Partial<UsageDetails> = {}): UsageDetails {
  return { ...DETAILS, ...facts };
}

export function withUsage(
  usageSnapshot: UsageSnapshot,
  facts: Partial<StatementSnapshot> & Partial<Pick<PhoneSnapshot, 'balance' | 'billing'>> = {},
): PhoneSnapshot {
  const { forecast = sampleForecast, ...others } = facts;
  const rest = { me: ADMIN, balance: HELD_BALANCE, billing: billing(), ...others };
  return { ...IDLE, ...rest, statement: { forecast, usage: usageSnapshot } };
}

const withDetails = (facts: Partial<UsageDetails> = {}): PhoneSnapshot =>
  withUsage(usage({ details: usageDetails(facts) }));
const explained = (facts: Partial<Explained> = {}): UsageDetails['why'] => ({
  sequence: 6,
  explained: { ...sampleExplained, ...facts },
  refusal: null,
});

const SCENES_OF_USAGE: readonly Omit<Scene, 'panel'>[] = [
  { name: 'usage', snapshot: withUsage(usage()) },
  { name: 'usage-loading', snapshot: withUsage({ state: 'loading' }) },
  { name: 'usage-failed', snapshot: withUsage({ state: 'failed', refusal: refusal('unavailable') }) },
  { name: 'usage-empty', snapshot: withUsage(usage({ summary: EMPTY_SUMMARY, months: [] })) },
  { name: 'usage-month-loading', snapshot: withUsage(usage({ summary: null, month: '2026-02' })) },
  { name: 'usage-old', snapshot: withUsage(usage({ refusal: refusal('unavailable') })) },
  { name: 'usage-people', snapshot: withUsage(usage()), choose: { '#view': 'person' } },
  { name: 'usage-destinations', snapshot: withUsage(usage()), choose: { '#view': 'destination' } },
  { name: 'usage-chart-days', snapshot: withUsage(usage()), choose: { '#chart': 'days' } },
  { name: 'usage-chart-balance', snapshot: withUsage(usage()), choose: { '#chart': 'balance' } },
  { name: 'usage-saving', snapshot: withUsage(usage({ saving: { state: 'busy', rows: 512, allRows: 1_204 } })) },
  {
    name: 'usage-saving-unknown',
    snapshot: withUsage(usage({ saving: { state: 'busy', rows: 51_200, allRows: null } })),
  },
  {
    name: 'usage-saved',
    snapshot: withUsage(usage({ saving: { state: 'done', rows: 1_204, spentMicros: cents(8412) } })),
  },
  {
    name: 'usage-not-saved',
    snapshot: withUsage(usage({ saving: { state: 'failed', refusal: refusal('unavailable') } })),
  },
  { name: 'usage-lines', snapshot: withDetails() },
  { name: 'usage-lines-loading', snapshot: withDetails({ lines: [], isLoading: true }) },
  { name: 'usage-lines-none', snapshot: withDetails({ lines: [], lineCount: 0, isMoreThere: false }) },
  { name: 'usage-lines-failed', snapshot: withDetails({ lines: [], refusal: refusal('unavailable') }) },
  { name: 'usage-why', snapshot: withDetails({ why: explained() }) },
  {
    name: 'usage-why-short',
    snapshot: withDetails({
      why: explained({
        explanation: {
          ...sampleExplained.explanation,
          ...(sampleExplained.explanation.type === 'call'
            ? { chargedMicros: cents(50), connectionFeeMicros: cents(5) }
            : {}),
        } as Explained['explanation'],
        line: sampleLine({ amountMicros: cents(-50) }),
        related: [sampleLine({ sequence: 7, title: 'Call Recording', amountMicros: cents(-3) })],
      }),
    }),
  },
  { name: 'rtl-usage-chart', snapshot: withUsage(usage()), choose: { '#chart': 'days' }, isRightToLeft: true },
  { name: 'rtl-usage-lines', snapshot: withDetails({ why: explained() }), isRightToLeft: true },
];

export const USAGE_SCENES: readonly Scene[] = [
  {
    name: 'credit-outlook',
    snapshot: withUsage(usage(), { forecast: { ...sampleForecast, lastsUntilMs: Date.UTC(2026, 2, 15, 15) } }),
    panel: 'credit',
  },
  ...SCENES_OF_USAGE.map((scene) => ({
    ...scene,
    panel: 'credit' as const,
    lookAt: lookAt(scene.name),
  })),
  {
    name: 'usage-docked',
    snapshot: withDetails({ why: explained() }),
    panel: 'credit',
    layout: 'docked',
    lookAt: 'credit-phone-usage-lines',
  },
];

function lookAt(name: string): string {
  if (/why/.test(name)) return '.explained';
  if (/sav/.test(name)) return 'credit-phone-usage-export';
  return /chart/.test(name) ? 'credit-phone-spend-chart' : 'credit-phone-usage-panel';
}
