/** Where several servers really meet: PostgreSQL, each with connections of its own. One crossing is one mail and one webhook. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { webhookKey } from '../../../server/alerts/webhook-signature.ts';
import type { Store } from '../../../server/storage/store.ts';
import { AlertRig, BERLIN, USD } from '../../support/alert-rig.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

// Read by test-store.ts when it is imported.
vi.hoisted(() => {
  process.env.CREDIT_PHONE_TEST_STORE = 'postgres';
});

const ROUNDS = 4;

let rig: AlertRig;
let other: Store;
let host: WebhookReceiver;

beforeEach(async () => {
  rig = await AlertRig.open();
  expect(rig.office.store.place).toContain('PostgreSQL');
  other = await rig.office.openStore();
  host = await WebhookReceiver.start();
}, 60_000);

afterEach(async () => {
  await host.close();
  await other.close();
  await rig.office.close();
});

test('two servers look at each crossing ten times: one alert, one mail and one webhook', async () => {
  const keys = [webhookKey(`whsec_${'A'.repeat(43)}=`) ?? Buffer.alloc(0)];
  const webhook = { url: host.url, keys, mayBePrivate: true };
  const services = Array.from({ length: 20 }, (_, index) =>
    rig.service(index % 2 === 0 ? { webhook } : { webhook, store: other }),
  );
  const lookEverywhere = async () => {
    for (const service of services) service.creditChanged(BERLIN);
    await Promise.all(services.map((service) => service.workOnce()));
    await services[0]?.workOnce();
  };
  await rig.office.addCredit(20 * USD);
  await lookEverywhere();
  for (let round = 1; round <= ROUNDS; round += 1) {
    await rig.spend(20 * USD);
    await lookEverywhere();
    await rig.office.addCredit(20 * USD);
    await lookEverywhere();
    rig.office.clock.advance(7 * 3_600_000);
    await lookEverywhere();
    expect(await rig.kinds()).toEqual(Array.from({ length: round }, () => ['back', 'empty']).flat());
  }
  expect(await rig.mails()).toHaveLength(2 * ROUNDS);
  expect(new Set(host.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2 * ROUNDS);
  expect(host.received).toHaveLength(2 * ROUNDS);
}, 120_000);
