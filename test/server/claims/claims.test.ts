import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Claims, createClaims } from '../../../server/claims/claims.ts';
import { BEAT_MS, LIVES_MS } from '../../../server/claims/roster.ts';
import type { Claim, Store } from '../../../server/storage/store.ts';
import { MovingTimers, settle } from '../../demo/phone-network/moving-timers.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

const ALL = Array.from({ length: 16 }, (_, slot) => slot);

/** A server among others: its own timers can stand still (it was killed, or sleeps) while the store's clock goes on. */
interface Server {
  readonly claims: Claims;
  readonly timers: MovingTimers;
  readonly claimed: Claim[];
  readonly errors: string[];
}

let home: SqliteHome;
let store: Store;
/** By how much the store's clock is ahead of the machine's: claims run out when a test says so. */
let aheadMs: number;
const servers: Server[] = [];

beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  aheadMs = 0;
  servers.length = 0;
});
afterEach(async () => {
  await store.close();
  await home.remove();
});

/** SQLite's claims go by the machine's clock; this one goes by a clock that the test moves. */
async function claimAt(claim: Claim): Promise<boolean> {
  const known = await store.db.selectFrom('claim').selectAll().where('name', '=', claim.name).executeTakeFirst();
  const isFree = known === undefined || known.holder === claim.holder || known.untilMs <= Date.now() + aheadMs;
  if (!isFree) return false;
  // Whoever the store believes to hold it still gives it back first.
  if (known && known.holder !== claim.holder) await store.claim({ ...claim, holder: known.holder, forMs: 0 });
  return await store.claim({ ...claim, forMs: claim.forMs + aheadMs });
}

async function startServer(options: { readonly isAlone?: boolean } = {}): Promise<Server> {
  const timers = new MovingTimers();
  const claimed: Claim[] = [];
  const errors: string[] = [];
  const claims = createClaims({
    store: {
      db: store.db,
      claim: async (claim) => {
        claimed.push(claim);
        return await claimAt(claim);
      },
    },
    monotonicMs: () => timers.monotonicMs(),
    after: (delayMs, callback) => timers.after(delayMs, callback),
    onError: (error, name) => errors.push(`${name}: ${error}`),
    ...options,
  });
  await claims.start();
  const server = { claims, timers, claimed, errors };
  servers.push(server);
  return server;
}

async function pass(ms: number, awake: readonly Server[]): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += BEAT_MS) {
    aheadMs += BEAT_MS;
    for (const { timers } of awake) timers.advance(BEAT_MS);
    for (let turn = 0; turn < 5; turn += 1) await settle();
  }
}

const slotsOf = (server: Server) => server.claims.slotsOf('calls', 16);

