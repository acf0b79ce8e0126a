import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepNetwork, networkHolder, takeNetwork } from '../../../demo/many-servers/network-claim.ts';
import { StartError } from '../../../server/start-error.ts';
import { openSqliteStore } from '../../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../server/storage/store.ts';

const FIRST = networkHolder('http://localhost:8080');
const SECOND = networkHolder('http://localhost:8081');

let folder: string;
let store: Store;
let said: string[];
let waitedMs: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-claim-'));
  store = await openSqliteStore({ path: join(folder, 'data.sqlite') });
  said = [];
  waitedMs = 0;
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  vi.useRealTimers();
});

/** Moves the clock instead of waiting; `meanwhile` is what others do. */
function take(holder: string, meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
  return takeNetwork(store, {
    holder,
    say: (sentence) => said.push(sentence),
    waitMs: async (ms) => {
      waitedMs += ms;
      vi.setSystemTime(Date.now() + ms);
      await meanwhile();
    },
  });
}

const nobody = { onLost: () => expect.fail('nobody took it') };

describe('one phone network on one store', () => {
  test('the first demo begins at once, and says nothing', async () => {
    await take(FIRST);
    await take(FIRST);
    expect({ said, waitedMs }).toEqual({ said: [], waitedMs: 0 });
  });

  test('a second one is refused while the first one lives, in one sentence that says where it is and what else to do', async () => {
    await take(FIRST);
    const refused = take(SECOND, () => store.claim({ name: 'demo/phone-network', holder: FIRST, forMs: 4_000 }));
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(`http://localhost:8080, process ${process.pid}`);
    await expect(refused).rejects.toThrow(join(folder, 'data.sqlite'));
    await expect(refused).rejects.toThrow('npm run demo:many');
    await expect(refused).rejects.not.toThrow(FIRST.slice(FIRST.indexOf('#')));
    expect(waitedMs).toBeLessThanOrEqual(1_250);
  });

  test('one that was killed keeps the next one waiting for four seconds, and it says so once', async () => {
    await take(FIRST);
    await take(SECOND);
    expect(waitedMs).toBe(4_000);
    expect(said).toEqual([expect.stringContaining('for up to 4 s')]);
    // Whoever reads a start takes the first address for that of the demo.
    expect(said[0]).not.toContain('http');
  });

  test('of two that wait for one that was killed one begins, and the other one is refused', async () => {
    await take(FIRST);
    vi.setSystemTime(Date.now() + 3_500);
    const third = networkHolder('http://localhost:8082');
    const refused = take(SECOND, () => store.claim({ name: 'demo/phone-network', holder: third, forMs: 4_000 }));
    await expect(refused).rejects.toThrow('http://localhost:8082');
  });

  test('given back it is free at once', async () => {
    await take(FIRST);
    await keepNetwork(store, { holder: FIRST, ...nobody }).giveBack();
    await take(SECOND);
    expect(waitedMs).toBe(0);
  });

  test('whoever keeps it beyond the end of a claim that nobody else took has it again', async () => {
    await take(FIRST);
    vi.setSystemTime(Date.now() + 60_000);
    const kept = keepNetwork(store, { holder: FIRST, ...nobody });
    await expect.poll(() => store.claim({ name: 'demo/phone-network', holder: SECOND, forMs: 4_000 })).toBe(false);
    await kept.giveBack();
  });

  test('whoever lost it to another demo is told so, once it looks', async () => {
    await take(FIRST);
    await take(SECOND);
    const lost = new Promise<string>((onLost) => {
      const kept = keepNetwork(store, {
        holder: FIRST,
        onLost: (sentence) => void kept.giveBack().then(() => onLost(sentence)),
      });
    });
    expect(await lost).toContain('taken over');
    expect(await store.claim({ name: 'demo/phone-network', holder: FIRST, forMs: 4_000 })).toBe(false);
  });
});
