import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { createLedger } from '../../../../server/ledger/ledger.ts';
import { openThreadedSqliteStore } from '../../../../server/storage/sqlite/threaded-sqlite-store.ts';
import { ACCOUNT, callRowOf, creditOf, holdOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome } from '../../../support/ledger-sqlite-home.ts';
import { describeStore } from '../store-contract.ts';

async function createThreadedHome() {
  const home = await createSqliteHome();
  return { ...home, open: () => openThreadedSqliteStore({ path: home.path }) };
}

// Starting a thread takes a while on a busy machine, and each test starts one.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describeStore('SQLite in a thread', createThreadedHome);

describe('the thread that writes', () => {
  test('what is acknowledged is there for a reader, and for whoever opens the file next', async () => {
    const home = await createThreadedHome();
    const store = await home.open();
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    const ledger = createLedger(store);
    await ledger.submit(creditOf(1_000, { operationId: 'fund' }));
    const calls = Array.from({ length: 200 }, (_, index) => `call-${index}`);
    await Promise.all(
      calls.map(async (callId) => {
        const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId }) } as const];
        const result = await ledger.submit(holdOf(5, { operationId: `hold:${callId}`, holdId: callId, alongside }));
        expect(result.applied).toBe(true);
        const read = store.db.selectFrom('call').select('callId').where('callId', '=', callId);
        expect(await read.executeTakeFirst()).toEqual({ callId });
      }),
    );
    await store.close();
    const again = await home.open();
    const { heldMicros } = await again.db.selectFrom('wallet').select('heldMicros').executeTakeFirstOrThrow();
    expect(heldMicros).toBe(1_000);
    await again.close();
    await home.remove();
  });

  test('fails closed when it dies: whoever waits and whoever comes is told unavailable, and nothing hangs', async () => {
    const home = await createThreadedHome();
    const started = once(process, 'worker') as Promise<[Worker]>;
    const store = await home.open();
    const [thread] = await started;
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    const waiting = expect(store.applyBatch([creditOf(5, { operationId: 'late' })])).rejects.toMatchObject({
      code: 'unavailable',
    });
    await thread.terminate();
    await waiting;
    await expect(store.check()).rejects.toThrow('The thread that writes the data file has stopped');
    await expect(store.writeRows([])).rejects.toMatchObject({ code: 'unavailable' });
    await store.close();
    await home.remove();
  });

  test('says what is wrong with the file as it does without a thread', async () => {
    await expect(openThreadedSqliteStore({ path: '/dev/null/data.db' })).rejects.toThrow(/The data file \/dev\/null/);
  });
});