describe('slots', () => {
  test('one server has all, at once, with one claim a beat', async () => {
    const one = await startServer();
    expect(slotsOf(one)).toEqual(ALL);
    await pass(10 * BEAT_MS, [one]);
    expect(slotsOf(one)).toEqual(ALL);
    expect(one.claimed).toHaveLength(11);
  });

  test('a store of one server: all are its own at once, even while the seat of one that was killed is not free yet', async () => {
    await startServer();
    const next = await startServer({ isAlone: true });
    expect(slotsOf(next)).toEqual(ALL);
    await next.claims.stop();
    expect(slotsOf(next)).toEqual([]);
  });

  test('three servers have a fair share each, and each slot has one owner', async () => {
    const all = [await startServer(), await startServer(), await startServer()];
    await pass(2 * BEAT_MS, all);
    expect(all.flatMap(slotsOf).sort((a, b) => a - b)).toEqual(ALL);
    for (const server of all) expect(slotsOf(server).length).toBeGreaterThanOrEqual(5);
  });

  test('of a server that died go to the others within a few seconds, and back when another one starts', async () => {
    const [one, two, dead] = [await startServer(), await startServer(), await startServer()];
    await pass(2 * BEAT_MS, [one, two, dead]);
    await pass(LIVES_MS + BEAT_MS, [one, two]);
    expect([one, two].flatMap(slotsOf).sort((a, b) => a - b)).toEqual(ALL);
    const next = await startServer();
    await pass(2 * BEAT_MS, [one, two, next]);
    expect([one, two, next].flatMap(slotsOf).sort((a, b) => a - b)).toEqual(ALL);
    expect(slotsOf(next).length).toBeGreaterThanOrEqual(5);
    // The seat of the dead one is used again: the table does not grow with each restart.
    expect(await store.db.selectFrom('claim').select('name').execute()).toHaveLength(3);
  });

  test('of a server that slept too long are not its own until it has a seat again', async () => {
    const [one, sleeper] = [await startServer(), await startServer()];
    await pass(2 * BEAT_MS, [one, sleeper]);
    await pass(2 * LIVES_MS, [one]);
    const successor = await startServer();
    await pass(BEAT_MS, [one, successor]);
    // It wakes: its clock went on, its timers did not run yet.
    expect(slotsOf(sleeper)).not.toEqual([]);
    sleeper.timers.advance(2 * LIVES_MS);
    expect(slotsOf(sleeper)).toEqual([]);
    await pass(3 * BEAT_MS, [one, successor, sleeper]);
    expect([one, successor, sleeper].flatMap(slotsOf).sort((a, b) => a - b)).toEqual(ALL);
  });

  test('are given back at the end: the other has them with its next beat', async () => {
    const [one, two] = [await startServer(), await startServer()];
    await pass(2 * BEAT_MS, [one, two]);
    await one.claims.stop();
    expect(slotsOf(one)).toEqual([]);
    await pass(BEAT_MS, [two]);
    expect(slotsOf(two)).toEqual(ALL);
  });

  test('are kept through a beat that failed, and not for longer than the others wait', async () => {
    const one = await startServer();
    await store.close();
    await pass(BEAT_MS, [one]);
    expect(one.errors.length).toBeGreaterThan(0);
    expect(slotsOf(one)).toEqual(ALL);
    await pass(LIVES_MS, [one]);
    expect(slotsOf(one)).toEqual([]);
    store = await home.open();
  });
});

describe('periodic work', () => {
  test('is done by one server in every interval, and goes on at another when that one died', async () => {
    const all = [await startServer(), await startServer(), await startServer()];
    const rounds = new Map<Server, number>(all.map((server) => [server, 0]));
    for (const server of all) {
      server.claims.run('rents', {
        everyMs: 2 * BEAT_MS,
        work: async () => void rounds.set(server, (rounds.get(server) ?? 0) + 1),
      });
    }
    await pass(20 * BEAT_MS, all);
    const [worker, ...others] = all.filter((server) => (rounds.get(server) ?? 0) > 0);
    expect(others).toEqual([]);
    if (!worker) throw new Error('Nobody did it');
    expect(rounds.get(worker)).toBe(10);
    const survivors = all.filter((server) => server !== worker);
    await pass(LIVES_MS + 6 * BEAT_MS, survivors);
    expect(survivors.filter((server) => (rounds.get(server) ?? 0) >= 2)).toHaveLength(1);
  });

  test('that fails is told and comes again; a round is never begun while one runs', async () => {
    const one = await startServer();
    let begun = 0;
    let finish: () => void = () => undefined;
    one.claims.run('sweep', {
      everyMs: BEAT_MS,
      work: () => {
        begun += 1;
        if (begun === 1) return Promise.reject(new Error('disk full'));
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    await pass(5 * BEAT_MS, [one]);
    expect(one.errors).toEqual(['sweep: Error: disk full']);
    expect(begun).toBe(2);
    const stopped = one.claims.stop();
    finish();
    await stopped;
  });

  test('different works belong to different servers', async () => {
    const all = [await startServer(), await startServer(), await startServer()];
    await pass(2 * BEAT_MS, all);
    const names = Array.from({ length: 60 }, (_, index) => `work-${index}`);
    for (const server of all) {
      const own = names.filter((name) => server.claims.slotsOf(name, 1).length === 1);
      expect(own.length).toBeGreaterThan(5);
    }
    const owners = names.map((name) => all.filter(({ claims }) => claims.slotsOf(name, 1).length === 1).length);
    expect(owners).toEqual(names.map(() => 1));
  });
});
