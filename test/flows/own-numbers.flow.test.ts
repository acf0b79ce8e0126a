/**
 * Own numbers through the whole stack: an admin buys two, gives one to an agent, who calls from it and is called by it; without credit it
 * goes on hold, one click brings it back, and it is given back for good (F-06, REQUIREMENTS 2.3 no. 5, complaints 25 and 26).
 */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID } from '../../demo/host/people.ts';
import { admissionSchema, EDGE_PATHS } from '../../server/edge/edge-contract.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { addDays, dayAt } from '../../server/rent/rent-calendar.ts';
import type { OwnNumber } from '../../src/protocol/owned-number.ts';
import { openBrowser, openDemo, widgetText } from './browser.ts';
import { type DemoServer, startDemoServer } from './demo-server.ts';
import { ledgerFaults } from './ledger-facts.ts';
import { addCredit, leaveCredit, type PersonApi, personApi } from './person-api.ts';
import { callStatus, dial, press, reachable, settled, snapshot } from './phone-page.ts';

const DOLLAR = 1_000_000;
const EDGE_SECRET = 'the-edge-secret-of-this-flow-0123456789';
/** A mobile phone in Hamburg, from the numbers that are kept free for films. */
const CUSTOMER = '+491713920031';
/** Periodic work looks at rents every five seconds. */
const ROUND = { timeout: 30_000 };

let server: DemoServer;
let browser: Browser;
let dana: Page;
let sam: Page;
let samApi: PersonApi;
let complaints: readonly (readonly string[])[];
/** Given to Sam, and everybody's. */
let sams: string;
let everybodys: string;

