/**
 * Three servers on one PostgreSQL behind a load balancer, as `npm run demo:many` starts them. The one that let the call begin is killed
 * in the middle of it, later the database: whoever talks must not notice, whoever pays is charged once.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CreditPhone } from '../../src/elements/credit-phone.ts';
import { openBrowser, openDemo } from './browser.ts';
import { isAlive, type ManyServers, startManyServers, startSecondDemo } from './many-servers.ts';
import { personApi } from './person-api.ts';
import { AUDIBLE, callOf, callStatus, dial, loudness, press, reachable, settled, snapshot } from './phone-page.ts';

const LEASE_SECONDS = 10;
/** Renewed two seconds into a lease: one that was just not renewed when the database dies lasts eight seconds more. */
const POLICY = { calls: { leaseSeconds: LEASE_SECONDS, renewBeforeSeconds: 8, reapAfterSeconds: 8 } };
const ADDED_MICROS = 5_000_000;

let servers: ManyServers;
let browser: Browser;
let sam: Page;
let dana: Page;
const complaints: (readonly string[])[] = [];

beforeAll(async () => {
  [servers, browser] = await Promise.all([startManyServers(POLICY), openBrowser()]);
  const [samsPage, danasPage] = await Promise.all([
    openDemo(browser, { url: servers.url, as: 'sam' }),
    openDemo(browser, { url: servers.url, as: 'dana' }),
  ]);
  complaints.push(samsPage.complaints, danasPage.complaints);
  sam = samsPage.page;
  dana = danasPage.page;
  await Promise.all([reachable(sam), reachable(dana)]);
});

afterEach(async () => {
  // A test that failed in a call must not take the others with it.
  if (browser.isConnected()) await sam.evaluate(() => document.querySelector<CreditPhone>('credit-phone')?.hangUp());
});

afterAll(async () => {
  await browser?.close();
  await servers?.close();
});

/** Resolves to the number of the server that let it begin. */
async function beginCall(): Promise<{ readonly callId: string; readonly server: string }> {
  const authorized = sam.waitForResponse((response) => /\/authorize$/.test(response.url()) && response.ok());
  await dial(sam, '600');
  const server = (await authorized).headers()['x-credit-phone-server'] ?? '';
  await callStatus(sam, 'talking');
  await expect.poll(() => loudness(sam), { timeout: 15_000 }).toBeGreaterThan(AUDIBLE);
  return { callId: (await callOf(sam)).callId, server };
}

async function talkedFor(seconds: number): Promise<void> {
  const { talkSeconds } = await callOf(sam);
  const timeout = Math.max(0, seconds - talkSeconds) * 1_000 + 10_000;
  await expect.poll(async () => (await callOf(sam)).talkSeconds, { timeout }).toBeGreaterThanOrEqual(seconds);
}

async function goesOn(callId: string): Promise<void> {
  expect(await callOf(sam)).toMatchObject({ callId, phase: 'talking', isLinkLost: false });
  await expect.poll(() => loudness(sam)).toBeGreaterThan(AUDIBLE);
}

/** Both event streams are there, with whatever server. */
async function bothListen(): Promise<void> {
  for (const page of [sam, dana])
    await expect.poll(async () => (await snapshot(page)).gateLink, { timeout: 40_000 }).toBe('live');
}

function availableMicros(page: Page): Promise<number | undefined> {
  return snapshot(page).then(({ balance }) => balance?.availableMicros);
}

async function rows(sql: string, values: readonly string[] = []): Promise<readonly pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: servers.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function callRow(callId: string): Promise<pg.QueryResultRow> {
  const [row] = await rows('SELECT * FROM call WHERE call_id = $1', [callId]);
  return row ?? expect.fail(`no call ${callId}`);
}

/** What the entries took from the wallet, one by one. */
async function charges(callId: string): Promise<readonly number[]> {
  const entries = await rows("SELECT amount_micros FROM entry WHERE reference = $1 AND ledger_account = 'wallet'", [
    callId,
  ]);
  return entries.map(({ amount_micros }) => -Number(amount_micros));
}

async function hangUpAndSettle(callId: string): Promise<void> {
  await press(sam, 'Hang up');
  await callStatus(sam, 'ended');
  const { talkSeconds, costMicros } = await settled(sam);
  expect(costMicros).toBe(50_000 + 10_000 * talkSeconds);
  expect(await callRow(callId)).toMatchObject({ status: 'settled', end_reason: 'hung_up' });
  expect(Number((await callRow(callId)).duration_seconds)).toBe(talkSeconds);
  expect(await charges(callId)).toEqual([costMicros]);
  for (const page of [sam, dana])
    await expect.poll(async () => (await snapshot(page)).balance?.heldMicros, { timeout: 40_000 }).toBe(0);
}

