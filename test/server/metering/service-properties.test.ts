/**
 * Random schedules of everything that can happen to charges: whatever comes in whatever order, also twice, also after the server died,
 * credit is never below zero, and what the rows say was paid by credit is what the ledger took, charge by charge.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serviceEntryKind } from '../../../src/protocol/service.ts';
import { GERMAN, MeteringRig, SAM_READ } from '../../support/metering-rig.ts';

const CHARGES = 3;
const KINDS = [
  { kind: 'sms', to: GERMAN },
  { kind: 'fax', to: GERMAN },
  { kind: 'transcription', to: null },
] as const;

type Step =
  | { readonly kind: 'authorize' | 'charge' | 'release' | 'show'; readonly charge: number }
  | { readonly kind: 'settle'; readonly charge: number; readonly units: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'credit'; readonly amountMicros: number }
  | { readonly kind: 'together'; readonly charges: readonly number[] }
  | { readonly kind: 'die' };

const charge = fc.nat(CHARGES - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constantFrom('authorize', 'charge', 'release', 'show'), charge }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('settle'), charge, units: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.constantFrom(1, 20, 60) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('credit'), amountMicros: fc.integer({ min: 1, max: 400_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('together'), charges: fc.array(charge, { minLength: 2, maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'die' as const }) },
);

async function play(rig: MeteringRig, one: Step): Promise<void> {
  switch (one.kind) {
    case 'authorize':
      return void (await rig.authorize({ ...wishOf(one.charge), validSeconds: 30 }));
    case 'charge':
      return void (await rig.charge(wishOf(one.charge)));
    case 'release':
      return void (await rig.release(idOf(one.charge)));
    case 'show':
      return void (await rig.show(idOf(one.charge)));
    case 'settle':
      return void (await rig.settle(idOf(one.charge), one.units));
    case 'pass':
      return await rig.later(one.seconds);
    case 'credit':
      return await rig.office.addCredit(one.amountMicros);
    case 'together': {
      const services = [rig.service, rig.office.newServices().metering];
      const asked = one.charges.flatMap((index) => services.map((service) => rig.charge(wishOf(index), { service })));
      return void (await Promise.all(asked));
    }
    case 'die':
      return await dieInTheMiddle(rig);
  }
}

/** After the hold is committed and before it is captured. */
async function dieInTheMiddle(rig: MeteringRig): Promise<void> {
  const { ledger } = rig.office;
  const submit = ledger.submit.bind(ledger);
  ledger.submit = async (operation) => {
    if (operation.kind === 'settle') throw new Error('The server died');
    return await submit(operation);
  };
  await rig.charge(wishOf(0)).catch(() => undefined);
  await rig.office.restart();
}

function idOf(index: number): string {
  return `charge-000${index}`;
}

function wishOf(index: number) {
  return { chargeId: idOf(index), ...(KINDS[index % KINDS.length] ?? KINDS[0]), units: 1 + index, person: SAM_READ };
}

async function checkBooks(rig: MeteringRig): Promise<void> {
  const { balance, held, available } = await rig.office.wallet();
  const [rows, debits] = [await rig.rows(), await rig.debits()];
  expect(available).toBeGreaterThanOrEqual(0);
  expect(held).toBeGreaterThanOrEqual(rows.reduce((sum, row) => sum + row.heldMicros, 0));
  const paid = rows.filter(({ costMicros }) => costMicros > 0);
  expect(debits).toEqual(
    paid
      .map((row) => ({ entryKind: serviceEntryKind(row.kind), reference: row.chargeId, micros: row.costMicros }))
      .toSorted((a, b) => (`${a.entryKind}\n${a.reference}` < `${b.entryKind}\n${b.reference}` ? -1 : 1)),
  );
  expect(balance).toBeGreaterThanOrEqual(held);
}

test('C-20: whatever happens to charges, lines are entries, each once, and credit is never below zero', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const rig = await MeteringRig.open();
      try {
        await rig.office.addCredit(600_000);
        for (const one of steps) await play(rig, one);
        await checkBooks(rig);
        await rig.later(3_600);
        await checkBooks(rig);
        // In the end nothing is held, and every step again changes nothing that was paid.
        expect((await rig.office.wallet()).held).toBe(0);
        const paid = await rig.debits();
        for (const one of steps) if (one.kind === 'settle' || one.kind === 'release') await play(rig, one);
        expect(await rig.debits()).toEqual(paid);
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
