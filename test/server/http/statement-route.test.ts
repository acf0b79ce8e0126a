/** Statements over HTTP: who gets the file, how it is sent, and what happens when nobody takes it (D-27). */
import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { listen } from '../../../server/http/listen.ts';
import type { Identity } from '../../../server/services.ts';
import type { StatementExport } from '../../../server/statements/export-statement.ts';
import type { CsvPage } from '../../../server/statements/statement-csv.ts';
import type { StatementFilter } from '../../../src/protocol/statement.ts';
import { gateFixture } from '../../support/gate-fixture.ts';

const ADDRESS = '/v1/statement.csv';
const PAGE: CsvPage = { text: 'x'.repeat(64 * 1024), rowCount: 500 };

/** A file of so many pages that tells how far it was read, and whether its reading came to an end. */
class WatchedFile {
  read = 0;
  isOver = false;
  readonly #pages: number;

  constructor(pages: number) {
    this.#pages = pages;
  }

  async *pages(): AsyncGenerator<CsvPage, void, undefined> {
    try {
      for (; this.read < this.#pages; this.read += 1) {
        yield PAGE;
        // As a store does, which answers later.
        await new Promise(setImmediate);
      }
    } finally {
      this.isOver = true;
    }
  }
}

function fixture(file: WatchedFile | (() => AsyncGenerator<CsvPage, void, undefined>), rowCount: number | null = 7) {
  const asked: (readonly [Identity, StatementFilter])[] = [];
  const statements = {
    exportCsv: async (identity: Identity, filter: StatementFilter) => {
      asked.push([identity, filter]);
      const pages = file instanceof WatchedFile ? file.pages() : file();
      const value: StatementExport = { fileName: 'usage-berlin-2026-11.csv', rowCount, pages };
      return { ok: true, value } as const;
    },
  };
  return {
    ...gateFixture({ dependencies: { statements }, settings: { corsOrigins: ['https://host.example'] } }),
    asked,
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !isTrue(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isTrue()).toBe(true);
}

describe('the CSV of a statement over HTTP', () => {
  test('is a file to save, with the number of its rows before it', async () => {
    const { send, token, asked } = fixture(new WatchedFile(2));
    const response = await send('GET', `${ADDRESS}?month=2026-11&personId=sam&sort=amount`, {
      token: await token({ role: 'billing' }),
      headers: { origin: 'https://host.example' },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="usage-berlin-2026-11.csv"',
      'x-statement-rows': '7',
      'access-control-expose-headers': expect.stringContaining('x-statement-rows'),
      'cache-control': expect.stringContaining('no-store'),
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(PAGE.text + PAGE.text);
    expect(asked).toEqual([[expect.objectContaining({ officeId: 'berlin' }), { month: '2026-11', personId: 'sam' }]]);
  });

  test('says nothing about the number of rows where it is not known', async () => {
    const { send, token } = fixture(new WatchedFile(1), null);
    const response = await send('GET', ADDRESS, { token: await token({ role: 'company' }) });
    expect(response.headers.has('x-statement-rows')).toBe(false);
    await response.body?.cancel();
  });

  test('D-13: is for billing and company only, company may name another office, and wrong periods are refused by name', async () => {
    const { send, token, asked } = fixture(new WatchedFile(0));
    expect((await send('GET', ADDRESS, { token: await token({ role: 'agent' }) })).status).toBe(403);
    expect((await send('GET', ADDRESS, { token: null })).status).toBe(401);
    const company = await token({ role: 'company' });
    expect((await send('GET', ADDRESS, { token: company, headers: { 'x-office': 'austin' } })).status).toBe(200);
    const billing = await token({ role: 'billing' });
    expect((await send('GET', ADDRESS, { token: billing, headers: { 'x-office': 'austin' } })).status).toBe(403);
    expect(asked.map(([{ officeId }]) => officeId)).toEqual(['austin']);
    for (const query of [
      'month=2026-13',
      'month=november',
      'from=2026-1-1',
      'to=x',
      'flow=out',
      `text=${'x'.repeat(101)}`,
    ]) {
      const response = await send('GET', `${ADDRESS}?${query}`, { token: billing });
      expect([query, response.status, await response.json()]).toMatchObject([
        query,
        422,
        { code: 'request_invalid', errors: [{ field: query.split('=')[0] }] },
      ]);
    }
  });

  test('is read only as fast as it is taken, and no further when it is taken no more', async () => {
    const file = new WatchedFile(1_000);
    const { send, token } = fixture(file);
    const response = await send('GET', ADDRESS, { token: await token({ role: 'billing' }) });
    const reader = response.body?.getReader();
    await reader?.read();
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(file.read).toBeLessThan(5);
    await reader?.cancel();
    expect(file.isOver).toBe(true);
  });

  test('a client that goes away stops the reading, over a real connection', async () => {
    const file = new WatchedFile(1_000_000);
    const { gate, token } = fixture(file);
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      answer: (request, address) => gate.fetch(request, { address }),
      onUpgrade: undefined,
    });
    const headers = { authorization: `Bearer ${await token({ role: 'billing' })}` };
    const request = get({ port: server.port, path: ADDRESS, headers }, (response) => {
      response.once('data', () => request.destroy());
    });
    request.on('error', () => undefined);
    await until(() => file.isOver);
    expect(file.read).toBeLessThan(100_000);
    await server.close();
  });

  test('a store that fails on the way cuts the connection: a half file never looks like a whole one', async () => {
    const { send, token } = fixture(async function* () {
      yield PAGE;
      throw new Error('the disk is gone');
    });
    const response = await send('GET', ADDRESS, { token: await token({ role: 'billing' }) });
    await expect(response.text()).rejects.toThrow('the disk is gone');
  });

  test('only so many files are sent at once; one that is over makes room', async () => {
    const { send, token } = fixture(new WatchedFile(1_000));
    const open: Response[] = [];
    for (let count = 0; count < 8; count += 1)
      open.push(await send('GET', ADDRESS, { token: await token({ role: 'billing' }) }));
    const refused = await send('GET', ADDRESS, { token: await token({ role: 'billing' }) });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    await open[0]?.body?.cancel();
    expect((await send('GET', ADDRESS, { token: await token({ role: 'billing' }) })).status).toBe(200);
  });
});
