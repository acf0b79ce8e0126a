import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStatementClient } from '../../../src/gate/statement-client.ts';
import type { WantedStatement } from '../../../src/phone/statement-ports.ts';
import { STATEMENT_CSV_PATH, STATEMENT_ROWS_HEADER } from '../../../src/protocol/statement-routes.ts';
import { PhoneTestClock } from '../../support/phone-clock.ts';
import { answerJson, answerProblem, PhoneGateServer } from '../../support/phone-gate-server.ts';
import { sampleRate } from '../../support/rate-scenes.ts';
import {
  sampleExplained,
  sampleForecast,
  sampleMonths,
  samplePage,
  sampleSummary,
} from '../../support/statement-samples.ts';

let server: PhoneGateServer;
let clock: PhoneTestClock;
let downloads: { readonly name: string; readonly text: string }[];

beforeEach(async () => {
  server = await new PhoneGateServer().start();
  clock = new PhoneTestClock();
  downloads = [];
});
afterEach(() => server.stop());

function client() {
  return createStatementClient({
    gateUrl: server.url,
    token: () => 'token-1',
    clock,
    log: () => undefined,
    download: async ({ name, content }) => void downloads.push({ name, text: await content.text() }),
  });
}

function wanted(facts: Partial<WantedStatement> = {}): WantedStatement {
  return {
    filter: { month: '2026-03' },
    name: 'march.csv',
    expectedRows: 2,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...facts,
  };
}

const CSV = ['person,amount_micros\r\n', 'Ada,-55000\r\n', 'Luis,-1\r\n'] as const;
const asked = (): string[] => server.heard.map(({ method, address }) => `${method} ${address}`);

