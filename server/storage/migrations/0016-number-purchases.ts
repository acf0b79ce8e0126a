import type { Migration } from './migration.ts';

/** Who bought a number, and what its charge was made of: a number's own row is that of its owner of today. */
export const numberPurchases: Migration = {
  name: 'number purchases',
  sqlite: `
CREATE TABLE number_purchase(
  account_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  number TEXT NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  setup_micros INTEGER NOT NULL,
  first_month_micros INTEGER NOT NULL,
  days INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, operation_id)
) STRICT, WITHOUT ROWID;
`,
  postgres: `
CREATE TABLE number_purchase(
  account_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  setup_micros bigint NOT NULL,
  first_month_micros bigint NOT NULL,
  days integer NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, operation_id)
);
`,
};
