/**
 * Random months of services that are paid by invoice, at two servers that die and come back. However it went: what the statement says was
 * invoiced in a month is what stands on the papers of that month, kind by kind, to the micro-unit, and what is open in all.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { invoiceContentSchema } from '../../../server/invoices/invoice-content.ts';
import { invoiceFactsSchema } from '../../../server/invoices/invoice-task.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import type { Services } from '../../../server/services-of.ts';
import type { ServiceChargeRow } from '../../../server/storage/rows.ts';
import { HOST, HOST_IN_AUSTIN, type MeteringRig, withKinds } from '../../support/metering-rig.ts';
import { ANN, DANA } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';

const KINDS = [
  { kind: 'sms', to: '+4915123456789' },
  { kind: 'sms', to: '+14155550142' },
  { kind: 'fax', to: '+4930123456' },
  { kind: 'transcription', to: null },
] as const;

export const BY_INVOICE = {
  ...DEFAULT_POLICY,
  ...withKinds({ sms: { payBy: 'invoice' }, fax: { payBy: 'invoice' }, transcription: { payBy: 'invoice' } }),
};

type Step =
  | { readonly kind: 'charge'; readonly what: number; readonly units: number; readonly isAustin: boolean }
  | { readonly kind: 'authorize' | 'settle'; readonly charge: number; readonly units: number }
  | { readonly kind: 'pass'; readonly hours: number }
  | { readonly kind: 'work'; readonly isTogether: boolean }
  /** The papers are looked at before what was used is counted. */
  | { readonly kind: 'papers' };

const units = fc.nat(9);
export const invoiceSteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('charge' as const),
        what: fc.nat(KINDS.length - 1),
        units: fc.integer({ min: 1, max: 9 }),
        isAustin: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom('authorize' as const, 'settle' as const),
        charge: fc.nat(3),
        units,
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.constantFrom(1, 200, 400) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('work' as const), isTogether: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'papers' as const }) },
  ),
  { minLength: 10, maxLength: 30 },
);

export async function playInvoices(
  rig: MeteringRig,
  { steps, other }: { readonly steps: readonly Step[]; readonly other: Services },
): Promise<void> {
  rig.office.policy = BY_INVOICE;
  for (const step of steps) await play(rig, { step, other });
  // Everything that is authorized expires, everything that was used is counted, and the last month ends.
  await pass(rig, { hours: 1, servers: [other] });
  await pass(rig, { hours: 24 * 40, servers: [rig.office.services, other] });
  await pass(rig, { hours: 0, servers: [rig.office.services, other] });
}

async function play(
  rig: MeteringRig,
  { step, other }: { readonly step: Step; readonly other: Services },
): Promise<void> {
  switch (step.kind) {
    case 'charge': {
      const identity = step.isAustin ? HOST_IN_AUSTIN : HOST;
      const wish = { ...(KINDS[step.what] ?? KINDS[0]), units: step.units };
      return void agreed(await rig.charge(wish, { identity, ...(step.units > 4 && { service: other.metering }) }));
    }
    case 'authorize':
      return void (await rig.authorize({ chargeId: `charge-000${step.charge}`, ...KINDS[3], units: 9 }));
    case 'settle':
      return void (await rig.settle(`charge-000${step.charge}`, step.units, { service: other.metering }));
    case 'pass':
      rig.office.clock.advance(step.hours * 3_600_000);
      return;
    case 'work':
      return await pass(rig, { hours: 0, servers: step.isTogether ? [rig.office.services, other] : [other] });
    case 'papers':
      for (const { work } of other.payments.works) await work();
  }
}

/** All servers do their work at the same moment. */
async function pass(
  rig: MeteringRig,
  { hours, servers }: { readonly hours: number; readonly servers: readonly Services[] },
): Promise<void> {
  rig.office.clock.advance(hours * 3_600_000);
  await Promise.all(
    servers.map(async ({ metering, payments }) => {
      for (const { work } of [...metering.works, ...payments.works]) await work();
    }),
  );
  // Whoever was second has left it to the first; what both left is done in the next round.
  for (const { work } of servers[0]?.metering.works ?? []) await work();
  for (const { work } of servers[0]?.payments.works ?? []) await work();
}

export async function expectInvoicesAreStatement(rig: MeteringRig): Promise<void> {
  const { db } = rig.office.store;
  const used = (await rig.rows()).filter(({ status, costMicros }) => status === 'settled' && costMicros > 0);
  const tasks = await db.selectFrom('invoice_task').selectAll().execute();
  const papers = await db.selectFrom('invoice').selectAll().orderBy('invoiceNumber').execute();
  for (const task of tasks)
    expect(sumOf(used.filter((row) => row.invoiceTaskId === task.taskId))).toBe(task.amountMicros);
  expect(used.every(({ invoiceTaskId, dueAtMs }) => invoiceTaskId !== null && dueAtMs === null)).toBe(true);
  expect(papers.map(({ invoiceNumber }) => invoiceNumber)).toEqual(papers.map((_, index) => index + 1));
  expect(papers.reduce((sum, { amountMicros }) => sum + amountMicros, 0)).toBe(sumOf(used));
  const [terms] = await db.selectFrom('billing_terms').selectAll().execute();
  expect(terms?.openMicros ?? 0).toBe(sumOf(used));
  const lines = papers.flatMap(({ content }) => invoiceContentSchema.parse(JSON.parse(content)).lines);
  expect(lines.map(({ reference }) => reference).toSorted()).toEqual(tasks.map(({ taskId }) => taskId).toSorted());
  for (const [identity, officeId] of [
    [DANA, 'berlin'],
    [{ ...ANN, role: 'billing' }, 'austin'],
  ] as const) {
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08']) {
      const summary = await rig.office.services.statements.handlers.statementSummary(identity, { month });
      const printed = tasks
        .filter((task) => task.officeId === officeId)
        .map(({ facts, amountMicros }) => ({
          ...invoiceFactsSchema.parse(JSON.parse(facts)).service,
          amountMicros,
        }));
      expect(byKind(agreed(summary).invoiced ?? [])).toEqual(byKind(printed.filter((line) => line.month === month)));
    }
  }
}

interface Used {
  readonly kind?: string;
  readonly units?: number;
  readonly amountMicros: number;
}

function byKind(lines: readonly Used[]) {
  const sums = new Map<string, { units: number; amountMicros: number }>();
  for (const { kind = '', units: more = 0, amountMicros } of lines) {
    const sum = sums.get(kind) ?? { units: 0, amountMicros: 0 };
    sums.set(kind, { units: sum.units + more, amountMicros: sum.amountMicros + amountMicros });
  }
  return Object.fromEntries([...sums].toSorted());
}

function sumOf(rows: readonly ServiceChargeRow[]): number {
  return rows.reduce((sum, { costMicros }) => sum + costMicros, 0);
}
