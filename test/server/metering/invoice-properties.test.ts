/** See invoice-schedule.ts; here on SQLite, where one process has the file: its two servers share a store. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MeteringRig } from '../../support/metering-rig.ts';
import { expectInvoicesAreStatement, invoiceSteps, playInvoices } from './invoice-schedule.ts';

test('C-21: the invoices of a month are its statement, line by line to the micro-unit, whatever happened in between', async () => {
  let papers = 0;
  await fc.assert(
    fc.asyncProperty(invoiceSteps, async (steps) => {
      const rig = await MeteringRig.open();
      try {
        await playInvoices(rig, { steps, other: rig.office.newServices() });
        await expectInvoicesAreStatement(rig);
        expect(await rig.debits()).toEqual([]);
        papers += (await rig.office.store.db.selectFrom('invoice').select('invoiceNumber').execute()).length;
      } finally {
        await rig.close();
      }
    }),
    { numRuns: 12 },
  );
  expect(papers).toBeGreaterThan(0);
}, 120_000);
