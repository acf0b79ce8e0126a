/**
 * The Credit tab as admins use it together: a card that must be confirmed, a receipt that arrives, two offices, two admins at once,
 * requests of agents, and credit on account. Everything through the real page.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOperator } from '../support/run-operator.ts';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';
import { type PersonApi, personApi } from './person-api.ts';
import { dial, press, reachable, snapshot } from './phone-page.ts';

const DOLLAR = 1_000_000;
/** The follow-up of an event in every open window (C-14, D-13), with what a busy machine takes for itself. */
const SEEN_WITHIN_MS = 1_000;

let server: DemoServer;
let browser: Browser;
let danaApi: PersonApi;
let dana: Page;
let luis: Page;
let sam: Page;
let complaints: readonly (readonly string[])[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
  danaApi = await personApi(server.url, 'dana');
  const [first, second, third] = await Promise.all([enter('dana'), enter('luis'), enter('sam')]);
  [dana, luis, sam] = [first.page, second.page, third.page];
  complaints = [first.complaints, second.complaints, third.complaints];
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

function enter(as: string) {
  return openDemo(browser, { url: server.url, as });
}

const widget = (page: Page) => page.locator('credit-phone');

async function says(page: Page, words: string): Promise<void> {
  await expect.poll(() => widgetText(page), { timeout: 15_000 }).toContain(words);
}

async function openCredit(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Credit' }).click();
  await says(page, 'Payment method');
}

async function billingTerms(...words: readonly string[]): Promise<void> {
  await runOperator({ DATA_FILE: server.dataFile }, ['billing', 'terms', '--account', 'harbour', ...words]);
}

async function giveCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number);
  await page.getByLabel('Ends (MM/YY)').fill('12/39');
  await page.getByLabel('CVC').fill('123');
}

/** What the office of Dana has, in dollars. */
async function balance(): Promise<number> {
  return Number((await danaApi.ask('GET', '/v1/balance')).body.balanceMicros) / DOLLAR;
}

async function paidCount(): Promise<number> {
  const { body } = await danaApi.ask('GET', '/v1/payments');
  // The page of payments, as the contract has it.
  return (body.payments as { status: string }[]).filter(({ status }) => status === 'succeeded').length;
}

/** An agent finds out that there is no credit, and is offered to ask for some. */
async function openAsking(page: Page): Promise<void> {
  await reachable(page);
  await dial(page, '+491713920031');
  await widget(page).getByRole('button', { name: 'Ask for credit' }).first().click();
  await says(page, 'Tell your admin why (optional)');
}

/** The newest amount on the statement of the test cards, as the owner of the card reads it. */
async function newestOnStatement(): Promise<string> {
  const page = await (await fetch(`${server.url}/demo/statement`)).text();
  return /PHONE\*[^$]*<b>\$(\d+\.\d\d)</.exec(page)?.[1] ?? '';
}

