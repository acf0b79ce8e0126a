/** Orders whose answer is lost, late, wrong or never came, and servers that die between any two steps. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTelnyxCarrier } from '../../../server/carriers/telnyx-carrier.ts';
import { GIVE_UP_MS, LOOK_OUT_MS, MAX_BUSY } from '../../../server/numbers/order-states.ts';
import { CarrierRig, CHICAGO, PEORIA } from '../../support/carrier-rig.ts';
import { dyingWorld, StepOfDeath } from '../../support/dying-world.ts';
import type { Fault } from '../../support/local-telnyx.ts';
import { codeOf, DANA, granted } from '../../support/office-rig.ts';

const GIVE_UP_SECONDS = GIVE_UP_MS / 1_000;

let rig: CarrierRig;
beforeEach(async () => {
  rig = await CarrierRig.open();
  await rig.office.addCredit(5_000_000);
});
afterEach(() => rig.close());

function ordersMade(): number {
  return rig.telnyx.requests.filter((request) => request === 'POST /number_orders').length;
}

describe('an order whose answer is not heard', () => {
  test.each<Fault>([
    'lost',
    'error_after',
    'hang',
    'garbled',
  ])('and that was made (%s) is found by our own id: one order, one charge', async (fault) => {
    rig.telnyx.next('order', fault);
    const purchase = granted(await rig.buy(CHICAGO));
    expect(purchase).toMatchObject({ state: 'ordered', chargedMicros: 0, number: { status: 'ordering' } });
    expect((await rig.office.wallet()).held).toBe(1_000_000);
    await rig.sweep(20);
    expect(await rig.state()).toBe('bought');
    expect(ordersMade()).toBe(1);
    await rig.expectBooksToAgree();
  });

  test('and that was not made is given up only when the carrier says that it has none, and never ordered again', async () => {
    rig.telnyx.next('order', 'error_before');
    granted(await rig.buy(CHICAGO));
    await rig.sweep(GIVE_UP_SECONDS - 30);
    expect(await rig.state()).toBe('asking');
    expect((await rig.office.wallet()).held).toBe(1_000_000);
    await rig.sweep(60);
    expect(await rig.state()).toBe('abandoned');
    expect(await rig.office.wallet()).toEqual({ balance: 5_000_000, held: 0, available: 5_000_000 });
    expect(rig.lastTold('berlin')).toBe('failed');
    expect(ordersMade()).toBe(1);
    rig.office.clock.advance(LOOK_OUT_MS);
    await rig.sweep(1);
    expect(await rig.state()).toBe('failed');
    await rig.expectBooksToAgree();
    expect(granted(await rig.buy(CHICAGO)).state).toBe('bought');
  });

  test('keeps its money aside for as long as the carrier cannot be asked', async () => {
    rig.telnyx.next('order', 'lost');
    granted(await rig.buy(CHICAGO));
    rig.telnyx.next('orders', ...Array.from({ length: 500 }, () => 'error_before' as const));
    await rig.sweep(GIVE_UP_SECONDS * 3);
    expect(await rig.state()).toBe('asking');
    expect((await rig.office.wallet()).held).toBe(1_000_000);
    expect((await rig.orders())[0]?.problem).toContain('503');
  });

  test('that turns up after it was given up is given back: nobody pays, nobody else could have it meanwhile', async () => {
    rig.telnyx.next('order', 'late');
    const offer = await rig.offerOf(CHICAGO);
    granted(await rig.buy(CHICAGO, { offer }));
    await rig.sweep(GIVE_UP_SECONDS + 30);
    expect(await rig.state()).toBe('abandoned');
    expect(codeOf(await rig.buy(CHICAGO, { offer }))).toBe('number_taken');
    rig.telnyx.arrive();
    expect(rig.telnyx.numbersOwned()).toEqual([CHICAGO]);
    await rig.sweep(120);
    expect(await rig.state()).toBe('failed');
    expect(rig.telnyx.numbersOwned()).toEqual([]);
    expect(rig.office.logged).toContain('an order turned up after it was given up; its number was given back');
    await rig.expectBooksToAgree();
  });

  test('that arrives before it is given up is delivered', async () => {
    rig.telnyx.next('order', 'late');
    granted(await rig.buy(CHICAGO));
    await rig.sweep(GIVE_UP_SECONDS - 30);
    rig.telnyx.arrive();
    await rig.sweep(30);
    expect(await rig.state()).toBe('bought');
    await rig.expectBooksToAgree();
  });
});

describe("a number that was delivered is kept with the carrier's own id of it", () => {
  const refKept = async () =>
    (await rig.office.store.db.selectFrom('number_owner').select('numberRef').executeTakeFirst())?.numberRef;

  test('which the order has, too', async () => {
    granted(await rig.buy(CHICAGO));
    expect(await refKept()).toBe(rig.telnyx.owned[0]?.id);
    expect((await rig.orders())[0]?.numberRef).toBe(rig.telnyx.owned[0]?.id);
  });

  test.each<Fault>([
    'error_before',
    'busy',
    'lost',
    'garbled',
  ])('so nobody pays before the carrier has told it (%s), and the order is not made again', async (fault) => {
    rig.telnyx.next('numbers', fault);
    expect(granted(await rig.buy(CHICAGO))).toMatchObject({ state: 'ordered', chargedMicros: 0 });
    expect((await rig.office.wallet()).held).toBe(1_000_000);
    await rig.sweep(20);
    expect(await rig.state()).toBe('bought');
    expect(await refKept()).toBe(rig.telnyx.owned[0]?.id);
    expect(ordersMade()).toBe(1);
    await rig.expectBooksToAgree();
  });
});

describe('a carrier that is too busy', () => {
  test('has no order, so it is asked again after the pause that it names', async () => {
    rig.telnyx.next('order', 'busy', 'busy');
    expect(granted(await rig.buy(CHICAGO)).state).toBe('ordered');
    await rig.sweep(2);
    expect(ordersMade()).toBe(1);
    await rig.sweep(5);
    expect(ordersMade()).toBe(3);
    expect(await rig.state()).toBe('bought');
    await rig.expectBooksToAgree();
  });

  test('is given up after a while, and nothing was charged', async () => {
    rig.telnyx.next('order', ...Array.from({ length: MAX_BUSY }, () => 'busy' as const));
    granted(await rig.buy(CHICAGO));
    for (let round = 0; round < 4; round += 1) await rig.sweep(MAX_BUSY);
    expect(await rig.state()).toBe('failed');
    expect(ordersMade()).toBe(MAX_BUSY);
    await rig.expectBooksToAgree();
  });
});

test('a carrier with a wrong key sells nothing, costs nothing, and its key is in no log', async () => {
  const offer = await rig.offerOf(CHICAGO);
  const carrier = createTelnyxCarrier({ apiKey: 'a-key-that-is-wrong', baseUrl: rig.telnyx.url });
  const services = rig.office.newServices({ numberCarrier: carrier });
  expect(codeOf(await rig.buy(CHICAGO, { offer, services }))).toBe('number_undeliverable');
  await rig.expectBooksToAgree();
  const [order] = await rig.orders();
  expect(order?.problem).toBe('401 10009 No key');
  expect(JSON.stringify([order, rig.office.logged])).not.toContain('a-key-that-is-wrong');
});

test('a carrier that is switched off leaves its orders as they are, until it is back', async () => {
  rig.telnyx.next('order', 'lost');
  granted(await rig.buy(CHICAGO));
  await rig.sweep(300, rig.office.newServices({ numberCarrier: null }));
  expect(await rig.state()).toBe('asking');
  await rig.sweep(1);
  expect(await rig.state()).toBe('bought');
  await rig.expectBooksToAgree();
});

test('two servers that sweep at once settle each order once', async () => {
  rig.telnyx.next('order', 'lost', 'lost');
  granted(await rig.buy(CHICAGO));
  granted(await rig.buy(PEORIA));
  const other = rig.office.newServices();
  for (let second = 0; second < 20; second += 1) {
    await Promise.all([rig.sweep(1), ...other.numbers.works.map(({ work }) => work())]);
  }
  expect((await rig.orders()).map(({ state }) => state)).toEqual(['bought', 'bought']);
  await rig.expectBooksToAgree();
  expect(rig.telnyx.orders).toHaveLength(2);
});

describe('a server that dies', () => {
  /** More than a purchase has; the last ones die after everything is done. */
  const STEPS = 5;
  const carriers = ['success', 'pending', 'failure'] as const;

  test.each(
    Array.from({ length: STEPS }, (_, step) => step).flatMap((step) =>
      (['before', 'after'] as const).map((when) => ({ step, when })),
    ),
  )('$when step $step of an order leaves nothing that the next one does not settle', async ({ step, when }) => {
    for (const delivery of carriers) {
      rig.telnyx.delivery = delivery;
      const number = `+1312555${1_000 + step}`.slice(0, 11) + carriers.indexOf(delivery);
      rig.telnyx.sells({ number });
      const offer = await rig.offerOf(number);
      const purchaseId = randomUUID();
      const carrier = rig.office.numberCarrier;
      if (carrier === null) throw new Error('The rig has a carrier');
      const services = rig.office.newServices(dyingWorld({ ...rig.office, carrier }, new StepOfDeath({ step, when })));
      await services.handlers.buyNumber(DANA, { number, purchaseId, offer }).catch(() => undefined);
      await rig.sweep(30);
      if (delivery === 'pending') rig.telnyx.decide(number, 'success');
      await rig.sweep(GIVE_UP_SECONDS + 60);
      // Whoever clicks again with the same id hears how it ended, or buys it now.
      rig.telnyx.delivery = delivery === 'failure' ? 'failure' : 'success';
      await rig.buy(number, { purchaseId, offer });
      await rig.expectBooksToAgree();
      expect(rig.telnyx.orders.filter((order) => order.number === number).length).toBeLessThanOrEqual(1);
    }
  });
});
