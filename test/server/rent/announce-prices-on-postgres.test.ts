/** New rents where several processes really meet: two operators and a server on one PostgreSQL. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PriceRig } from '../../support/price-rig.ts';
import { RENTED, USD } from '../../support/rent-rig.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

const NUMBERS = Array.from({ length: 8 }, (_, index) => `+1720555${1_000 + index}`);

let rig: PriceRig;
beforeEach(async () => {
  rig = await PriceRig.open({ setAsideDays: 0, announceDays: 0, noticeDays: 20 });
  expect(rig.rent.office.store.place).toContain('PostgreSQL');
  rig.rent.turnTo('2026-02-03');
  for (const number of NUMBERS) await rig.rent.own({ number });
  await rig.rent.own({ number: RENTED, officeId: 'austin' });
  await rig.rent.office.addCredit(100 * USD);
  await rig.rent.office.addCredit(10 * USD, 'austin');
}, 60_000);
afterEach(() => rig.rent.close());

test('said by two operators while rents are charged: each number has it once, each office is told once', async () => {
  const { office } = rig.rent;
  const other = await office.openStore();
  rig.rent.turnTo('2026-03-03');
  const question = { fromDay: '2026-04-03' };
  const [first, second] = await Promise.all([
    rig.announce(question),
    rig.announce(question, other),
    rig.rent.round(),
    rig.rent.round(),
  ]);
  const announced = [...(first ?? []), ...(second ?? [])];
  expect(announced.map(({ officeId, numberCount }) => [officeId, numberCount]).toSorted()).toEqual([
    ['austin', 1],
    ['berlin', 8],
  ]);
  expect((await rig.mails()).map(({ officeId }) => officeId)).toEqual(['austin', 'berlin']);
  await rig.rent.live('2026-04-03');
  for (const number of [...NUMBERS, RENTED]) {
    expect(await rig.rent.rents(number)).toEqual(['2026-03-03 1', '2026-04-03 2']);
  }
  await other.close();
}, 60_000);

test('a late number is found at its lower price, and others on the same day are reckoned at theirs', async () => {
  await rig.announce({ monthlyMicros: 500_000, fromDay: '2026-02-04', prefix: '+1720' });
  await rig.announce({ announcementId: 'austin', monthlyMicros: 20 * USD, fromDay: '2026-03-01', prefix: RENTED });
  await rig.rent.live('2026-03-03');
  expect(await rig.rent.office.wallet()).toMatchObject({ balance: (100 - NUMBERS.length / 2) * USD });
  expect(await rig.rent.row()).toMatchObject({ state: 'late' });
  await rig.rent.office.addCredit(10 * USD, 'austin');
  await rig.lateRound();
  expect(await rig.rent.rents()).toEqual(['2026-03-03 20']);
}, 60_000);
