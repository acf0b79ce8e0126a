/** `npm run screenshots:demo`: the picture at the top of the README, taken from the running demo in a real call. */
import { join, resolve } from 'node:path';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import { openBrowser, openDemo } from '../flows/browser.ts';
import { startDemoServer } from '../flows/demo-server.ts';

const TARGET = join(resolve(import.meta.dirname, '../..'), 'demo/screenshot.png');
const TALK_SECONDS = 16;

const server = await startDemoServer();
const browser = await openBrowser();
try {
  const { page } = await openDemo(browser, { url: server.url, as: 'sam' });
  await page.setViewportSize({ width: 1280, height: 780 });
  await page.waitForSelector('credit-phone[line-status="registered"]');
  await page.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.dial('600'));
  await page.waitForSelector('credit-phone[call-status="talking"]');
  await page.waitForTimeout(TALK_SECONDS * 1_000);
  await page.screenshot({ path: TARGET });
  console.log(TARGET);
} finally {
  await browser.close();
  await server.close();
}
