/**
 * Credit for money, as an admin adds it in the demo: the whole way through panel, server, simulated provider, webhook and ledger. A double
 * click, a reload in the middle and a declined card cost nothing twice.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';
import { type PersonApi, personApi } from './person-api.ts';
import { press, snapshot } from './phone-page.ts';

const DOLLAR = 1_000_000;

let server: DemoServer;
let browser: Browser;
let dana: PersonApi;
let page: Page;
let sam: Page;
let complaints: readonly string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
  dana = await personApi(server.url, 'dana');
  const [admin, agent] = await Promise.all([
    openDemo(browser, { url: server.url, as: 'dana' }),
    openDemo(browser, { url: server.url, as: 'sam' }),
  ]);
  ({ page, complaints } = admin);
  sam = agent.page;
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openCredit(): Promise<void> {
  await page.getByRole('tab', { name: 'Credit' }).click();
  await press(page, 'Add credit');
}

/** Chooses an amount; with a saved card the review asks for that one. */
async function review(amount: '$5' | '$10' | '$25'): Promise<void> {
  await openCredit();
  await page.locator('credit-phone').getByRole('radio', { name: amount, exact: true }).check();
  await press(page, 'Next');
}

async function giveCard(number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Ends (MM/YY)').fill('12/39');
  await page.getByLabel('CVC').fill('123');
}

async function says(words: string): Promise<void> {
  await expect.poll(() => widgetText(page), { timeout: 15_000 }).toContain(words);
}

/** What the server says the office has, in dollars. */
async function balance(): Promise<number> {
  return Number((await dana.ask('GET', '/v1/balance')).body.balanceMicros) / DOLLAR;
}

async function payments(): Promise<readonly { readonly status: string; readonly amountMicros: number }[]> {
  const { body } = await dana.ask('GET', '/v1/payments');
  // The page of payments, as the contract has it.
  return body.payments as { status: string; amountMicros: number }[];
}

async function succeeded(): Promise<number> {
  return (await payments()).filter(({ status }) => status === 'succeeded').length;
}

describe('an admin adds credit in the widget', () => {
  test('F-14, F-17, C-14: with 4242, once however often Pay is pressed, and every window of the office sees it', async () => {
    const before = await balance();
    await review('$25');
    await press(page, 'Enter card');
    await giveCard('4242 4242 4242 4242');
    await page.locator('credit-phone').getByRole('button', { name: 'Pay $25.00' }).dblclick();
    await says('Added $25.00. New credit $');
    expect([await balance(), await succeeded()]).toEqual([before + 25, 1]);
    await expect
      .poll(async () => (await snapshot(sam)).balance?.balanceMicros, { timeout: 5_000 })
      .toBe((before + 25) * DOLLAR);
    await press(page, 'Done');
    await says('Visa ··4242');
  });

  test('S-15, L-10: the saved card pays with one confirmation, and a double click pays once', async () => {
    const before = await balance();
    await review('$10');
    await says('You pay $10.00 with Visa ··4242. Charged once, now.');
    await page.locator('credit-phone').getByRole('button', { name: 'Pay $10.00' }).dblclick();
    await says('Added $10.00.');
    expect([await balance(), await succeeded()]).toEqual([before + 10, 2]);
    await press(page, 'Done');
  });

  test('F-17: 0002 is declined: nothing is charged, and the panel says so and what helps', async () => {
    const before = await balance();
    await review('$25');
    await page.locator('credit-phone').getByRole('radio', { name: 'New card' }).check();
    await press(page, 'Change card and pay');
    await giveCard('4111 1111 1111 1111');
    await press(page, 'Pay $25.00');
    await says('Only test cards are taken here');
    await giveCard('4000000000000002');
    await press(page, 'Pay $25.00');
    await says('The card was declined. Nothing was charged. Try another card, or ask your bank.');
    expect([await balance(), await succeeded()]).toEqual([before, 2]);
    const close = page.locator('credit-phone').getByRole('button', { name: /^(Done|Cancel)$/ });
    await close.first().click();
    await says('Visa ··4242');
  });

  test('3155 asks the bank first; a reload in the middle goes on with the same payment', async () => {
    const before = await balance();
    await review('$5');
    await page.locator('credit-phone').getByRole('radio', { name: 'New card' }).check();
    await press(page, 'Change card and pay');
    await giveCard('4000002500003155');
    await press(page, 'Pay $5.00');
    await says('Your bank asks');
    expect(await balance()).toBe(before);
    await page.reload();
    await page.getByRole('tab', { name: 'Credit' }).click();
    await says('Do you want to pay $5.00 with this card?');
    await press(page, 'Confirm');
    await says('Added $5.00.');
    expect([await balance(), await succeeded()]).toEqual([before + 5, 3]);
    await press(page, 'Done');
    await says('Visa ··3155');
  });

  test('C-09 to C-11, L-16: auto-recharge is turned on with the consent, and fills up at once what is short', async () => {
    await fetch(`${server.url}/demo/scenarios/drain/sam`, { method: 'POST' });
    const before = await balance();
    expect(before).toBeLessThan(5);
    await press(page, 'Edit');
    const widget = page.locator('credit-phone');
    await widget.getByRole('switch', { name: 'Add credit by itself' }).check();
    await says('The most it can ever take from your card: $100.00 in a month.');
    await says('Credit is already below $5.00, so $25.00 is charged as soon as you save.');
    await press(page, 'Save and turn on');
    await says('the card is only charged with your consent');
    expect(await balance()).toBe(before);
    await widget.getByRole('checkbox', { name: /I agree/ }).check();
    await press(page, 'Save and turn on');
    await says('On: below $5.00 add $25.00, at most $100.00 a month.');
    await expect.poll(balance, { timeout: 15_000 }).toBe(before + 25);
    await expect.poll(async () => (await snapshot(page)).balance?.balanceMicros).toBe((before + 25) * DOLLAR);
    await says('$25.00 taken this month.');
  });

  test('F-05, C-03: an agent is refused by the server as well', async () => {
    const agent = await personApi(server.url, 'sam');
    const paid = await agent.ask('POST', '/v1/payments', {
      paymentId: 'payment-of-sam-1',
      amountMicros: 25 * DOLLAR,
      currency: 'USD',
      payWith: 'saved_card',
      keepsCard: false,
    });
    expect([paid.status, paid.body.code]).toEqual([403, 'role_forbidden']);
    expect(await widgetText(sam)).not.toMatch(/auto-recharge|payment method/i);
  });

  test('nothing is wrong in the ledger, and the page has not complained', () => {
    expect(ledgerFaults(server.dataFile)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
