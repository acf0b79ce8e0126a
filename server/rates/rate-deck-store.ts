/** Decks in the store: written whole, read whole, never changed. Calls keep a copy of their rate, so old decks are only history. */
import type { Rate } from '../../src/protocol/rate.ts';
import type { Store } from '../storage/store.ts';
import { RateDeck } from './rate-deck.ts';
import { rateDeckText, ratesFromText } from './rate-deck-text.ts';

export interface RateDeckImport {
  /** Made by the caller: importing the same id twice is importing it once. */
  readonly deckId: string;
  /** For people, for instance the name of the file. */
  readonly name: string;
  readonly importedAtMs: number;
  readonly rates: readonly Rate[];
}

/** Durable when it resolves; false when a deck of this id is there already. */
export async function saveRateDeck(store: Pick<Store, 'writeRows'>, imported: RateDeckImport): Promise<boolean> {
  const { deckId, name, importedAtMs, rates } = imported;
  const row = { deckId, name, importedAtMs, rateCount: rates.length, content: rateDeckText(rates) };
  const { applied } = await store.writeRows([{ table: 'rate_deck', mode: 'insert', row }]);
  return applied;
}

/** The deck in force: the one that was imported last. Null when there is none yet. */
export async function loadRateDeck(
  store: Pick<Store, 'db'>,
): Promise<{ readonly deckId: string; readonly deck: RateDeck } | null> {
  const row = await store.db
    .selectFrom('rate_deck')
    .select(['deckId', 'content'])
    .orderBy('importedAtMs', 'desc')
    .orderBy('deckId', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { deckId: row.deckId, deck: RateDeck.from(ratesFromText(row.content)) } : null;
}

/** Cheap enough to ask every few seconds whether another process has imported a newer deck. */
export async function latestRateDeckId(store: Pick<Store, 'db'>): Promise<string | null> {
  const row = await store.db
    .selectFrom('rate_deck')
    .select('deckId')
    .orderBy('importedAtMs', 'desc')
    .orderBy('deckId', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.deckId ?? null;
}