/** Credit that Dana adds with whatever server comes next; resolves to that server and to how long each window took to show it. */
async function addCredit() {
  const [samHad, danaHad] = [await availableMicros(sam), await availableMicros(dana)];
  const { token } = await personApi(servers.url, 'dana');
  const shown = Promise.all([moreThan(sam, samHad), moreThan(dana, danaHad)]);
  const addedAtMs = Date.now();
  const answer = await fetch(`${servers.url}/v1/play-credit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ creditId: randomUUID(), amountMicros: ADDED_MICROS }),
  });
  expect(answer.status).toBe(200);
  const shownAtMs = await shown;
  return { server: answer.headers.get('x-credit-phone-server'), delaysMs: shownAtMs.map((at) => at - addedAtMs) };
}

/** When the window showed clearly more than it had; a running call may hold some of it at once. */
function moreThan(page: Page, micros: number | undefined): Promise<number> {
  return page.evaluate(
    async (wantedMicros) => {
      const available = () =>
        document.querySelector<CreditPhone>('credit-phone')?.phone?.snapshot.balance?.availableMicros;
      while ((available() ?? 0) < wantedMicros) await new Promise((later) => setTimeout(later, 10));
      return Date.now();
    },
    (micros ?? 0) + ADDED_MICROS - 1_000_000,
  );
}

describe('three servers, and one dies', () => {
  test('that had let the call begin: it goes on past its leases, credit arrives everywhere, and it is charged once', async () => {
    const { callId, server } = await beginCall();
    await expect.poll(() => availableMicros(dana)).toBe(await availableMicros(sam));
    expect((await snapshot(dana)).balance?.heldMicros).toBeGreaterThan(0);
    process.kill(servers.processOf(`server ${server}`), 'SIGKILL');
    await expect.poll(() => servers.output()).toMatch(new RegExp(`server ${server} \\(process \\d+\\) is dead`));
    await bothListen();
    const added = await addCredit();
    expect(added.server).not.toBe(server);
    console.log(`credit added at server ${added.server} was on the screens after ${added.delaysMs.join(' and ')} ms`);
    expect(Math.max(...added.delaysMs)).toBeLessThan(1_000);
    await talkedFor(2 * LEASE_SECONDS + 1);
    await goesOn(callId);
    expect(Number((await callRow(callId)).renewal_index)).toBeGreaterThanOrEqual(2);
    await hangUpAndSettle(callId);
    await expect.poll(() => servers.output(), { timeout: 20_000 }).toContain(`server ${server} is there again`);
  });

  test('the database: the call goes on, its lease grows again, and it is charged once', async () => {
    const { callId } = await beginCall();
    const before = servers.processOf('PostgreSQL');
    process.kill(before, 'SIGKILL');
    await talkedFor(3);
    await goesOn(callId);
    await expect.poll(() => servers.output(), { timeout: 30_000 }).toContain('PostgreSQL is there again');
    expect(servers.processOf('PostgreSQL')).not.toBe(before);
    await talkedFor(LEASE_SECONDS + 3);
    await goesOn(callId);
    await hangUpAndSettle(callId);
  });

  test('and the ledger adds up: every balance anew from its entries, nothing held', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['server/operator/main.mjs', 'ledger', 'check'], {
      env: { ...process.env, DATABASE_URL: servers.databaseUrl },
    });
    console.log(stdout.trim());
    expect(await rows('SELECT * FROM wallet WHERE held_micros <> 0')).toEqual([]);
    expect(await rows('SELECT * FROM hold WHERE closed_at_ms IS NULL')).toEqual([]);
    expect(complaints.flat()).toEqual([]);
  });

  test('a second demo on the same database does not start, and says why', async () => {
    const { code, output } = await startSecondDemo(servers.databaseUrl);
    expect(code).toBe(1);
    expect(output).toContain(`A demo with a phone network works on PostgreSQL at 127.0.0.1`);
    expect(output).toContain(servers.url);
    expect(output).not.toContain('only-on-this-machine');
  });

  test('Ctrl+C ends all of it', async () => {
    const ids = ['server 1', 'server 2', 'server 3', 'PostgreSQL'].map((who) => servers.processOf(who));
    expect(ids.map(isAlive)).toEqual([true, true, true, true]);
    await browser.close();
    expect(await servers.interrupt()).toBe(0);
    expect(ids.map(isAlive)).toEqual([false, false, false, false]);
  });
});
