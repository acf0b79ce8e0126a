import type { Migration } from './migration.ts';

/** Rate decks: one row each, read as a whole at start and after an import. For all accounts, so not by account. */
export const rateDeck: Migration = {
  name: 'rate deck',
  sqlite: `
CREATE TABLE rate_deck(
  deck_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  imported_at_ms INTEGER NOT NULL,
  rate_count INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX rate_deck_by_time ON rate_deck(imported_at_ms);
`,
  postgres: `
CREATE TABLE rate_deck(
  deck_id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  imported_at_ms bigint NOT NULL,
  rate_count integer NOT NULL,
  content text COLLATE "C" NOT NULL
);
CREATE INDEX rate_deck_by_time ON rate_deck(imported_at_ms);
`,
};
