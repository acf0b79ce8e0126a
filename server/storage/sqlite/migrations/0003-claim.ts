/** Periodic work that one process does for all: who does it, and until when it is believed to live. */
export const sql = `
CREATE TABLE claim(
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
