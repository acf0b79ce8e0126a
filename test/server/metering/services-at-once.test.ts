/** Many at once on little credit, at one server and at two. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MeteringRig } from '../../support/metering-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';

let rig: MeteringRig;
beforeEach(async () => {
  rig = await MeteringRig.open();
});
afterEach(() => rig.close());

test('1,000 charges at the same moment on the money for one: one', async () => {
  await rig.office.addCredit(90_000);
  const services = [rig.service, rig.office.newServices().metering];
  const outcomes = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => {
      const service = services[index % 2];
      return rig.charge({ chargeId: `charge-${index + 1_000}` }, service ? { service } : {});
    }),
  );
  const refused = outcomes.filter(({ ok }) => !ok).map(codeOf);
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  const forCredit = ['no_credit', 'insufficient_credit', 'credit_held'];
  expect(refused.filter((code) => !forCredit.includes(code))).toEqual([]);
  expect(await rig.office.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  expect(await rig.debits()).toHaveLength(1);
}, 60_000);

test('one charge, sent 200 times at once to two servers: one charge and 200 times the same answer', async () => {
  await rig.office.addCredit(1_000_000);
  const services = [rig.service, rig.office.newServices().metering];
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const service = services[index % 2];
      return rig.charge({ chargeId: 'charge-0001' }, service ? { service } : {});
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(agreed(answer)))).size).toBe(1);
  expect(await rig.debits()).toHaveLength(1);
}, 60_000);

test('settled, released and expired at the same moment it ends once, and nothing stays held', async () => {
  await rig.office.addCredit(10_000_000);
  for (let round = 0; round < 20; round += 1) {
    const chargeId = `charge-${round + 1_000}`;
    agreed(await rig.authorize({ chargeId, units: 2, validSeconds: 30 }));
    await Promise.all([
      rig.settle(chargeId, 1),
      rig.release(chargeId),
      rig.settle(chargeId, 2),
      rig.later(round % 2 ? 30 : 1),
    ]);
    const { status, costMicros, units } = await rig.row(chargeId);
    expect(costMicros).toBe(status === 'settled' ? units * 90_000 : 0);
  }
  const paid = (await rig.rows()).reduce((sum, { costMicros }) => sum + costMicros, 0);
  expect(await rig.office.wallet()).toEqual({ balance: 10_000_000 - paid, held: 0, available: 10_000_000 - paid });
}, 60_000);
