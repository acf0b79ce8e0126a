/**
 * The gate dies in the middle of a call, as machines do. Gate and phone network are two processes, the page is somebody else's:
 * the people who talk must not notice, and each call is settled once, with the time that it lasted.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import { openBrowser, widgetText } from './browser.ts';
import { type BuiltWidget, buildWidget } from './built-widget.ts';
import { type GateAndEdge, HOST_TOKEN, startEdge } from './gate-and-edge.ts';
import { type HostPage, serveHostPage } from './host-page.ts';
import { callFacts, chargeOf, ledgerFaults } from './ledger-facts.ts';
import { AUDIBLE, callOf, callStatus, dial, loudness, press, reachable, settled, snapshot } from './phone-page.ts';

const LEASE_SECONDS = 12;
const POLICY = { calls: { leaseSeconds: LEASE_SECONDS, renewBeforeSeconds: 5, reapAfterSeconds: 8 } };

let widget: BuiltWidget;
let host: HostPage;
let servers: GateAndEdge;
let browser: Browser;
let sam: Page;

beforeAll(async () => {
  widget = await buildWidget();
  servers = await startEdge({ policy: POLICY, hostOrigin: () => host.origin });
  host = await serveHostPage({
    widgetFolder: widget.folder,
    gateUrl: () => servers.gateUrl,
    sipUrl: () => servers.sipUrl,
    token: HOST_TOKEN,
  });
  await servers.startGate();
  browser = await openBrowser();
  const context = await browser.newContext({ permissions: ['microphone'] });
  sam = await context.newPage();
  await sam.goto(`${host.origin}/?as=sam`);
  await reachable(sam);
});

afterEach(async () => {
  // A test that failed in a call must not take the others with it.
  await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.hangUp());
});

afterAll(async () => {
  await browser?.close();
  await host?.close();
  await servers?.close();
  widget?.remove();
});

async function talkedFor(seconds: number): Promise<void> {
  await expect.poll(async () => (await callOf(sam)).talkSeconds, { timeout: 40_000 }).toBeGreaterThanOrEqual(seconds);
}

/** The phone asks for the cost by itself; the balance comes with the event stream, which waits longer from one attempt to the next. */
async function balanceOf(page: typeof sam, balanceMicros: number): Promise<void> {
  await expect.poll(async () => (await snapshot(page)).balance?.balanceMicros, { timeout: 40_000 }).toBe(balanceMicros);
}

async function beginCall(): Promise<string> {
  await dial(sam, '600');
  await callStatus(sam, 'talking');
  await expect.poll(() => loudness(sam), { timeout: 15_000 }).toBeGreaterThan(AUDIBLE);
  return (await callOf(sam)).callId;
}

describe('the gate is killed during a call', () => {
  test('and started again: the call goes on, its lease grows again, and it is settled once', async () => {
    const callId = await beginCall();
    await servers.killGate();
    await talkedFor(3);
    expect(await callOf(sam)).toMatchObject({ phase: 'talking', isLinkLost: false });
    expect(await loudness(sam)).toBeGreaterThan(AUDIBLE);
    await servers.startGate();
    await talkedFor(LEASE_SECONDS + 3);
    expect(await callOf(sam)).toMatchObject({ callId, phase: 'talking' });
    expect(await loudness(sam)).toBeGreaterThan(AUDIBLE);
    expect(callFacts(servers.dataFile, callId)).toMatchObject({ status: 'answered' });
    expect(callFacts(servers.dataFile, callId)?.leaseSeconds).toBeGreaterThan(LEASE_SECONDS);
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    const { talkSeconds, costMicros } = await settled(sam);
    expect(costMicros).toBe(50_000 + 10_000 * talkSeconds);
    expect(callFacts(servers.dataFile, callId)).toMatchObject({ durationSeconds: talkSeconds, endReason: 'hung_up' });
    expect(chargeOf(servers.dataFile, callId)).toEqual({ takenMicros: costMicros, captures: 1 });
    await balanceOf(sam, 2_000_000 - costMicros);
  });

  test('and stays away: the edge cuts the call at the end of its lease, and reports when the gate is back', async () => {
    const before = (await snapshot(sam)).balance?.balanceMicros ?? 0;
    const callId = await beginCall();
    const { leaseSeconds } = callFacts(servers.dataFile, callId) ?? { leaseSeconds: 0 };
    await servers.killGate();
    await callStatus(sam, 'ended', (LEASE_SECONDS + 6) * 1000);
    expect(await callOf(sam)).toMatchObject({ isCostSettled: false });
    expect(await widgetText(sam)).toMatch(/exact cost follows/);
    expect(callFacts(servers.dataFile, callId)).toMatchObject({ status: 'answered', costMicros: 0 });
    await servers.startGate();
    const { costMicros, talkSeconds } = await settled(sam);
    expect(talkSeconds).toBe(leaseSeconds);
    expect(costMicros).toBe(50_000 + 10_000 * leaseSeconds);
    expect(callFacts(servers.dataFile, callId)).toMatchObject({
      status: 'settled',
      durationSeconds: leaseSeconds,
      endReason: 'lease_expired',
    });
    expect(chargeOf(servers.dataFile, callId)).toEqual({ takenMicros: costMicros, captures: 1 });
    await balanceOf(sam, before - costMicros);
  });

  test('and somebody hangs up meanwhile: the end is charged as it was, not as late as it was heard of', async () => {
    const callId = await beginCall();
    await servers.killGate();
    await talkedFor(2);
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    const talkedSeconds = (await callOf(sam)).talkSeconds;
    await sam.waitForTimeout(1_000);
    await servers.startGate();
    const { talkSeconds, costMicros } = await settled(sam);
    // The meter on the screen and the clock of the edge begin a second anew at different moments.
    expect(Math.abs(talkSeconds - talkedSeconds)).toBeLessThanOrEqual(1);
    expect(costMicros).toBe(50_000 + 10_000 * talkSeconds);
    expect(chargeOf(servers.dataFile, callId)).toEqual({ takenMicros: costMicros, captures: 1 });
  });

  test('no call begins without it, and the reason is the true one', async () => {
    await servers.killGate();
    const beganAtMs = performance.now();
    await dial(sam, '600');
    await callStatus(sam, 'refused');
    console.log(`without a gate a call is refused after ${Math.round(performance.now() - beganAtMs)} ms`);
    expect(await widgetText(sam)).toContain("We can't check the credit right now. Try again in a moment.");
    await servers.startGate();
    const backAtMs = performance.now();
    await expect.poll(async () => (await snapshot(sam)).gateLink, { timeout: 40_000 }).toBe('live');
    console.log(`the widget is live ${Math.round(performance.now() - backAtMs)} ms after the gate is back`);
    await beginCall();
    await press(sam, 'Hang up');
    await settled(sam);
  });
});

test('after all that the ledger adds up and nothing is held', async () => {
  await expect.poll(() => ledgerFaults(servers.dataFile), { timeout: 15_000 }).toEqual([]);
});
