/** Rate decks: one row each, read as a whole at start and after an import. */
export const sql = `
CREATE TABLE rate_deck(
  deck_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  imported_at_ms INTEGER NOT NULL,
  rate_count INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX rate_deck_by_time ON rate_deck(imported_at_ms);
`;
