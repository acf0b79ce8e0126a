/** A server whose data is not there when it starts, or comes too late, or is wrong. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { StartError } from '../../server/start-error.ts';
import { type RunningServer, type StartOptions, startServer } from '../../server/start-server.ts';
import { type Store, UnavailableError } from '../../server/storage/store.ts';
import { homeToken, makeServerHome, type ServerHome } from '../support/server-home.ts';

const PLACE = 'PostgreSQL at db.example:5432/phone';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly url?: string;
  readonly cause?: string;
}

let home: ServerHome;
let lines: Line[];
let open: () => Promise<Store>;
let stopping: AbortController;
let started: Promise<RunningServer>;

beforeEach(async () => {
  home = await makeServerHome({ offices: ['berlin'], creditMicros: 10_000_000 });
  lines = [];
  stopping = new AbortController();
});
afterEach(async () => {
  stopping.abort();
  await started.then((server) => server.close()).catch(() => undefined);
  home.remove();
});

function start(options: StartOptions = {}): void {
  started = startServer(readConfig(home.environment), {
    openStore: () => open(),
    logger: createLogger('info', { write: (line) => lines.push(JSON.parse(line)) }),
    signal: stopping.signal,
    ...options,
  });
  started.catch(() => undefined);
}

function fails(error: Error): () => Promise<Store> {
  return () => Promise.reject(error);
}

const refused = fails(new UnavailableError(`${PLACE}: connection refused`));

/** The address is in the first line that says what is missing. */
async function waitingUrl(): Promise<string> {
  await expect.poll(() => lines.length, { timeout: 30_000 }).toBeGreaterThan(0);
  return lines[0]?.url ?? '';
}

async function authorize(url: string): Promise<Response> {
  const token = await homeToken({ personId: 'sam', officeId: 'berlin' });
  return fetch(`${url}/v1/calls/call-0001/authorize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: '+4915123456789', callerNumber: null }),
  });
}

describe('a server that starts without its database', () => {
  test('lives, says what is missing in one line, refuses, and serves when the database is there', async () => {
    open = refused;
    const prepared: string[] = [];
    start({ prepare: async ({ store }) => void prepared.push(store.place) });
    const url = await waitingUrl();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect((await ready.json()).detail).toBe(`${PLACE}: connection refused. The server waits for it.`);
    const refusal = await authorize(url);
    expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await refusal.json()).toMatchObject({ code: 'unavailable', type: '/problems/unavailable' });
    let attempts = 0;
    open = () => {
      attempts += 1;
      return attempts < 3 ? refused() : home.openStore();
    };
    await started;
    expect(attempts).toBe(3);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await authorize(url)).status).toBe(200);
    expect(prepared).toHaveLength(1);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'the data is not there yet; waiting for it'],
      ['info', 'rate deck in force'],
      ['info', 'the policy of the file is in force on this server, whatever is set in the database'],
      ['info', 'ready'],
    ]);
  });

  test('calls a wrong password a mistake, in an error, asks on, and never tells the password', async () => {
    open = fails(new Error('postgres://phone:hunter2@db.example/phone: password authentication failed'));
    start();
    const url = await waitingUrl();
    expect(lines[0]).toMatchObject({ level: 'error', cause: expect.stringContaining('authentication failed') });
    const { detail } = await (await fetch(`${url}/readyz`)).json();
    expect(detail).toContain('phone:[redacted]@db.example');
    expect(detail).toContain('Somebody has to put that right');
    expect(JSON.stringify([detail, lines])).not.toContain('hunter2');
    open = home.openStore;
    await started;
  });

  test('begins again when the database goes away while the server prepares its data', async () => {
    open = home.openStore;
    let times = 0;
    const opened: Store[] = [];
    start({
      prepare: async ({ store }) => {
        times += 1;
        opened.push(store);
        if (times === 1) throw new UnavailableError('the connection was lost');
      },
    });
    const server = await started;
    expect(times).toBe(2);
    await expect(opened[0]?.check()).rejects.toThrow('closed');
    await server.store.check();
  });

  test('a mistake of the software while it prepares is thrown, not tried again', async () => {
    open = home.openStore;
    start({ prepare: () => Promise.reject(new TypeError('a bug')) });
    await expect(started).rejects.toThrow('a bug');
  });

  test('a StartError ends the start: no waiting mends a bad data file', async () => {
    open = fails(new StartError('The data file is damaged.'));
    start();
    await expect(started).rejects.toThrow('The data file is damaged.');
  });

  test('ends at once when it is told to stop while it waits, and frees its port', async () => {
    open = () => new Promise(() => undefined);
    start();
    stopping.abort();
    await expect(started).rejects.toThrow('aborted');
  });
});

describe('a server whose database goes away later', () => {
  test('says so once, refuses without waiting, and goes on by itself', async () => {
    let isThere = true;
    open = async () => withSwitch(await home.openStore(), () => isThere);
    start();
    const { url } = await started;
    isThere = false;
    for (let request = 0; request < 20; request += 1) {
      const refusal = await authorize(url);
      expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '2']);
      expect(JSON.stringify(await refusal.json())).not.toContain(PLACE);
    }
    expect((await (await fetch(`${url}/readyz`)).json()).detail).toBe(`${PLACE}: connection refused`);
    const outages = () => lines.filter(({ msg }) => msg.startsWith('unavailable'));
    expect(outages()).toMatchObject([{ level: 'error', cause: 'connection refused' }]);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    isThere = true;
    expect((await authorize(url)).status).toBe(200);
    await expect.poll(() => lines.at(-1)?.msg, { timeout: 30_000 }).toBe('the store commits');
  });
});

/** The store, as long as somebody says that it is there. */
function withSwitch(store: Store, isThere: () => boolean): Store {
  const whenThere = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isThere()) throw new UnavailableError('connection refused');
    return work();
  };
  return {
    place: PLACE,
    db: store.db,
    news: store.news,
    batchesAtOnce: store.batchesAtOnce,
    claim: (claim) => whenThere(() => store.claim(claim)),
    applyBatch: (operations) => whenThere(() => store.applyBatch(operations)),
    writeRows: (writes) => whenThere(() => store.writeRows(writes)),
    openWallet: (wallet) => whenThere(() => store.openWallet(wallet)),
    check: () => whenThere(() => store.check()),
    close: () => store.close(),
  };
}
