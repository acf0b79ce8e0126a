/**
 * Where the credit went, as an admin reads it in the demo: a call is made in one window, appears in the other's usage without a reload,
 * explains itself, and stands in the file; table, file, balance and ledger have the same sums, to the micro-unit.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyStatement } from '../../server/ledger/verify-statement.ts';
import type { UsageSnapshot } from '../../src/phone/statement-snapshot.ts';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';
import { callStatus, dial, press, reachable, settled, snapshot } from './phone-page.ts';

const DOLLAR = 1_000_000;

let server: DemoServer;
let browser: Browser;
let dana: Page;
let sam: Page;
let folder: string;
let complaints: readonly string[];
/** What the call cost. */
let costMicros = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-statement-'));
  [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
  const [admin, agent] = await Promise.all([
    openDemo(browser, { url: server.url, as: 'dana' }),
    openDemo(browser, { url: server.url, as: 'sam' }),
  ]);
  dana = admin.page;
  complaints = admin.complaints;
  sam = agent.page;
  await reachable(sam);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function usage(): Promise<Extract<UsageSnapshot, { state: 'full' }>> {
  const { statement } = await snapshot(dana);
  if (statement.usage.state !== 'full') throw new Error(`The usage is ${statement.usage.state}.`);
  return statement.usage;
}

async function says(words: string): Promise<void> {
  await expect.poll(() => widgetText(dana), { timeout: 15_000 }).toContain(words);
}

/** A file that the browser was given, as rows by column. */
async function exported(button: string): Promise<{ readonly path: string; readonly rows: Record<string, string>[] }> {
  const [download] = await Promise.all([dana.waitForEvent('download'), press(dana, button)]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  // Columns by name, as the header says.
  const rows = parse(readFileSync(path), { bom: true, columns: true }) as Record<string, string>[];
  return { path, rows };
}

const sum = (rows: readonly Record<string, string>[]): number =>
  rows.reduce((total, row) => total + Number(row.amount_micros), 0);

describe('a call in the statement', () => {
  test('L-17, L-18: appears on the Credit tab without a reload, and the sums move by what it cost', async () => {
    await dana.getByRole('tab', { name: 'Credit' }).click();
    await says('Balance usage');
    await expect.poll(async () => (await snapshot(dana)).statement.usage.state).toBe('full');
    await expect.poll(async () => (await usage()).summary !== null).toBe(true);
    const before = (await usage()).summary;
    await dial(sam, '600');
    await callStatus(sam, 'talking');
    await expect.poll(async () => (await snapshot(sam)).call?.talkSeconds ?? 0, { timeout: 20_000 }).toBeGreaterThan(2);
    await press(sam, 'Hang up');
    await callStatus(sam, 'ended');
    costMicros = (await settled(sam)).costMicros;
    expect(costMicros).toBeGreaterThan(0);
    await expect
      .poll(async () => (await usage()).summary?.spentMicros, { timeout: 15_000 })
      .toBe((before?.spentMicros ?? 0) + costMicros);
    const { summary } = await usage();
    const balance = (await snapshot(dana)).balance?.balanceMicros;
    expect(summary?.closingMicros).toBe(balance);
    expect((summary?.openingMicros ?? 0) + (summary?.addedMicros ?? 0) - (summary?.spentMicros ?? 0)).toBe(balance);
  });

  test('L-19 to L-21, D-25: its type, and behind it date, time, person, number, duration and price; it explains itself', async () => {
    const { summary } = await usage();
    const group = summary?.groups.find(({ flow, spentMicros }) => flow === 'usage' && spentMicros === costMicros);
    expect(group?.title).toMatch(/^[A-Z][a-z]+.* Call$/);
    await says(group?.title ?? '');
    await press(dana, `View details: ${group?.title}`);
    await says(`Times are those of ${summary?.timeZone}.`);
    const [line] = (await usage()).details?.lines ?? [];
    expect(line).toMatchObject({ personId: 'sam', otherNumber: '600', amountMicros: -costMicros });
    expect(line?.durationSeconds).toBeGreaterThan(2);
    const widget = dana.locator('credit-phone');
    await expect
      .poll(() =>
        widget
          .getByRole('row')
          .filter({ hasText: line?.personName ?? '' })
          .count(),
      )
      .toBeGreaterThan(0);
    await widget.getByRole('button', { name: /^Why / }).first().click();
    await says('To connect $0.05');
    await says('Item 2 of this credit');
    await press(dana, 'Back to the month');
  });

  test('D-27: the file has every line; its sums are those of the table and the balance, and the chain of the ledger holds', async () => {
    const { path, rows } = await exported('Export Credit Usage');
    const { summary } = await usage();
    expect(rows).toHaveLength(summary?.lineCount ?? -1);
    expect(sum(rows)).toBe((summary?.addedMicros ?? 0) - (summary?.spentMicros ?? 0));
    expect(Number(rows.at(-1)?.balance_micros)).toBe((await snapshot(dana)).balance?.balanceMicros);
    const spent = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 });
    await says(`Saved ${rows.length} rows, ${spent.format((summary?.spentMicros ?? 0) / DOLLAR)} in all.`);
    const closingMicros = summary?.closingMicros;
    const proof = { rows: rows.length, faultCount: 0, wallets: [{ gaps: 0, closingMicros }] };
    await expect(verifyStatement(path)).resolves.toMatchObject(proof);
  });

  test('D-27: what is filtered is exported as it is shown', async () => {
    await press(dana, /^View details: .* Call$/);
    await says('Export these items');
    const { rows } = await exported('Export these items');
    expect([rows.length, sum(rows)]).toEqual([1, -costMicros]);
    await press(dana, 'Back to the month');
  });

  test('the chart is loaded when it is wanted, and adds up to the same', async () => {
    const widget = dana.locator('credit-phone');
    await widget.getByLabel('Chart').selectOption('days');
    await expect
      .poll(() => widget.locator('credit-phone-spend-chart canvas').count(), { timeout: 15_000 })
      .toBeGreaterThan(1);
    const total = await widget.locator('credit-phone-spend-chart figcaption').innerText();
    const { summary } = await usage();
    expect(Math.round(Number(total.replace(/^.*\$/s, '')) * DOLLAR)).toBe(summary?.spentMicros);
  });

  test('F-05: an agent is refused by the server, file included', async () => {
    const token = await (await fetch(`${server.url}/demo/token/sam`, { method: 'POST' })).text();
    for (const path of ['/v1/statement', '/v1/statement/lines', '/v1/statement.csv']) {
      const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test('nothing is wrong in the ledger, and the page has not complained', () => {
    expect(ledgerFaults(server.dataFile)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
