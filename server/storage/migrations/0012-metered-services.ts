/** Metered services (service-rows.ts): one row for each thing that was asked for, whether or not it cost any credit. */
import type { Migration } from './migration.ts';

const CHECKS = `
  PRIMARY KEY(account_id, charge_id),
  CHECK(held_micros >= 0),
  CHECK(cost_micros >= 0),
  CHECK(short_micros >= 0),
  CHECK(units >= 0),
  CHECK(authorized_units >= 0)`;

const INDEXES = `
CREATE INDEX service_charge_due ON service_charge(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX service_charge_of_call ON service_charge(account_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX service_charge_of_office ON service_charge(account_id, office_id, created_at_ms);
`;

export const meteredServices: Migration = {
  name: 'metered services',
  sqlite: `
CREATE TABLE service_charge(
  account_id TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  person_id TEXT,
  person_name TEXT,
  call_id TEXT,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  number TEXT,
  destination TEXT NOT NULL,
  origin TEXT NOT NULL,
  paid_by TEXT NOT NULL,
  status TEXT NOT NULL,
  authorized_units INTEGER NOT NULL,
  units INTEGER NOT NULL,
  currency TEXT NOT NULL,
  rate TEXT NOT NULL,
  held_micros INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL,
  short_micros INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  due_at_ms INTEGER,
  version INTEGER NOT NULL,${CHECKS}
) STRICT, WITHOUT ROWID;
${INDEXES}`,
  postgres: `
CREATE TABLE service_charge(
  account_id text COLLATE "C" NOT NULL,
  charge_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C",
  person_name text COLLATE "C",
  call_id text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  number text COLLATE "C",
  destination text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  paid_by text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  authorized_units integer NOT NULL,
  units integer NOT NULL,
  currency text COLLATE "C" NOT NULL,
  rate text COLLATE "C" NOT NULL,
  held_micros bigint NOT NULL,
  cost_micros bigint NOT NULL,
  short_micros bigint NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  ended_at_ms bigint,
  due_at_ms bigint,
  version integer NOT NULL,${CHECKS}
);
${INDEXES}`,
};