describe('the statement addresses', () => {
  test('are asked as the contract says, and answer by its schemas', async () => {
    const gate = client();
    const answers = [sampleMonths, sampleSummary, samplePage(), sampleExplained, sampleForecast];
    server.script = (_request, response) => answerJson(response, answers[server.heard.length - 1]);
    expect(await gate.months()).toEqual({ ok: true, value: sampleMonths });
    expect(await gate.summary('2026-03')).toEqual({ ok: true, value: sampleSummary });
    const query = { month: '2026-03', group: 'outbound_call.international', text: '+49 &', sort: 'amount' } as const;
    expect(await gate.lines(query)).toEqual({ ok: true, value: samplePage() });
    expect(await gate.explain(6)).toEqual({ ok: true, value: sampleExplained });
    expect(await gate.forecast()).toEqual({ ok: true, value: sampleForecast });
    const rates = { rates: [sampleRate()], nextCursor: '50' };
    server.script = (_request, response) => answerJson(response, rates);
    expect(await gate.rates({ search: '', cursor: null })).toEqual({ ok: true, value: rates });
    expect(await gate.rates({ search: '+49 &', cursor: '50' })).toEqual({ ok: true, value: rates });
    expect(asked()).toEqual([
      'GET /v1/statement/months',
      'GET /v1/statement?month=2026-03',
      'GET /v1/statement/lines?month=2026-03&group=outbound_call.international&text=%2B49+%26&sort=amount',
      'GET /v1/statement/lines/6',
      'GET /v1/statement/forecast',
      'GET /v1/rates',
      'GET /v1/rates?search=%2B49+%26&cursor=50',
    ]);
    expect(server.heard.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true);
  });

  test('D-13: another office is named in a header, for files as well', async () => {
    server.script = (_request, response) => answerJson(response, sampleMonths);
    const other = client().ofOffice('berlin');
    await other.months();
    await other.save(wanted({ expectedRows: null }));
    await other.ofOffice(null).months();
    expect(server.heard.map(({ headers }) => headers['x-office'])).toEqual(['berlin', 'berlin', undefined]);
  });

  test('refusals and words of another server are told apart from answers', async () => {
    server.script = (_request, response) => answerProblem(response, { code: 'role_forbidden', status: 403 });
    expect(await client().months()).toMatchObject({ ok: false, refusal: { code: 'role_forbidden' } });
    server.script = (_request, response) => answerJson(response, { months: 'many' });
    expect(await client().months()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
  });
});

describe('the file (D-27)', () => {
  test('is saved under its name, byte by byte, and what is in it is told, with progress on the way', async () => {
    server.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv', [STATEMENT_ROWS_HEADER]: '2' });
      response.end(CSV.join(''));
    };
    const progress: unknown[] = [];
    const saved = await client().save(wanted({ onProgress: (now) => void progress.push(now) }));
    expect(saved).toEqual({ ok: true, value: { rows: 2, spentMicros: 55_001 } });
    await expect.poll(() => downloads).toEqual([{ name: 'march.csv', text: CSV.join('') }]);
    expect(progress.at(-1)).toEqual({ rows: 2, allRows: 2 });
    expect(asked()).toEqual([`GET ${STATEMENT_CSV_PATH}?month=2026-03`]);
  });

  test('where nobody has counted, the rows that came are told', async () => {
    server.script = (_request, response) => void response.writeHead(200).end(CSV.join(''));
    const progress: unknown[] = [];
    await client().save(wanted({ onProgress: (now) => void progress.push(now) }));
    expect(progress.at(-1)).toEqual({ rows: 2, allRows: null });
  });

  test('is stopped in the middle: nothing is saved, and the server is no longer asked', async () => {
    const stop = new AbortController();
    let isLeft = false;
    server.script = (_request, response) => {
      response.on('close', () => {
        isLeft = true;
      });
      response.writeHead(200, { [STATEMENT_ROWS_HEADER]: '1000' });
      response.write(CSV[0] + CSV[1]);
    };
    const saved = await client().save(wanted({ signal: stop.signal, onProgress: () => stop.abort() }));
    expect(saved).toEqual({ ok: true, value: null });
    await expect.poll(() => isLeft).toBe(true);
    expect(downloads).toEqual([]);
  });

  test('half a file is none, whether the connection breaks or ends quietly', async () => {
    server.script = (_request, response) => {
      response.writeHead(200, { [STATEMENT_ROWS_HEADER]: '2' });
      response.write(CSV[0] + CSV[1], () => response.destroy());
    };
    expect(await client().save(wanted())).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    server.script = (_request, response) =>
      void response.writeHead(200, { [STATEMENT_ROWS_HEADER]: '2' }).end(CSV[0] + CSV[1]);
    expect(await client().save(wanted())).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(downloads).toEqual([]);
  });

  test('a row more than was counted is a call that was charged meanwhile', async () => {
    server.script = (_request, response) =>
      void response.writeHead(200, { [STATEMENT_ROWS_HEADER]: '1' }).end(CSV.join(''));
    expect(await client().save(wanted())).toMatchObject({ ok: true, value: { rows: 2 } });
  });

  test('a connection on which nothing comes for half a minute is given up; one that is slow is not', async () => {
    let send = (_text: string): void => undefined;
    server.script = (_request, response) => {
      response.writeHead(200);
      send = (text) => void response.write(text);
      send(CSV[0]);
    };
    let pieces = 0;
    const onProgress = (): void => {
      pieces += 1;
    };
    const saving = client().save(wanted({ onProgress }));
    await expect.poll(() => pieces).toBe(1);
    await clock.advance(29_000);
    send(CSV[1]);
    await expect.poll(() => pieces).toBe(2);
    await clock.advance(29_000);
    send(CSV[2]);
    await expect.poll(() => pieces).toBe(3);
    await clock.advance(31_000);
    expect(await saving).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    expect(downloads).toEqual([]);
  });

  test('a large one that breaks off is taken from the disk again', async () => {
    const done: string[] = [];
    const stream = {
      write: async () => void done.push('written'),
      close: async () => void done.push('closed'),
      abort: async () => void done.push('gone'),
    };
    vi.stubGlobal('showSaveFilePicker', async () => ({ createWritable: async () => stream }));
    server.script = (_request, response) =>
      void response.writeHead(200, { [STATEMENT_ROWS_HEADER]: '60000' }).end(CSV.join(''));
    await client().save(wanted({ expectedRows: 60_000 }));
    vi.unstubAllGlobals();
    expect(done).toEqual(['written', 'gone']);
  });

  test('is asked for once more with a new token, and then why not is told', async () => {
    server.script = (_request, response) => {
      if (server.heard.length === 1) answerProblem(response, { code: 'token_expired', status: 401 });
      else response.writeHead(200).end(CSV.join(''));
    };
    expect(await client().save(wanted())).toMatchObject({ ok: true });
    server.script = (_request, response) =>
      answerProblem(response, { code: 'rate_limited', status: 429, retryInSeconds: 10 });
    expect(await client().save(wanted())).toMatchObject({ ok: false, refusal: { code: 'rate_limited' } });
  });
});
