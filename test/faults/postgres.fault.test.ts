/**
 * PostgreSQL goes away in every way there is, under load. Its callers are told `unavailable` and ask again with the same ids; in the
 * end everything that was acknowledged is there, once, and the books add up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Store } from '../../server/storage/store.ts';
import { FaultLoad, openWallets } from '../support/fault-load.ts';
import { FaultPostgres } from '../support/fault-postgres.ts';
import { faultRounds, faultRow, report } from '../support/fault-table.ts';
import { type FaultVerdict, NOTHING_WRONG, verdictOf } from '../support/fault-verdict.ts';
import { OperationHistory } from '../support/operation-history.ts';

/** Operations that are answered between two faults: a load that runs. */
const BETWEEN_FAULTS = 300;
/** More than the first pause of whoever reconnects. */
const COME_BACK_MS = 1_000;
/** A caller that is told nothing for so long has gone away. */
const LONGEST_REFUSAL_MS = 12_000;

describe('PostgreSQL under load', () => {
  let postgres: FaultPostgres;
  let history: OperationHistory;
  let prefix = 0;

  beforeAll(async () => {
    postgres = await FaultPostgres.start();
    history = new OperationHistory();
    const store = await postgres.open();
    await openWallets(store);
    await store.close();
  });
  afterAll(() => postgres.remove());

  /** Loads the store, lets `fault` happen again and again, and compares. One history: each test checks all those before it, too. */
  async function under(
    fault: string,
    { rounds, strike }: { readonly rounds: number; readonly strike: (round: number) => Promise<void> },
  ): Promise<FaultLoad> {
    const acknowledgedBefore = history.acknowledged.length;
    const store: Store = await postgres.open();
    const ledger = createLedger(store);
    prefix += 1;
    const load = new FaultLoad({ submit: (operation) => ledger.submit(operation), history, prefix: `${prefix}` });
    try {
      for (let round = 0; round < rounds; round += 1) {
        await load.untilAnswered(BETWEEN_FAULTS);
        await strike(round);
      }
      await load.untilAnswered(BETWEEN_FAULTS);
      await load.stop();
    } finally {
      load.abandon();
    }
    const verdict: FaultVerdict = await verdictOf(store, { history });
    await ledger.close();
    await store.close();
    const acknowledged = history.acknowledged.length - acknowledgedBefore;
    report(faultRow({ fault, rounds, acknowledged, verdicts: [verdict], longestOutageMs: load.longestWaitMs }));
    expect(verdict).toEqual(NOTHING_WRONG);
    expect(load.unavailableCount).toBeGreaterThan(0);
    expect(load.longestRefusalMs).toBeLessThan(LONGEST_REFUSAL_MS);
    for (const reason of load.reasons) expect(reason).not.toContain('only-on-this-machine');
    return load;
  }

  test('kill -9 of PostgreSQL and all its children', async () => {
    await under('PostgreSQL: kill -9, all processes', {
      rounds: faultRounds(2),
      strike: async () => {
        await postgres.server.kill();
        await postgres.startAgain();
      },
    });
  });

  test('a clean restart', async () => {
    await under('PostgreSQL: restart', {
      rounds: faultRounds(2),
      strike: async () => {
        await postgres.server.stop('fast');
        await postgres.startAgain();
      },
    });
  });

  test('the connection cut in the middle of what is asked: nothing was done, and is done once when asked again', async () => {
    const before = postgres.proxy.cutCount;
    const rounds = faultRounds(8);
    await under('connection cut while asking', {
      rounds,
      strike: async () => postgres.proxy.cutAfter('asking', 1 + Math.floor(Math.random() * 20_000)),
    });
    expect(postgres.proxy.cutCount - before).toBeGreaterThanOrEqual(rounds - 1);
  });

  test('the connection cut in the middle of the answer: it was done, and is not done again', async () => {
    const rounds = faultRounds(8);
    const load = await under('connection cut while answering', {
      rounds,
      strike: async () => postgres.proxy.cutAfter('answering', Math.floor(Math.random() * 4_000)),
    });
    expect(load.repeatCount).toBeGreaterThan(0);
  });

  test('connections that carry nothing any more, and nobody says so', async () => {
    const load = await under('connections lead nowhere', {
      rounds: faultRounds(1),
      strike: async () => {
        // The connection that finds out comes back a moment after the others.
        await delay(COME_BACK_MS);
        postgres.proxy.strand();
      },
    });
    expect(load.longestWaitMs).toBeLessThan(LONGEST_REFUSAL_MS);
  });

  test('an address where nobody listens for a while', async () => {
    await under('connection refused', {
      rounds: faultRounds(1),
      strike: async () => {
        await postgres.proxy.close();
        await delay(1_000);
        await postgres.proxy.open();
      },
    });
  });
});
