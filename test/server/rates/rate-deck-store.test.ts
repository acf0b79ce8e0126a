import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseRateDeck } from '../../../server/rates/parse-rate-deck.ts';
import { latestRateDeckId, loadRateDeck, saveRateDeck } from '../../../server/rates/rate-deck-store.ts';
import { openSqliteStore } from '../../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../../server/storage/store.ts';

const ratesOf = (...rows: string[]) => parseRateDeck(['prefix,destination,price', ...rows].join('\n')).rates;

describe('rate decks in the store', () => {
  let folder = '';
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rate-deck-'));
    store = await openSqliteStore({ path: join(folder, 'data.sqlite') });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  test('there is none at first', async () => {
    expect(await loadRateDeck(store)).toBeNull();
    expect(await latestRateDeckId(store)).toBeNull();
  });

  test('the one that was imported last is in force, also after a restart', async () => {
    const older = { deckId: 'deck-1', name: 'old.csv', importedAtMs: 1_000, rates: ratesOf('49,Germany,0.02') };
    const newer = {
      deckId: 'deck-2',
      name: 'new.csv',
      importedAtMs: 2_000,
      rates: ratesOf('49,Germany,0.03', '43,Austria,0.02'),
    };
    expect(await saveRateDeck(store, newer)).toBe(true);
    expect(await saveRateDeck(store, older)).toBe(true);
    await store.close();
    store = await openSqliteStore({ path: join(folder, 'data.sqlite') });
    const loaded = await loadRateDeck(store);
    expect(loaded?.deckId).toBe('deck-2');
    expect(loaded?.deck.rates).toEqual(newer.rates);
    expect(await latestRateDeckId(store)).toBe('deck-2');
  });

  test('importing the same id twice is importing it once', async () => {
    const first = { deckId: 'deck-1', name: 'a.csv', importedAtMs: 1_000, rates: ratesOf('49,Germany,0.02') };
    expect(await saveRateDeck(store, first)).toBe(true);
    expect(await saveRateDeck(store, { ...first, rates: ratesOf('49,Germany,9.99') })).toBe(false);
    expect((await loadRateDeck(store))?.deck.rates).toEqual(first.rates);
  });
});