describe('the Credit tab of an office', () => {
  test('D-22 to D-24: a flagged account confirms its card after the amount was chosen, and then pays', async () => {
    await billingTerms('--confirm-card', 'yes');
    const before = await balance();
    await openCredit(dana);
    await press(dana, 'Add credit');
    await widget(dana).getByRole('radio', { name: '$25', exact: true }).check();
    await press(dana, 'Next');
    await says(dana, 'Confirm your card');
    await press(dana, 'Add a card');
    await giveCard(dana, '4242 4242 4242 4242');
    await press(dana, 'Save card');
    await says(dana, 'Before Visa ··4242 pays, we make sure that it is yours');
    await press(dana, 'Send the small charge');
    await says(dana, '3 tries left.');
    const charged = await newestOnStatement();
    expect(await widgetText(dana)).not.toContain(`$${charged}`);
    await dana.getByLabel('Amount of the charge').fill(charged === '1.50' ? '1.51' : '1.50');
    await press(dana, 'Confirm card');
    await says(dana, 'That is not the amount. 2 tries left.');
    await dana.getByLabel('Amount of the charge').fill(charged);
    await press(dana, 'Confirm card');
    await says(dana, 'You pay $25.00 with Visa ··4242.');
    expect(await balance()).toBe(before);
    await press(dana, 'Pay $25.00');
    await says(dana, 'Added $25.00.');
    expect(await balance()).toBe(before + 25);
    await press(dana, 'Done');
    await billingTerms('--confirm-card', 'no');
  });

  test('F-24: the receipt arrives as a PDF under its number', async () => {
    const receipt = widget(dana)
      .getByRole('button', { name: /^Receipt .+ as PDF$/ })
      .first();
    await receipt.waitFor({ timeout: 15_000 });
    const [download] = await Promise.all([dana.waitForEvent('download'), receipt.click()]);
    expect(download.suggestedFilename()).toMatch(/^harbour-\d{6}\.pdf$/);
    const bytes = readFileSync(await download.path());
    expect([bytes.subarray(0, 5).toString('latin1'), bytes.length > 1_000]).toEqual(['%PDF-', true]);
  });

  test('D-12, D-13: a company admin looks at another office: its credit, its payments, and its changes within a second', async () => {
    await openCredit(luis);
    const own = (await snapshot(luis)).balance?.balanceMicros;
    const office = widget(luis).getByRole('combobox', { name: 'Office', exact: true });
    await office.selectOption({ label: 'Hamburg' });
    await says(luis, 'You see the credit of Hamburg.');
    await says(luis, 'Visa ··4242');
    const before = await balance();
    expect(await widget(luis).locator('[part=balance-amount]').textContent()).toBe(`$${before.toFixed(2)}`);
    await widget(luis)
      .getByRole('button', { name: /^Receipt .+ as PDF$/ })
      .first()
      .waitFor();
    const paid = await danaApi.ask('POST', '/v1/payments', {
      paymentId: 'payment-while-luis-looks',
      amountMicros: 5 * DOLLAR,
      currency: 'USD',
      payWith: 'saved_card',
      keepsCard: false,
    });
    expect(paid.status).toBe(200);
    const sinceMs = performance.now();
    const shown = async () => (await snapshot(luis)).offices.other?.balance?.balanceMicros;
    await expect.poll(shown, { interval: 20, timeout: 10_000 }).toBe((before + 5) * DOLLAR);
    const seenAfterMs = performance.now() - sinceMs;
    console.log(`the other office's credit is seen after ${Math.round(seenAfterMs)} ms`);
    expect(seenAfterMs).toBeLessThan(SEEN_WITHIN_MS);
    expect((await snapshot(luis)).balance?.balanceMicros).toBe(own);
  });

  test('L-10: two admins who see the same shortage and press Pay at once pay once', async () => {
    const before = [await balance(), await paidCount()] as const;
    for (const page of [dana, luis]) {
      await press(page, 'Add credit');
      await widget(page).getByRole('radio', { name: '$10', exact: true }).check();
      await press(page, 'Next');
      await says(page, 'You pay $10.00 with Visa ··4242.');
    }
    await Promise.all([press(dana, 'Pay $10.00'), press(luis, 'Pay $10.00')]);
    const both = async () => `${await widgetText(dana)} ${await widgetText(luis)}`;
    await expect.poll(both, { timeout: 15_000 }).toContain('Added $10.00.');
    await expect
      .poll(both, { timeout: 15_000 })
      .toMatch(
        /(has just added credit|is paying at this moment)[^.]*\..*Nothing was charged|nothing was charged for this one/,
      );
    expect([await balance(), await paidCount()]).toEqual([before[0] + 10, before[1] + 1]);
    for (const page of [dana, luis]) await press(page, /^(Done|Back)$/);
  });

  test('2.1 no. 5, 2.3 no. 7: an agent asks, an admin adds by the saved card in one click, the agent sees it; meanwhile nobody is asked twice', async () => {
    await fetch(`${server.url}/demo/scenarios/empty/sam`, { method: 'POST' });
    await openAsking(sam);
    await sam.getByLabel('Tell your admin why (optional)').fill('customer waits');
    await widget(sam).getByRole('button', { name: 'Ask for credit' }).last().click();
    await says(dana, "Sam Carter asks for credit: 'customer waits'.");
    await says(sam, 'You already asked at');
    const again = { requestId: 'request-while-one-is-open', reason: '' };
    const { status, body } = await (await personApi(server.url, 'sam')).ask('POST', '/v1/credit-requests', again);
    expect([status, body.code]).toEqual([429, 'already_asked']);
    await press(dana, 'Add $25.00 with card ··4242');
    await says(dana, 'Added $25.00.');
    await says(sam, 'Dana Whitfield added $25.00. You can call now.');
    expect(await balance()).toBe(25);
    expect(await widgetText(dana)).not.toContain('asks for credit');
    await press(dana, 'Done');
  });

  test('2.3 no. 7: a request is declined with words, which the agent reads', async () => {
    const { page: mia } = await enter('mia');
    await fetch(`${server.url}/demo/scenarios/empty/mia`, { method: 'POST' });
    await openAsking(mia);
    await widget(mia).getByRole('button', { name: 'Ask for credit' }).last().click();
    await says(luis, 'Mia Torres asks for credit.');
    await press(luis, 'Not now');
    await luis.getByLabel('Why? Mia Torres reads it. You may leave it empty.').fill('only on Monday');
    await press(luis, 'Decline');
    await says(mia, "Luis Ortega can't add credit now: 'only on Monday'.");
    await mia.context().close();
  });

  test('D-15: on account the credit is there at once, no card is charged, and the panel says when it is invoiced', async () => {
    await billingTerms('--pay-by', 'invoice', '--ceiling', '30');
    const before = await balance();
    await dana.reload();
    await openCredit(dana);
    await says(dana, 'On account: $0.00 of $30.00 are open. The next invoice comes on');
    await press(dana, 'Add credit');
    await widget(dana).getByRole('radio', { name: '$25', exact: true }).check();
    await press(dana, 'Next');
    await says(dana, 'You add $25.00 on account. No card is charged');
    await press(dana, 'Add $25.00 on account');
    await says(dana, 'Added $25.00 on account. It stands on the invoice of');
    expect(await balance()).toBe(before + 25);
    await press(dana, 'Done');
    await press(dana, 'Add credit');
    await widget(dana).getByRole('radio', { name: '$10', exact: true }).check();
    await press(dana, 'Next');
    await press(dana, 'Add $10.00 on account');
    await says(dana, 'At most $5.00 can be added on account now. Nothing was added.');
    expect(await balance()).toBe(before + 25);
  });

  test('nothing is wrong in the ledger, and no page has complained', () => {
    expect(ledgerFaults(server.dataFile)).toEqual([]);
    expect(complaints.flat()).toEqual([]);
  });
});
