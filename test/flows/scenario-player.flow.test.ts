/** The scenario player as a visitor uses it: chosen by a click, played step by step or at once, with Dana's phone acting beside it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECLINE } from '../../demo/scenarios/decline.ts';
import { DRAIN } from '../../demo/scenarios/drain.ts';
import { LATE_WEBHOOK } from '../../demo/scenarios/late-webhook.ts';
import type { Scenario } from '../../demo/scenarios/scenario.ts';
import { openBrowser, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { snapshot } from './phone-page.ts';

let server: DemoServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(server.url);
  await page.getByRole('link', { name: /What if/ }).click();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const nextButton = () => page.getByRole('button', { name: 'Next step' });

async function begin({ title }: Scenario): Promise<void> {
  await page.getByRole('button', { name: title }).click();
  await page.getByText('Ready. Nothing has happened yet.').waitFor({ timeout: 20_000 });
  await page.waitForSelector('credit-phone[credit-level]', { timeout: 20_000 });
}

/** Presses Next, and waits until the page says that the step was played. */
async function step(scenario: Scenario, count: number): Promise<void> {
  await nextButton().click();
  await page.getByText(`${count} of ${scenario.steps.length} steps`, { exact: true }).waitFor({ timeout: 20_000 });
  expect(await page.getByText('Not as promised').count()).toBe(0);
}

async function says(words: RegExp): Promise<void> {
  await expect.poll(() => widgetText(page), { timeout: 15_000 }).toMatch(words);
}

const available = async () => (await snapshot(page)).balance?.availableMicros;

test('drain: the phone shows what is held, the call is cut when nothing is left, and the next one is refused', async () => {
  await begin(DRAIN);
  await step(DRAIN, 1);
  await says(/\$0\.30/);
  await step(DRAIN, 2);
  await says(/held/);
  expect(await available()).toBeLessThan(300_000);
  await step(DRAIN, 3);
  await step(DRAIN, 4);
  await expect.poll(available, { timeout: 15_000 }).toBe(0);
  await step(DRAIN, 5);
  await page.getByText('Played to the end; every step is as promised.').waitFor();
  expect(await nextButton().isDisabled()).toBe(true);
});

test('decline: the payments of the widget say what became of both', async () => {
  await begin(DECLINE);
  for (const [index] of DECLINE.steps.entries()) {
    await step(DECLINE, index + 1);
    if (index === 1) await says(/Visa ··0341 Not paid The card was declined/);
  }
  await says(/Visa ··4242 Paid/);
  await expect.poll(available, { timeout: 15_000 }).toBe(25_850_000);
});

test('late webhook: played at once, the credit rises by itself; then it begins anew, and stops', async () => {
  await begin(LATE_WEBHOOK);
  await page.getByRole('button', { name: 'Play all' }).click();
  await page.getByText('Played to the end; every step is as promised.').waitFor({ timeout: 40_000 });
  await expect.poll(available, { timeout: 15_000 }).toBe(11_000_000);
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByText(`0 of ${LATE_WEBHOOK.steps.length} steps`, { exact: true }).waitFor({ timeout: 20_000 });
  await expect.poll(available, { timeout: 15_000 }).toBe(2_000_000);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.waitForSelector('credit-phone', { state: 'detached' });
  expect(await page.getByText("Choose a scenario: Dana's phone appears here.").isVisible()).toBe(true);
});

test('what is played there never touches the demo’s own ledger, and the page has not complained', async () => {
  const token = await (await fetch(`${server.url}/demo/token/dana`, { method: 'POST' })).text();
  const answer = await fetch(`${server.url}/v1/balance`, { headers: { authorization: `Bearer ${token}` } });
  expect(((await answer.json()) as { balanceMicros: number }).balanceMicros).toBe(2_000_000);
  expect(complaints).toEqual([]);
});
