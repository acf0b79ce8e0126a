/** Issue 4: webhooks that come late, twice, reordered or never. Nobody comes back with the browser: only reports and the sweep. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  DELIVERIES_KEPT_MINUTES,
  DELIVERY_MODES,
  type DeliveryMode,
} from '../../../server/payments/simulated-deliveries.ts';
import { agreed, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

const DISPUTED_CARD = '4000000000000259';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
  rig.areReportsTimed = true;
});
afterEach(() => rig.close());

/** Seconds until the credit is there, looking at each of them; the reports that came are delivered as they come. */
async function secondsUntilCredited(): Promise<number> {
  for (let seconds = 0; seconds <= 120; seconds += 1) {
    await rig.deliverAll();
    if ((await rig.balance()) > 0) return seconds;
    await rig.later(1);
  }
  throw new Error('No credit came');
}

async function creditsInBook(): Promise<number> {
  const entries = await rig.office.store.db
    .selectFrom('entry')
    .select('amountMicros')
    .where('ledgerAccount', '=', 'wallet')
    .where('entryKind', '=', 'top_up')
    .execute();
  return entries.length;
}

/** When each is to be credited: by its report, or by the sweep, which looks at a payment after a minute. */
const SOONEST: Readonly<Record<DeliveryMode, readonly [least: number, most: number]>> = {
  at_once: [0, 0],
  twice: [0, 0],
  late: [4, 6],
  reversed: [4, 6],
  never: [55, 65],
};

test.each(DELIVERY_MODES)('reports that come %s end in one credit', async (mode) => {
  await rig.provider.deliver(mode);
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  const [least, most] = SOONEST[mode];
  const seconds = await secondsUntilCredited();
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThanOrEqual(most);
  // Whatever still travels arrives, the provider's own list is read, and nothing is added.
  for (let minute = 0; minute < 5; minute += 1) {
    await rig.later(60);
    await rig.deliverAll();
  }
  await rig.fetchEvents();
  expect([await rig.balance(), await rig.charges(), await creditsInBook()]).toEqual([25 * USD, 1, 1]);
  expect(agreed(await rig.ask('payment', { paymentId: payment.paymentId })).payment.status).toBe('succeeded');
});

test.each(DELIVERY_MODES)('a dispute whose reports come %s is taken once', async (mode) => {
  await rig.provider.deliver(mode);
  await rig.payWithNewCard(DISPUTED_CARD);
  for (let minute = 0; minute < 3; minute += 1) {
    await rig.deliverAll();
    await rig.later(60);
  }
  await rig.fetchEvents();
  await rig.deliverAll();
  expect([await rig.balance(), await rig.owed(), await creditsInBook()]).toEqual([0, 0, 1]);
  expect(agreed(await rig.ask('paymentSettings', {})).isDisputed).toBe(true);
});

test('after a while reports come at once again', async () => {
  await rig.provider.deliver('never');
  rig.office.clock.advance(DELIVERIES_KEPT_MINUTES * 60_000);
  await rig.payWithNewCard(GOOD_CARD);
  expect(await secondsUntilCredited()).toBe(0);
});
