/** Where several servers really meet (see invoice-schedule.ts): PostgreSQL, each server with a store and a ledger of its own. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { Services } from '../../../server/services-of.ts';
import type { Store } from '../../../server/storage/store.ts';
import { MeteringRig } from '../../support/metering-rig.ts';
import { agreed } from '../../support/payment-rig.ts';
import { BY_INVOICE, expectInvoicesAreStatement, invoiceSteps, playInvoices } from './invoice-schedule.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

let rig: MeteringRig;
let other: { readonly store: Store; readonly ledger: DrainableLedger; readonly services: Services };
beforeEach(async () => {
  rig = await MeteringRig.open();
  expect(rig.office.store.place).toContain('PostgreSQL');
  const store = await rig.office.openStore();
  const ledger = createLedger(store);
  other = { store, ledger, services: rig.office.newServices({ store, ledger }) };
}, 60_000);
afterEach(async () => {
  await other.ledger.close();
  await other.store.close();
  await rig.close();
});

test('C-21: the invoices of months are their statements, whichever of two servers counted and numbered', async () => {
  const [steps = []] = fc.sample(invoiceSteps, { numRuns: 1, seed: 21 });
  await playInvoices(rig, { steps, other: other.services });
  await expectInvoicesAreStatement(rig);
}, 60_000);

test('C-21: 200 services at both servers, counted by both at the same time, are on one paper, each once', async () => {
  rig.office.policy = BY_INVOICE;
  const servers = [rig.office.services, other.services];
  const used = Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const service = servers[index % 2]?.metering ?? rig.service;
      agreed(await rig.charge({ kind: 'transcription', units: 1, to: null }, { service }));
    }),
  );
  const count = async () => {
    for (const { metering } of servers) for (const { work } of metering.works) await work();
  };
  await Promise.all([used, count(), count()]);
  await Promise.all([count(), count()]);
  await count();
  rig.office.clock.advance(30 * 86_400_000);
  await Promise.all(servers.flatMap(({ payments }) => payments.works.map(({ work }) => work())));
  await expectInvoicesAreStatement(rig);
  const rows = await rig.office.store.db.selectFrom('invoice').select(['invoiceNumber', 'amountMicros']).execute();
  expect(rows).toEqual([{ invoiceNumber: 1, amountMicros: 200 * 24_000 }]);
}, 60_000);
