/**
 * Numbers from carriers: orders that are made there with our customers' money set aside, and what numbers of carriers cost our customers.
 * The shop is searched by country and type in the order of the numbers, so each has an index in that order.
 */
import type { Migration } from './migration.ts';

const INDEXES = `
CREATE INDEX number_of_country ON number(account_id, country, number);
CREATE INDEX number_of_type ON number(account_id, type, number);
CREATE INDEX number_order_due ON number_order(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE UNIQUE INDEX number_order_open ON number_order(number) WHERE state IN ('held', 'asking', 'ordered', 'abandoned');
CREATE INDEX number_order_of_account ON number_order(account_id, created_at_ms);
`;

export const numberOrders: Migration = {
  name: 'number orders',
  sqlite: `
ALTER TABLE number ADD COLUMN carrier TEXT;

CREATE TABLE number_order(
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  number TEXT NOT NULL,
  carrier TEXT NOT NULL,
  carrier_ref TEXT,
  state TEXT NOT NULL,
  facts TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  problem TEXT,
  created_at_ms INTEGER NOT NULL,
  asked_at_ms INTEGER,
  ended_at_ms INTEGER,
  due_at_ms INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, order_id),
  CHECK(amount_micros >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE number_price(
  account_id TEXT NOT NULL,
  country TEXT NOT NULL,
  type TEXT NOT NULL,
  currency TEXT NOT NULL,
  setup_micros INTEGER NOT NULL,
  monthly_micros INTEGER NOT NULL,
  inbound_per_minute_micros INTEGER NOT NULL,
  PRIMARY KEY(account_id, country, type, currency)
) STRICT, WITHOUT ROWID;
${INDEXES}`,
  postgres: `
ALTER TABLE number ADD COLUMN carrier text COLLATE "C";

CREATE TABLE number_order(
  account_id text COLLATE "C" NOT NULL,
  order_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  carrier text COLLATE "C" NOT NULL,
  carrier_ref text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  attempts integer NOT NULL,
  problem text COLLATE "C",
  created_at_ms bigint NOT NULL,
  asked_at_ms bigint,
  ended_at_ms bigint,
  due_at_ms bigint,
  version integer NOT NULL,
  PRIMARY KEY(account_id, order_id),
  CHECK(amount_micros >= 0)
);

CREATE TABLE number_price(
  account_id text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  setup_micros bigint NOT NULL,
  monthly_micros bigint NOT NULL,
  inbound_per_minute_micros bigint NOT NULL,
  PRIMARY KEY(account_id, country, type, currency)
);
${INDEXES}`,
};
