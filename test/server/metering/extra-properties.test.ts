/**
 * Random schedules of calls whose edge asks for extras: at every moment what is held covers talk and extras as far as they were allowed,
 * and available credit is never below zero. At the end each charge is what was used, nothing that was asked for is short, and nothing is
 * held.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreedRate } from '../../../server/calls/agreed-rate.ts';
import { priceOfUnits } from '../../../server/metering/price-service.ts';
import type { CallRow, ServiceChargeRow } from '../../../server/storage/rows.ts';
import { priceCall } from '../../../src/protocol/price.ts';
import { MeteringRig } from '../../support/metering-rig.ts';
import { AUSTRIA, GERMAN_MOBILE, KIM, SAM } from '../../support/office-rig.ts';

const SAID = { accountId: 'acme', edgeId: 'embedded' } as const;
const KINDS = ['recording', 'transfer', 'barge'] as const;

type Step =
  | { readonly kind: 'ask'; readonly call: number; readonly what: number; readonly units: number }
  | { readonly kind: 'together'; readonly call: number; readonly units: readonly number[] }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'credit'; readonly amountMicros: number }
  | { readonly kind: 'message' }
  | { readonly kind: 'die' }
  | { readonly kind: 'end'; readonly call: number; readonly isTwice: boolean };

const call = fc.nat(1);
const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({
      kind: fc.constant('ask'),
      call,
      what: fc.nat(KINDS.length - 1),
      units: fc.integer({ min: 1, max: 12 }),
    }),
    fc.record({ kind: fc.constant('ask'), call, what: fc.constant(0), units: fc.integer({ min: 1, max: 60 }) }),
    fc.record({
      kind: fc.constant('together'),
      call,
      units: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('pass'), seconds: fc.constantFrom(1, 20, 45) }),
    fc.record({ kind: fc.constant('credit'), amountMicros: fc.integer({ min: 1, max: 80_000 }) }),
    fc.constant({ kind: 'message' }),
    fc.constant({ kind: 'die' }),
    fc.record({ kind: fc.constant('end'), call, isTwice: fc.boolean() }),
  ),
  { minLength: 8, maxLength: 20 },
);

interface Stage {
  readonly rig: MeteringRig;
  readonly calls: readonly string[];
  /** In all, by the id of its charge, as the edge was allowed. */
  readonly allowed: Map<string, number>;
}

async function ask(
  { rig, calls, allowed }: Stage,
  asked: { readonly call: number; readonly kind: string; readonly units: number },
) {
  const callId = calls[asked.call] ?? '';
  const extra = { kind: asked.kind, units: asked.units };
  const answer = await rig.office.services.edge.extra(callId, { ...SAID, extra });
  const chargeId = `${callId}.${asked.kind}`;
  if (answer.decision === 'allow') {
    expect(answer.units).toBeGreaterThanOrEqual(asked.units);
    allowed.set(chargeId, Math.max(allowed.get(chargeId) ?? 0, answer.units));
  } else expect(answer.refusal.code).toMatch(/credit|call_ended|service_closed/);
}

async function play(stage: Stage, step: Step): Promise<void> {
  const { rig } = stage;
  switch (step.kind) {
    case 'ask':
      return await ask(stage, { call: step.call, kind: KINDS[step.what] ?? KINDS[0], units: step.units });
    case 'together':
      return void (await Promise.all(step.units.map((units) => ask(stage, { call: step.call, kind: 'barge', units }))));
    case 'pass':
      await rig.office.pass(step.seconds);
      return await rig.later(0);
    case 'credit':
      return await rig.office.addCredit(step.amountMicros);
    case 'message':
      return void (await rig.charge({ units: 1 }));
    case 'die':
      return await rig.office.restart();
    case 'end':
      await end(stage, step.call);
      if (step.isTwice) await end(stage, step.call);
  }
}

/** As an edge does: it cuts at the lease, and tells of each extra what it was allowed. */
async function end({ rig, calls, allowed }: Stage, index: number): Promise<void> {
  const callId = calls[index] ?? '';
  const row = await rig.office.row(callId);
  const talkedMs = Math.max(0, rig.office.clock.nowMs() - (row.answeredAtMs ?? 0));
  const durationMs =
    row.endedAtMs === null ? Math.min(talkedMs, row.leaseSeconds * 1_000) : row.durationSeconds * 1_000;
  const extras = KINDS.flatMap((kind) => {
    const units = allowed.get(`${callId}.${kind}`);
    return units === undefined ? [] : [{ kind, units }];
  });
  const report = { ...SAID, happenedAgoMs: 0, durationMs, reason: 'hung_up', extras } as const;
  await rig.office.services.edge.ended(callId, report);
}

async function expectCovered({ rig, allowed }: Stage): Promise<void> {
  const calls = await rig.office.store.db.selectFrom('call').selectAll().execute();
  const charges = await rig.rows();
  const { held, available } = await rig.office.wallet();
  expect(available).toBeGreaterThanOrEqual(0);
  for (const row of calls) expect(row.heldMicros).toBeGreaterThanOrEqual(row.dueAtMs === null ? 0 : talkMicros(row));
  for (const row of charges.filter(({ status }) => status === 'authorized')) {
    expect(row.heldMicros).toBeGreaterThanOrEqual(priceOfUnits(agreedRate(row), allowed.get(row.chargeId) ?? 0));
  }
  expect(held).toBe(heldBy(calls) + heldBy(charges));
}

/** All that the lease lets the call talk. */
function talkMicros(row: CallRow): number {
  return priceCall(agreedRate(row), {
    startedAtMs: row.answeredAtMs ?? row.startedAtMs,
    durationSeconds: row.leaseSeconds,
  });
}

function heldBy(rows: readonly (CallRow | ServiceChargeRow)[]): number {
  return rows.reduce((sum, { heldMicros }) => sum + heldMicros, 0);
}

test('F-07: talk and extras never cost more than is held for them, available is never below zero, and nothing that was asked for is short', async () => {
  let charged = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 130_000, max: 500_000 }), async (played, creditMicros) => {
      const rig = await MeteringRig.open();
      try {
        await rig.office.addCredit(creditMicros);
        const first = await rig.office.answeredCall(GERMAN_MOBILE, { identity: SAM });
        const second = await rig.office.answeredCall(AUSTRIA, { identity: KIM }).catch(() => first);
        const stage = { rig, calls: [first.callId, second.callId], allowed: new Map<string, number>() };
        for (const step of played) {
          await play(stage, step);
          await expectCovered(stage);
        }
        await end(stage, 0);
        await end(stage, 1);
        await rig.later(600);
        const charges = await rig.rows();
        for (const row of charges) {
          expect([row.chargeId, row.shortMicros]).toEqual([row.chargeId, 0]);
          if (row.origin === 'asked') expect(row.units).toBe(stage.allowed.get(row.chargeId));
        }
        expect((await rig.office.wallet()).held).toBe(0);
        const taken = (await rig.debits()).reduce((sum, { micros }) => sum + micros, 0);
        const calls = await rig.office.store.db.selectFrom('call').select('costMicros').execute();
        const costs = [...calls, ...charges].reduce((sum, { costMicros }) => sum + costMicros, 0);
        expect(taken).toBe(costs);
        charged += charges.length;
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 15 },
  );
  expect(charged).toBeGreaterThan(0);
}, 120_000);
