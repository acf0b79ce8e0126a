/**
 * Whatever happens to a wallet, and whenever somebody reads: lines, summary, days, CSV and ledger have the same sums, to the micro-unit
 * (L-17, L-20, D-25, D-27).
 */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyStatement } from '../../../server/ledger/verify-statement.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ROUNDING_MODES } from '../../../src/protocol/rate.ts';
import { AUSTIN, GERMANY, StatementRig, TOLL_FREE } from '../../support/statement-rig.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';

const amount = fc.integer({ min: 1, max: 40_000_000 });
const rate = fc
  .record({
    base: fc.constantFrom(GERMANY, TOLL_FREE),
    priceMicros: fc.integer({ min: 0, max: 99_999 }),
    intervalSeconds: fc.constantFrom(60, 7, 1),
    incrementSeconds: fc.constantFrom(60, 6, 1, 13),
    mode: fc.constantFrom(...ROUNDING_MODES),
    decimals: fc.constantFrom(2, 4, 6),
  })
  .map(({ base, priceMicros, intervalSeconds, incrementSeconds, mode, decimals }) => ({
    ...base,
    connectionFeeMicros: micros(priceMicros % 3 === 0 ? 0 : 1),
    steps: [{ fromSecond: 0, priceMicros: micros(priceMicros), intervalSeconds, incrementSeconds }],
    rounding: { mode, decimals },
  }));

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('credit' as const), amount }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('call' as const), rate, seconds: fc.integer({ min: 0, max: 900 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('charge' as const),
      amount,
      kind: fc.constantFrom(
        'number_purchase',
        'number_renewal',
        'payment_refund',
        'payment_return',
        'sms',
        'unheard_of',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give_back' as const), amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Made> ? Made : never;

async function play(rig: StatementRig, index: number, now: Step): Promise<void> {
  const id = `step-${String(index).padStart(6, '0')}`;
  switch (now.do) {
    case 'credit':
      return void (await rig.credit(id, now.amount));
    case 'give_back':
      return void (await rig.credit(id, now.amount, { entryKind: 'payment_dispute', sourceAccount: 'returns' }));
    case 'call':
      return void (await rig.call({
        callId: id,
        durationSeconds: now.seconds,
        rate: now.rate,
        personId: `p${index % 3}`,
      }));
    case 'charge':
      // Refused when there is too little: then there is no entry, and no line.
      return void (await rig.charge(id, now.amount, { entryKind: now.kind, reference: id }));
    case 'wait':
      return rig.clock.advance(now.hours * 3_600_000);
    case 'read':
      return void (await rig.summary());
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, next) => total + next, 0);
}

async function expectEqualSums(rig: StatementRig, folder: string): Promise<void> {
  const [lines, whole, csv, balance] = [
    await rig.lines(),
    await rig.summary(),
    await rig.csv(),
    await rig.balanceMicros(),
  ];
  const entries = await rig.store.db
    .selectFrom('entry')
    .select('amountMicros')
    .where('walletId', '=', 'berlin')
    .where('ledgerAccount', '=', 'wallet')
    .execute();
  const debits = 0 - sum(entries.map(({ amountMicros }) => Math.min(0, amountMicros)));
  expect(lines).toHaveLength(entries.length);
  expect(sum(lines.map((line) => line.amountMicros))).toBe(balance);
  expect(whole).toMatchObject({
    openingMicros: 0,
    closingMicros: balance,
    spentMicros: debits,
    lineCount: lines.length,
  });
  for (const list of [whole.groups, whole.days]) {
    expect(sum(list.map((row) => row.spentMicros))).toBe(debits);
    expect(sum(list.map((row) => row.addedMicros))).toBe(whole.addedMicros);
  }
  const usage = 0 - sum(lines.filter(({ flow }) => flow === 'usage').map((line) => line.amountMicros));
  for (const list of [whole.people, whole.offices, whole.destinations, whole.numbers]) {
    expect(sum(list.map((row) => row.spentMicros))).toBe(usage);
  }
  expect(sum(whole.days.flatMap((day) => day.usage.map((group) => group.spentMicros)))).toBe(usage);
  expect(whole.days.at(-1)?.balanceMicros ?? 0).toBe(balance);
  await expectCsv(csv, { folder, balance, lineCount: lines.length });
}

async function expectCsv(
  csv: { readonly text: string; readonly rowCount: number | null },
  known: { readonly folder: string; readonly balance: number; readonly lineCount: number },
): Promise<void> {
  expect(csv.rowCount).toBe(known.lineCount);
  if (known.lineCount === 0) return;
  const path = join(known.folder, 'statement.csv');
  writeFileSync(path, csv.text);
  expect(await verifyStatement(path)).toMatchObject({
    rows: known.lineCount,
    faultCount: 0,
    wallets: [{ openingMicros: 0, closingMicros: known.balance, gaps: 0 }],
  });
}

/** Each month goes on where the one before it ended, with the lines of its own. */
async function expectMonthsInRow(rig: StatementRig): Promise<void> {
  const all = await rig.lines();
  const months = await rig.statements.handlers.statementMonths({ ...AUSTIN, officeId: 'berlin' }, {});
  if (!months.ok) throw new Error(months.refusal.code);
  let balance = 0;
  let count = 0;
  for (const { month, lineCount, spentMicros } of months.value.months.toReversed()) {
    const summary = await rig.summary({ month });
    const lines = await rig.lines({ month });
    expect(summary).toMatchObject({ openingMicros: balance, lineCount, spentMicros });
    expect(sum(lines.map((line) => line.amountMicros))).toBe(summary.closingMicros - summary.openingMicros);
    balance = summary.closingMicros;
    count += lines.length;
  }
  expect([count, balance]).toEqual([all.length, await rig.balanceMicros()]);
}

describe.each(STATEMENT_STORES)('sums of statements on %s', (store, createHome) => {
  test('are those of the ledger, after any history', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'statement-sums-'));
    const numRuns = store === 'SQLite' ? 10 : 4;
    const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const rig = await StatementRig.open(createHome, 'America/Sao_Paulo');
      try {
        for (const [index, now] of steps.entries()) await play(rig, index, now);
        await expectEqualSums(rig, folder);
        await expectMonthsInRow(rig);
      } finally {
        await rig.close();
      }
    });
    await fc.assert(property, { numRuns, endOnFailure: true });
    await rm(folder, { recursive: true });
  }, 180_000);
});
