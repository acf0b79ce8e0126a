import type { Migration } from './migration.ts';

/** Periodic work that one process does for all: who does it, and until when it is believed to live. Not by account. */
export const claim: Migration = {
  name: 'claim',
  sqlite: `
CREATE TABLE claim(
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  postgres: `
CREATE TABLE claim(
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  holder text COLLATE "C" NOT NULL,
  until_ms bigint NOT NULL
);
`,
};