beforeAll(async () => {
  const rent = { setAsideDays: 0, announceDays: 0, lateDays: 0 };
  [server, browser] = await Promise.all([startDemoServer({ EDGE_SECRET }, { rent }), openBrowser()]);
  await addCredit(server.url, { admin: 'dana', amountMicros: 20 * DOLLAR });
  samApi = await personApi(server.url, 'sam');
  const [first, second] = await Promise.all([enter('dana'), enter('sam')]);
  [dana, sam] = [first.page, second.page];
  complaints = [first.complaints, second.complaints];
  await Promise.all([reachable(dana), reachable(sam)]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

function enter(as: string) {
  return openDemo(browser, { url: server.url, as });
}

const widget = (page: Page) => page.locator('credit-phone');

async function says(page: Page, words: string | RegExp): Promise<void> {
  await expect.poll(() => widgetText(page), ROUND).toMatch(words);
}

async function owned(page: Page): Promise<readonly OwnNumber[]> {
  const { ownNumbers } = await snapshot(page);
  return ownNumbers.state === 'full' ? ownNumbers.numbers : [];
}

async function ownedBy(page: Page, number: string): Promise<OwnNumber | undefined> {
  return (await owned(page)).find((own) => own.number === number);
}

/** The row of a number in Dana's list: those that need somebody come first. */
function rowOf(number: string) {
  // The last digits are one group in every format of these numbers.
  return widget(dana)
    .locator('[part=own-number-row]')
    .filter({ has: dana.locator('bdi', { hasText: new RegExp(`${number.slice(-2)}$`) }) });
}

const callerNumbers = async () => (await snapshot(sam)).me?.callerNumbers;

/** What the server has written down, from which it tells the edge what to show. */
function numberShownBy(callId: string): unknown {
  const database = new DatabaseSync(server.dataFile, { readOnly: true });
  const row = database.prepare('SELECT caller_number FROM call WHERE call_id = ?').get(callId);
  database.close();
  return row?.caller_number;
}

/** As the network asks and reports, of which the server knows by its secret. */
async function asEdge(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${EDGE_SECRET}`, 'content-type': 'application/json' },
    body: JSON.stringify({ edgeId: 'embedded', ...body }),
  });
  return await response.json();
}

async function callCustomer(): Promise<string> {
  await dial(sam, CUSTOMER);
  await callStatus(sam, 'talking');
  await press(sam, 'Hang up');
  const { callId } = await settled(sam);
  await press(sam, /^(Done|Close|Back)/);
  return callId;
}

async function ring(number: string, as: string): Promise<string> {
  const answer = await fetch(`${server.url}/demo/scenarios/call-${number}/${as}`, { method: 'POST' });
  return await answer.text();
}

describe('own numbers', () => {
  test('are bought by an admin, who sees until when they are paid and what a month costs then', async () => {
    await dana.getByRole('tab', { name: 'Numbers' }).click();
    for (const count of [1, 2]) {
      await widget(dana).getByRole('button', { name: /^Buy/ }).and(dana.locator(':enabled')).first().click();
      await expect.poll(async () => (await owned(dana)).length, ROUND).toBe(count);
    }
    [sams, everybodys] = (await owned(dana)).map(({ number }) => number) as [string, string];
    await widget(dana).getByText('Your numbers', { exact: true }).click();
    const [one] = await owned(dana);
    const month = new Date(`${one?.nextRentDay}T12:00:00`).toLocaleDateString('en-US', { month: 'long' });
    await says(dana, new RegExp(`Paid until ${month} 1, then \\$[\\d.]+ a month\\.`));
  });

  test('one is given to an agent, whose phone has it first and without a reload', async () => {
    await expect.poll(callerNumbers, ROUND).toEqual([sams, everybodys]);
    await rowOf(everybodys).getByRole('combobox').selectOption({ label: 'Dana Whitfield' });
    await expect.poll(callerNumbers, ROUND).toEqual([sams]);
    await expect.poll(() => widget(sam).getByLabel('From', { exact: true }).count()).toBe(0);
    await rowOf(everybodys).getByRole('combobox').selectOption({ index: 0 });
    await rowOf(sams).getByRole('combobox').selectOption({ label: 'Sam Carter' });
    await expect.poll(async () => (await ownedBy(dana, sams))?.person?.name, ROUND).toBe('Sam Carter');
    await expect.poll(callerNumbers, ROUND).toEqual([sams, everybodys]);
  });

  test('the agent chooses on the dial pad which one a call shows; otherwise it is the own one', async () => {
    expect(numberShownBy(await callCustomer())).toBe(sams);
    await widget(sam).getByLabel('From', { exact: true }).selectOption(everybodys);
    expect(numberShownBy(await callCustomer())).toBe(everybodys);
    await sam.reload();
    await reachable(sam);
    await expect.poll(async () => (await snapshot(sam)).callerNumber).toBe(everybodys);
    await widget(sam).getByLabel('From', { exact: true }).selectOption('');
  });

  test('the edge is told the chosen number, and nobody gets one that is not his', async () => {
    const asked = async (api: PersonApi, callerNumber: string) =>
      await api.ask('POST', `/v1/calls/${randomUUID()}/authorize`, { to: CUSTOMER, callerNumber });
    const { status, body } = await asked(samApi, everybodys);
    expect(status).toBe(200);
    const admission = await asEdge(EDGE_PATHS.admissions, {
      direction: 'outbound',
      sipCallId: randomUUID(),
      callerUser: sipUserOf({ accountId: ACCOUNT_ID, personId: 'sam' }),
      calledNumber: CUSTOMER,
      grant: body.grant,
    });
    expect(admissionSchema.parse(admission)).toMatchObject({ decision: 'allow', callerNumber: everybodys });
    const end = { accountId: ACCOUNT_ID, happenedAgoMs: 0, durationMs: null, reason: 'cancelled' };
    expect(await asEdge(EDGE_PATHS.ended.replace(':callId', String(body.callId)), end)).toMatchObject({ isOver: true });
    const forbidden = { status: 403, body: { code: 'caller_number_forbidden' } };
    expect(await asked(await personApi(server.url, 'dana'), sams)).toMatchObject(forbidden);
    expect(await asked(await personApi(server.url, 'mia'), everybodys)).toMatchObject(forbidden);
    expect(await asked(samApi, '+15105550100')).toMatchObject(forbidden);
  });

  test('a call to it rings whom it is given to, whoever else is there', async () => {
    expect(await ring(sams, 'dana')).toBe('Tom Okafor is calling.');
    await callStatus(sam, 'incoming');
    expect((await snapshot(dana)).call).toBe(null);
    await press(sam, /^Answer/);
    await callStatus(sam, 'talking');
    await press(sam, 'Hang up');
    expect(await settled(sam)).toMatchObject({ direction: 'inbound', endReason: 'hung_up' });
  });
});

describe('a number whose rent is not covered', () => {
  test('goes on hold: its agent can neither show it nor be called by it', async () => {
    await leaveCredit(server.url, { agent: 'sam', admin: 'dana', amountMicros: 0 });
    turnRentDay(sams);
    await says(dana, /The number is on hold\. It is kept for you until .+ Pay \$[\d.]+ to get it back\./);
    await expect.poll(callerNumbers, ROUND).toEqual([everybodys]);
    expect(await ring(sams, 'sam')).toContain('The server refused the call');
    expect((await ownedBy(dana, everybodys))?.state).toBe('active');
  });

  test('D-13: an admin of another office is told of it by looking at this one', async () => {
    const { page: luis, complaints: heard } = await enter('luis');
    await luis.getByRole('tab', { name: 'Credit' }).click();
    const banner = widget(luis).getByRole('alert', { name: 'Alert' });
    await widget(luis).getByRole('combobox', { name: 'Office', exact: true }).selectOption({ label: 'Hamburg' });
    await expect.poll(() => banner.textContent(), ROUND).toMatch(/Hamburg.+is on hold/s);
    await widget(luis).getByRole('combobox', { name: 'Office', exact: true }).selectOption('oakland');
    await expect.poll(() => banner.count(), ROUND).toBe(0);
    expect(heard).toEqual([]);
    await luis.context().close();
  });

  test('complaint 26: comes back by one click once there is credit, for one month', async () => {
    const pay = rowOf(sams).getByRole('button', { name: /^Pay \$/ });
    await pay.click();
    await expect.poll(() => rowOf(sams).getByRole('alert').textContent(), ROUND).toMatch(/\$/);
    expect((await ownedBy(dana, sams))?.state).toBe('held');
    await addCredit(server.url, { admin: 'dana', amountMicros: 10 * DOLLAR });
    await pay.click();
    await expect.poll(async () => (await ownedBy(dana, sams))?.state, ROUND).toBe('active');
    const back = await ownedBy(dana, sams);
    await expect
      .poll(async () => (await snapshot(dana)).balance?.balanceMicros, ROUND)
      .toBe(10 * DOLLAR - (back?.monthlyMicros ?? 0));
    expect((back?.nextRentDay ?? '') > addDays(dayAt(Date.now(), 'Europe/Berlin'), 27)).toBe(true);
    await expect.poll(callerNumbers, ROUND).toEqual([sams, everybodys]);
  });

  test('is given back after a second question, and is for sale again', async () => {
    await rowOf(sams).getByRole('button', { name: 'Give back…' }).click();
    await says(dana, /Give .+ back for good\? Calls to it end at once/);
    await rowOf(sams).getByRole('button', { name: 'Keep it' }).click();
    await rowOf(sams).getByRole('button', { name: 'Give back…' }).click();
    await rowOf(sams).getByRole('button', { name: 'Give back', exact: true }).click();
    await expect.poll(async () => (await ownedBy(dana, sams))?.state, ROUND).toBe('returned');
    await expect.poll(callerNumbers, ROUND).toEqual([everybodys]);
    const danaApi = await personApi(server.url, 'dana');
    const { body } = await danaApi.ask('GET', `/v1/numbers?starts=${sams.slice(1)}`);
    expect(JSON.stringify(body)).toContain(sams);
  });

  test('and the book adds up, and no page has complained', () => {
    expect(ledgerFaults(server.dataFile)).toEqual([]);
    expect(complaints.flat()).toEqual([]);
  });
});

/** As if the month that was paid for had ended yesterday. */
function turnRentDay(number: string): void {
  const database = new DatabaseSync(server.dataFile);
  database.exec('PRAGMA busy_timeout = 10000');
  const yesterday = addDays(dayAt(Date.now(), 'Europe/Berlin'), -1);
  database
    .prepare('UPDATE number_owner SET rent_day = ?, due_at_ms = 0, version = version + 1 WHERE number = ?')
    .run(yesterday, number);
  database.close();
}
