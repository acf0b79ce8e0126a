/** Where several servers really meet: PostgreSQL, each server with a ledger and services of its own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { MeteringService } from '../../../server/metering/metering-service.ts';
import type { EdgeService } from '../../../server/services.ts';
import type { Store } from '../../../server/storage/store.ts';
import { MeteringRig } from '../../support/metering-rig.ts';
import { GERMAN_MOBILE } from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

let rig: MeteringRig;
let other: {
  readonly store: Store;
  readonly ledger: DrainableLedger;
  readonly service: MeteringService;
  readonly edge: EdgeService;
};
beforeEach(async () => {
  rig = await MeteringRig.open();
  expect(rig.office.store.place).toContain('PostgreSQL');
  const store = await rig.office.openStore();
  const ledger = createLedger(store);
  const { metering, edge } = rig.office.newServices({ store, ledger });
  other = { store, ledger, service: metering, edge };
}, 60_000);
afterEach(async () => {
  await other.ledger.close();
  await other.store.close();
  await rig.close();
});

test('authorized at one server, settled at the other, once, by whichever is asked', async () => {
  await rig.office.addCredit(1_000_000);
  agreed(await rig.authorize({ chargeId: 'charge-0001', kind: 'transcription', units: 10, to: null }));
  const settled = agreed(await rig.settle('charge-0001', 4, { service: other.service }));
  expect(settled).toMatchObject({ status: 'settled', costMicros: 96_000 });
  expect(agreed(await rig.settle('charge-0001', 4))).toEqual(settled);
  expect(codeOf(await rig.settle('charge-0001', 5))).toBe('id_reused');
  agreed(await rig.authorize({ chargeId: 'charge-0002', kind: 'transcription', units: 1, to: null }));
  expect(agreed(await rig.settle('charge-0002', 100, { service: other.service }))).toMatchObject({
    costMicros: 904_000,
    shortMicros: 1_496_000,
  });
  expect(await rig.office.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
}, 60_000);

test('300 charges at the same moment at two servers on the money for one: one', async () => {
  await rig.office.addCredit(90_000);
  const services = [rig.service, other.service];
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, index) => {
      const service = services[index % 2];
      return rig.charge({ chargeId: `charge-${index + 1_000}` }, service ? { service } : {});
    }),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await rig.debits()).toHaveLength(1);
}, 60_000);

test('what nobody settled is given back once, whichever server looks first', async () => {
  await rig.office.addCredit(5_000_000);
  for (let index = 0; index < 20; index += 1) agreed(await rig.authorize({ validSeconds: 10 }));
  rig.office.clock.advance(10_000);
  const works = [rig.service, other.service].flatMap((service) => service.works);
  await Promise.all(works.map(({ work }) => work()));
  expect((await rig.rows()).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'expired'));
  expect(await rig.office.wallet()).toEqual({ balance: 5_000_000, held: 0, available: 5_000_000 });
}, 60_000);

test('F-07: an extra that is asked for at two servers at once is held once, and never beyond the credit', async () => {
  await rig.office.addCredit(90_000);
  const { callId } = await rig.office.answeredCall(GERMAN_MOBILE);
  const left = (await rig.office.wallet()).available;
  const asked = { accountId: 'acme', edgeId: 'embedded' } as const;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const edge = index % 2 === 0 ? rig.office.services.edge : other.edge;
      return edge.extra(callId, { ...asked, extra: { kind: 'recording', units: index + 1 } });
    }),
  );
  const allowed = Math.max(...answers.map((answer) => (answer.decision === 'allow' ? answer.units : 0)));
  expect(allowed).toBe(Math.floor(left / 2_500));
  expect(await rig.row(`${callId}.recording`)).toMatchObject({ authorizedUnits: allowed, heldMicros: allowed * 2_500 });
  const refused = answers.flatMap((answer) => (answer.decision === 'refuse' ? [answer.refusal.code] : []));
  expect(new Set(refused)).toEqual(new Set(['credit_held']));
  expect((await rig.office.wallet()).available).toBe(left - allowed * 2_500);
}, 60_000);
