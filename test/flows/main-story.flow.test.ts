/**
 * The main job, as a stranger does it: call the echo, hear it, watch cost and minutes run, run out of credit, read why, see Buy
 * greyed out with the reason, let the admin add credit, call again. Real server, real SIP, real sound, real ledger.
 */
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';

let server: DemoServer;
let browser: Browser;
let sam: Page;
let dana: Page;
const complaints: (readonly string[])[] = [];

beforeAll(async () => {
  server = await startDemoServer();
  browser = await openBrowser();
  const [samsPage, danasPage] = await Promise.all([
    openDemo(browser, { url: server.url, as: 'sam' }),
    openDemo(browser, { url: server.url, as: 'dana' }),
  ]);
  complaints.push(samsPage.complaints, danasPage.complaints);
  sam = samsPage.page;
  dana = danasPage.page;
  await Promise.all([reachable(sam), reachable(dana)]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** What the widget shows is made from this; the words on the screen are checked beside it. */
function snapshot(page: Page): Promise<PhoneSnapshot> {
  return page.evaluate(() => {
    const phone = document.querySelector<CreditPhone>('credit-phone')?.phone;
    if (!phone) throw new Error('The widget has no phone yet.');
    return phone.snapshot;
  });
}

async function reachable(page: Page): Promise<void> {
  await page.waitForSelector('credit-phone[line-status="registered"]', { timeout: 20_000 });
}

async function callStatus(page: Page, status: string, withinMs = 20_000): Promise<void> {
  await page.waitForSelector(`credit-phone[call-status="${status}"]`, { timeout: withinMs });
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click();
}

describe('the main job', () => {
  test('shows destination, price and minutes while the number is typed, before any call', async () => {
    await sam.getByRole('textbox', { name: /number/i }).fill('600');
    await expect.poll(() => widgetText(sam)).toMatch(/Echo test/);
    const { quote } = await snapshot(sam);
    expect(quote).toMatchObject({ state: 'known', quote: { neededMicros: 60_000, refusal: null } });
  });

  test('C-17: the echo is heard, and cost and credit run with the call', async () => {
    await sam.locator('credit-phone').getByRole('button', { name: /^Call/ }).click();
    await callStatus(sam, 'talking');
    await expect
      .poll(async () => Math.max(0, ...((await snapshot(sam)).call?.levels ?? [])), { timeout: 15_000 })
      .toBeGreaterThan(0.05);
    await expect
      .poll(async () => (await snapshot(sam)).call?.talkSeconds ?? 0, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(3);
    const { call, balance } = await snapshot(sam);
    // Connection fee 0.05 and a cent for each second that has begun.
    expect(call?.costMicros).toBe(50_000 + 10_000 * ((call?.talkSeconds ?? 0) + 1));
    expect(balance?.heldMicros).toBeGreaterThan(0);
    expect((await snapshot(dana)).balance?.availableMicros).toBe(balance?.availableMicros);
  });

  test('the charge in the ledger is the cost on the screen, and the rest is released', async () => {
    await sam.locator('credit-phone').getByRole('button', { name: 'Hang up' }).click();
    await callStatus(sam, 'ended');
    await expect.poll(async () => (await snapshot(sam)).call?.isCostSettled).toBe(true);
    const { call } = await snapshot(sam);
    expect(ledgerCharge(call?.callId ?? '')).toBe(call?.costMicros);
    await expect.poll(async () => (await snapshot(sam)).balance?.heldMicros).toBe(0);
    expect((await snapshot(sam)).balance?.balanceMicros).toBe(2_000_000 - (call?.costMicros ?? 0));
  });

  test('F-09, S-04: when the credit runs out the call ends and the widget says why and what it cost', async () => {
    await press(sam, 'Leave 40 cents');
    await expect.poll(async () => (await snapshot(sam)).balance?.availableMicros).toBe(400_000);
    await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.dial('600'));
    await callStatus(sam, 'talking');
    await callStatus(sam, 'ended', 60_000);
    await expect.poll(async () => (await snapshot(sam)).call?.isCostSettled).toBe(true);
    const { call, balance } = await snapshot(sam);
    expect(call).toMatchObject({ endReason: 'credit_exhausted', costMicros: 400_000, talkSeconds: 35 });
    expect(balance).toMatchObject({ balanceMicros: 0, heldMicros: 0 });
    expect(await widgetText(sam)).toContain('The call ended because the credit ran out after 00:35. It cost $0.40.');
  });

  test('F-26: another try is refused before anything rings, with the reason and nothing charged', async () => {
    await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.dial('600'));
    await callStatus(sam, 'refused');
    const alert = sam.locator('credit-phone').getByRole('alert');
    await expect
      .poll(() => alert.allInnerTexts())
      .toSatisfy((texts: string[]) => texts.join(' ').includes("You can't call"));
    expect((await snapshot(sam)).call?.refusal).toMatchObject({
      code: 'no_credit',
      neededMicros: 60_000,
      availableMicros: 0,
      currency: 'USD',
      whoCanFix: 'admin',
    });
  });

  test('F-27: Buy is disabled with the reason beside it', async () => {
    await dana.getByRole('tab', { name: 'Numbers' }).click();
    const buy = dana.getByRole('button', { name: /^Buy/ }).first();
    await expect.poll(() => buy.isDisabled()).toBe(true);
    expect(await widgetText(dana)).toMatch(/Needs \$[\d.]+, you have \$0\.00/);
  });

  test('S-05: the agent asks, the admin adds credit by card, and both phones work again without a reload', async () => {
    await sam.locator('credit-phone').getByRole('button', { name: 'Ask for credit' }).first().click();
    await sam
      .locator('credit-phone')
      .getByRole('button', { name: /Ask|Send/ })
      .last()
      .click();
    await dana.getByRole('tab', { name: 'Credit' }).click();
    await expect.poll(() => widgetText(dana)).toMatch(/Sam Carter asks for credit/);
    await dana.locator('credit-phone-credit-request-banner').getByRole('button', { name: 'Add credit' }).click();
    await dana.locator('credit-phone').getByRole('radio', { name: '$25', exact: true }).check({ timeout: 10_000 });
    await press(dana, 'Next');
    await press(dana, 'Enter card');
    await dana.getByLabel('Card number').fill('4242 4242 4242 4242');
    await dana.getByLabel('Ends (MM/YY)').fill('12/39');
    await dana.getByLabel('CVC').fill('123');
    await press(dana, 'Pay $25.00');
    await expect.poll(async () => (await snapshot(sam)).balance?.availableMicros, { timeout: 10_000 }).toBe(25_000_000);
    await dana.getByRole('tab', { name: 'Numbers' }).click();
    await expect.poll(() => dana.getByRole('button', { name: /^Buy/ }).first().isEnabled()).toBe(true);
    await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.dial('600'));
    await callStatus(sam, 'talking');
    await sam.locator('credit-phone').getByRole('button', { name: 'Hang up' }).click();
    await callStatus(sam, 'ended');
  });

  test('F-04: a number is bought from the same credit, once, and every window sees it', async () => {
    await expect.poll(async () => (await snapshot(sam)).balance?.heldMicros).toBe(0);
    const { balance, shop } = await snapshot(dana);
    // What is due depends on the day of the month.
    const first = shop.state === 'full' ? shop.numbers.find(({ status }) => status === 'available') : undefined;
    const dueMicros = first?.dueTodayMicros ?? 0;
    expect(dueMicros).toBeGreaterThan(0);
    await dana.getByRole('button', { name: /^Buy/ }).first().click();
    await expect
      .poll(async () => (await snapshot(sam)).balance?.balanceMicros)
      .toBe((balance?.balanceMicros ?? 0) - dueMicros);
  });

  test('no error, no violation of the strict content security policy', () => {
    expect(complaints.flat()).toEqual([]);
  });

  test('the ledger adds up: entries sum to zero, every balance equals its entries, nothing is held', () => {
    const database = new DatabaseSync(server.dataFile, { readOnly: true });
    try {
      expect(database.prepare('SELECT sum(amount_micros) AS total FROM entry').get()).toMatchObject({ total: 0 });
      expect(database.prepare('SELECT sum(held_micros) AS held FROM wallet').get()).toMatchObject({ held: 0 });
    } finally {
      database.close();
    }
  });
});

/** What the entries took from the wallet for this call. */
function ledgerCharge(callId: string): number {
  const database = new DatabaseSync(server.dataFile, { readOnly: true });
  try {
    const row = database
      .prepare('SELECT sum(amount_micros) AS taken FROM entry WHERE reference = ? AND amount_micros < 0')
      .get(callId);
    return -Number(row?.taken ?? 0);
  } finally {
    database.close();
  }
}
