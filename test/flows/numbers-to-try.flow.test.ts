/** The numbers that the demo page offers, as somebody tries them: each ends with the right words, and costs only what was talked. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { chargeOf, ledgerFaults } from './ledger-facts.ts';
import { callOf, callStatus, dial, press, reachable, settled, snapshot } from './phone-page.ts';

/** Short, so that nobody waits for nobody; longer than the three seconds after which 605 picks up. */
const RING_SECONDS = 5;

let server: DemoServer;
let browser: Browser;
let sam: Page;
/** Calls the number that takes twenty seconds while the others are tried. */
let mia: Page;
const complaints: (readonly string[])[] = [];

beforeAll(async () => {
  server = await startDemoServer({}, { calls: { ringSeconds: RING_SECONDS } });
  browser = await openBrowser();
  const [samsPage, miasPage] = await Promise.all([
    openDemo(browser, { url: server.url, as: 'sam' }),
    openDemo(browser, { url: server.url, as: 'mia' }),
  ]);
  complaints.push(samsPage.complaints, miasPage.complaints);
  sam = samsPage.page;
  mia = miasPage.page;
  await Promise.all([reachable(sam), reachable(mia)]);
  await dial(mia, '606');
  await callStatus(mia, 'talking');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Nothing was charged, nothing stays held, and the words say so. */
async function endsUncharged(words: string): Promise<void> {
  await callStatus(sam, 'ended');
  expect(await widgetText(sam)).toContain(words);
  const { callId, costMicros, talkSeconds } = await settled(sam);
  expect({ costMicros, talkSeconds }).toEqual({ costMicros: 0, talkSeconds: 0 });
  expect(chargeOf(server.dataFile, callId)).toEqual({ takenMicros: 0, captures: 0 });
  await expect
    .poll(async () => (await snapshot(sam)).balance)
    .toMatchObject({ heldMicros: 0, balanceMicros: 2_000_000 });
}

describe('numbers that do not answer cost nothing', () => {
  test('602 is busy', async () => {
    await dial(sam, '602');
    await endsUncharged('Busy. Nothing was charged.');
  });

  test('603 rings until nobody has answered for long enough', async () => {
    await dial(sam, '603');
    await callStatus(sam, 'ringing');
    expect(await widgetText(sam)).toContain('Calling… not charged until answered');
    await endsUncharged('Nobody answered. Nothing was charged.');
  });

  test('603 is given up by the caller', async () => {
    await dial(sam, '603');
    await callStatus(sam, 'ringing');
    await press(sam, 'Hang up');
    await endsUncharged('Cancelled before it was answered. Nothing was charged.');
  });

  test('604 rings and declines', async () => {
    await dial(sam, '604');
    await callStatus(sam, 'ringing');
    await endsUncharged('The call was declined. Nothing was charged.');
  });

  test('608 is not a number with a price, and is refused before anything rings', async () => {
    await dial(sam, '608');
    await callStatus(sam, 'refused');
    expect(await widgetText(sam)).toContain('We have no price for this number, so it cannot be called.');
  });

  test('an emergency number is let through without credit, and the demo says that it reaches nobody', async () => {
    await dial(sam, '112');
    await endsUncharged("The number can't be reached. Nothing was charged.");
  });
});

describe('numbers that answer cost what was talked', () => {
  test('605 rings, then answers; half a minute is the least that is charged', async () => {
    await dial(sam, '605');
    await callStatus(sam, 'ringing');
    await callStatus(sam, 'talking');
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    expect(await widgetText(sam)).toContain('You hung up.');
    const { callId, costMicros } = await settled(sam);
    expect(costMicros).toBe(60_000);
    expect(chargeOf(server.dataFile, callId)).toEqual({ takenMicros: 60_000, captures: 1 });
  });

  test('607 hangs up and calls back, free of charge', async () => {
    await dial(sam, '607');
    await callStatus(sam, 'talking');
    await callStatus(sam, 'ended');
    expect(await widgetText(sam)).toContain('The other side hung up.');
    expect((await settled(sam)).costMicros).toBe(60_000);
    await callStatus(sam, 'incoming');
    expect(await callOf(sam)).toMatchObject({ direction: 'inbound', number: '607' });
    await expect.poll(() => widgetText(sam)).toContain('Answering is free');
    await press(sam, 'Answer');
    await callStatus(sam, 'talking');
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    expect((await settled(sam)).costMicros).toBe(0);
  });

  test('606 hangs up after twenty seconds', async () => {
    await callStatus(mia, 'ended', 25_000);
    expect(await widgetText(mia)).toContain('The other side hung up.');
    const { callId, costMicros, talkSeconds } = await settled(mia);
    expect(costMicros).toBe(240_000);
    expect(talkSeconds).toBeGreaterThanOrEqual(20);
    expect(talkSeconds).toBeLessThanOrEqual(21);
    expect(chargeOf(server.dataFile, callId)).toEqual({ takenMicros: 240_000, captures: 1 });
  });
});

test('no error on the page, and the ledger adds up', async () => {
  expect(complaints.flat()).toEqual([]);
  await expect.poll(() => ledgerFaults(server.dataFile), { timeout: 5_000 }).toEqual([]);
});
