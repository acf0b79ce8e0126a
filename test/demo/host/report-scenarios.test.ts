/** The demo's buttons for webhooks that come late, twice, reordered or never (issue 4). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDemoRoutes } from '../../../demo/host/demo-routes.ts';
import { personById } from '../../../demo/host/people.ts';
import { playReportScenario } from '../../../demo/host/report-scenarios.ts';
import { GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
  rig.areReportsTimed = true;
});
afterEach(() => rig.close());

const play = (scenario: string) => playReportScenario(rig.office.store, { scenario, nowMs: rig.office.clock.nowMs() });

/** As the button of the page asks for it. */
function press(scenario: string, headers: Record<string, string> = {}) {
  const routes = createDemoRoutes({
    page: { ready: Promise.resolve(), file: async () => null },
    sign: async () => '',
    play: async (name) => (await play(name)) ?? 'none of these',
  });
  return routes(new Request(`http://demo.example/demo/scenarios/${scenario}/dana`, { method: 'POST', headers }));
}

const reported = () => rig.reports.filter(({ body }) => body.includes('payment_intent.succeeded')).length;

test.each([
  ['webhooks-late', 0, 1],
  ['webhooks-twice', 1, 2],
  ['webhooks-reversed', 0, 1],
  ['webhooks-never', 0, 0],
] as const)('%s does so, says what to watch, and ends in one credit', async (scenario, atOnce, later) => {
  expect(personById('dana')).toBeDefined();
  expect(await (await press(scenario))?.text()).toMatch(/for 10 minutes.*Pay as Dana.*(once|nothing)\.$/);
  await rig.payWithNewCard(GOOD_CARD);
  expect(reported()).toBe(atOnce);
  await rig.later(10);
  expect(reported()).toBe(later);
  await rig.deliverAll();
  await rig.later(120);
  expect(await rig.balance()).toBe(25 * USD);
});

test('webhooks-at-once ends it', async () => {
  await press('webhooks-never');
  await press('webhooks-at-once');
  await rig.payWithNewCard(GOOD_CARD);
  expect(reported()).toBe(1);
});

test('another name is none of these, and another site cannot press the buttons', async () => {
  for (const name of ['webhooks-often', 'constructor', '']) expect(await play(name)).toBeNull();
  expect((await press('webhooks-never', { 'sec-fetch-site': 'cross-site' }))?.status).toBe(403);
  await rig.payWithNewCard(GOOD_CARD);
  expect(reported()).toBe(1);
});
