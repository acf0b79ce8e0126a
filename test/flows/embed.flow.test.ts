/**
 * Two lines in somebody else's page: another origin, the strictest policy a page can have, a narrow screen. The widget must need nothing
 * else, talk to nobody else, and be usable by everybody in every state it comes into.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import { openBrowser, widgetText } from './browser.ts';
import { type BuiltWidget, buildWidget } from './built-widget.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { type HostPage, serveHostPage } from './host-page.ts';
import { chargeOf, ledgerFaults } from './ledger-facts.ts';
import { leaveCredit } from './person-api.ts';
import { AUDIBLE, callStatus, dial, loudness, press, reachable, settled, snapshot } from './phone-page.ts';

const NARROW_PIXELS = 360;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TOKEN = {
  secret: 'the-token-secret-of-this-flow-0123456789',
  issuer: 'credit-phone-demo',
  audience: 'credit-phone',
};

let widget: BuiltWidget;
let host: HostPage;
let gate: DemoServer;
let browser: Browser;
let sam: Page;
const asked = new Set<string>();
const complaints: string[] = [];

beforeAll(async () => {
  widget = await buildWidget();
  host = await serveHostPage({
    widgetFolder: widget.folder,
    gateUrl: () => gate.url,
    sipUrl: () => gate.url.replace('http', 'ws'),
    token: TOKEN,
  });
  gate = await startDemoServer({ CORS_ORIGINS: host.origin, TOKEN_SECRET: TOKEN.secret });
  browser = await openBrowser();
  const context = await browser.newContext({
    permissions: ['microphone'],
    viewport: { width: NARROW_PIXELS, height: 740 },
  });
  sam = await context.newPage();
  sam.on('request', (request) => asked.add(new URL(request.url()).origin));
  sam.on('websocket', (socket) => asked.add(new URL(socket.url()).origin));
  sam.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  sam.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await sam.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  await sam.goto(`${host.origin}/?as=sam`);
  await reachable(sam);
});

afterAll(async () => {
  await browser?.close();
  await gate?.close();
  await host?.close();
  widget?.remove();
});

/** Everything that axe finds, in words; and whatever sticks out of the narrow page. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    // The script of the line above has put it there.
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  const widest = await page.evaluate(() => document.documentElement.scrollWidth);
  return widest > NARROW_PIXELS ? [...found, `the page is ${widest} px wide`] : found;
}

describe('two lines in a strict page of another origin', () => {
  test('idle', async () => {
    expect(await widgetText(sam)).toContain('Credit low: $2.00');
    expect(await faults(sam)).toEqual([]);
  });

  test('with a number and its price', async () => {
    await sam.getByRole('textbox', { name: /number/i }).fill('600');
    await expect.poll(() => widgetText(sam)).toMatch(/Echo test/);
    expect(await faults(sam)).toEqual([]);
  });

  test('in a call, with sound', async () => {
    await press(sam, /^Call/);
    await callStatus(sam, 'talking');
    await expect.poll(() => loudness(sam), { timeout: 15_000 }).toBeGreaterThan(AUDIBLE);
    expect(await faults(sam)).toEqual([]);
  });

  test('after the call', async () => {
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    const { callId, costMicros } = await settled(sam);
    expect(await faults(sam)).toEqual([]);
    expect(chargeOf(gate.dataFile, callId)).toEqual({ takenMicros: costMicros, captures: 1 });
  });

  test('refused for want of credit', async () => {
    await leaveCredit(gate.url, { agent: 'sam', admin: 'dana', amountMicros: 0 });
    await expect.poll(async () => (await snapshot(sam)).creditLevel).toBe('empty');
    await dial(sam, '600');
    await callStatus(sam, 'refused');
    expect(await widgetText(sam)).toContain("You can't call: the account has no credit. Nothing was charged.");
    expect(await faults(sam)).toEqual([]);
  });

  test.each(['History', 'Numbers'])('with the %s open', async (tab) => {
    await sam.getByRole('tab', { name: tab }).click();
    await sam.waitForTimeout(300);
    expect(await faults(sam)).toEqual([]);
  });
});

test('no request went to any other host than the page and the gate it names', () => {
  const expected = [host.origin, gate.url, gate.url.replace('http', 'ws')];
  expect([...asked].filter((origin) => !expected.includes(origin) && origin !== 'null')).toEqual([]);
  expect([...asked]).toEqual(expect.arrayContaining(expected));
});

test('no violation of the policy, no error and no warning in the console', () => {
  // Browsers note each refused request by themselves; that one was asked for.
  expect(complaints.filter((words) => !words.includes('status of 402'))).toEqual([]);
});

test('a page that the gate does not know gets nothing', async () => {
  const answer = await fetch(`${gate.url}/v1/me`, { headers: { origin: 'http://elsewhere.invalid' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('the element has no secret in its attributes, and the ledger adds up', async () => {
  const attributes = await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.outerHTML ?? '');
  expect(attributes).not.toMatch(/eyJ|token|password/i);
  await expect.poll(() => ledgerFaults(gate.dataFile)).toEqual([]);
});
