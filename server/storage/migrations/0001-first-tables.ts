/**
 * The first tables. Two rules carry the safety of the money into the database itself, whoever writes to it: a wallet's CHECKs, and
 * entries and operations that can only be added. Names are those of rows.ts and ledger-rows.ts. In PostgreSQL text is COLLATE "C",
 * so that it is ordered by its bytes as in SQLite, and cursors mean the same in both.
 */
import { LEDGER_TABLES } from '../postgres/ledger-schema.ts';
import type { Migration } from './migration.ts';

export const firstTables: Migration = {
  name: 'first tables',
  // Every table is STRICT.
  sqlite: `
CREATE TABLE wallet(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  balance_micros INTEGER NOT NULL DEFAULT 0,
  held_micros INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(held_micros >= 0),
  CHECK(balance_micros >= held_micros)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold(
  account_id TEXT NOT NULL,
  hold_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  total_micros INTEGER NOT NULL,
  captured_micros INTEGER,
  limits TEXT,
  opened_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER,
  PRIMARY KEY(account_id, hold_id),
  FOREIGN KEY(account_id, wallet_id) REFERENCES wallet(account_id, wallet_id),
  CHECK(total_micros >= 0),
  CHECK(captured_micros BETWEEN 0 AND total_micros),
  CHECK((captured_micros IS NULL) = (closed_at_ms IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE operation(
  account_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  held_micros INTEGER NOT NULL,
  captured_micros INTEGER NOT NULL,
  short_micros INTEGER NOT NULL,
  wallet_balance_micros INTEGER NOT NULL,
  wallet_held_micros INTEGER NOT NULL,
  wallet_version INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, operation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry(
  account_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  wallet_id TEXT NOT NULL,
  ledger_account TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  entry_kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, operation_id, line),
  FOREIGN KEY(account_id, operation_id) REFERENCES operation(account_id, operation_id),
  FOREIGN KEY(account_id, wallet_id) REFERENCES wallet(account_id, wallet_id),
  CHECK(amount_micros <> 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_of_wallet ON entry(account_id, wallet_id, at_ms) WHERE ledger_account = 'wallet';

CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are append-only: a correction is a new entry'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are append-only: a correction is a new entry'); END;
CREATE TRIGGER operation_is_never_updated BEFORE UPDATE ON operation
BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END;
CREATE TRIGGER operation_is_never_deleted BEFORE DELETE ON operation
BEGIN SELECT RAISE(ABORT, 'operations are append-only'); END;

CREATE TABLE limit_counter(
  account_id TEXT NOT NULL,
  limit_key TEXT NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY(account_id, limit_key),
  CHECK(used >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE account(
  account_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  profile TEXT NOT NULL,
  is_phone_enabled INTEGER NOT NULL,
  support_email TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE office(
  account_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  paused_at_ms INTEGER,
  paused_by_name TEXT,
  PRIMARY KEY(account_id, office_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE person(
  account_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  extension TEXT NOT NULL,
  seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_extension ON person(account_id, extension);

-- With a rowid: the rows are wide, and are added at the end and found through narrow indexes, so a commit writes fewer pages.
-- Edges report by call id alone, and browsers make these ids: none may exist twice, in whatever account.
CREATE TABLE call(
  account_id TEXT NOT NULL,
  call_id TEXT NOT NULL PRIMARY KEY,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  direction TEXT NOT NULL,
  number TEXT NOT NULL,
  caller_number TEXT,
  destination TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  rate TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  answered_at_ms INTEGER,
  ended_at_ms INTEGER,
  end_reason TEXT,
  duration_seconds INTEGER NOT NULL,
  billed_seconds INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL,
  held_micros INTEGER NOT NULL,
  lease_seconds INTEGER NOT NULL,
  renewal_index INTEGER NOT NULL,
  is_lease_final INTEGER NOT NULL,
  due_at_ms INTEGER,
  edge_id TEXT,
  sip_call_id TEXT,
  refusal TEXT,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX call_due ON call(due_at_ms) WHERE due_at_ms IS NOT NULL;
-- The largest holds first, as balances list them.
CREATE INDEX call_running_of_wallet ON call(account_id, wallet_id, held_micros DESC, call_id) WHERE due_at_ms IS NOT NULL;
-- Looked through every second for credit that has arrived; most of the time there is none.
CREATE INDEX call_final_lease ON call(due_at_ms) WHERE due_at_ms IS NOT NULL AND is_lease_final = true;
-- The three lists of history: of the account, an office, a person; newest first.
CREATE INDEX call_of_account ON call(account_id, started_at_ms, call_id);
CREATE INDEX call_of_office ON call(account_id, office_id, started_at_ms, call_id);
CREATE INDEX call_of_person ON call(account_id, person_id, started_at_ms, call_id);

CREATE TABLE number(
  account_id TEXT NOT NULL,
  number TEXT NOT NULL,
  country TEXT NOT NULL,
  type TEXT NOT NULL,
  region TEXT NOT NULL,
  features TEXT NOT NULL,
  currency TEXT NOT NULL,
  setup_micros INTEGER NOT NULL,
  monthly_micros INTEGER NOT NULL,
  inbound_per_minute_micros INTEGER NOT NULL,
  PRIMARY KEY(account_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_by_country ON number(account_id, country, type, number);

CREATE TABLE number_owner(
  number TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  purchase_id TEXT NOT NULL,
  purchased_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX number_owner_of_office ON number_owner(account_id, office_id, purchased_at_ms);

CREATE TABLE credit_request(
  account_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  answered_by_name TEXT,
  words TEXT,
  added_micros INTEGER,
  PRIMARY KEY(account_id, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_request_of_office ON credit_request(account_id, office_id, asked_at_ms);

CREATE TABLE store_probe(
  probe_id INTEGER PRIMARY KEY CHECK(probe_id = 1),
  commits INTEGER NOT NULL
) STRICT;
`,
  // Primary keys begin with the account id, so that tables can be distributed by account; exceptions say why.
  postgres: `
${LEDGER_TABLES}
CREATE TABLE account(
  account_id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  profile text COLLATE "C" NOT NULL,
  is_phone_enabled boolean NOT NULL,
  support_email text COLLATE "C" NOT NULL
);

CREATE TABLE office(
  account_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  paused_at_ms bigint,
  paused_by_name text COLLATE "C",
  PRIMARY KEY(account_id, office_id)
);

CREATE TABLE person(
  account_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  extension text COLLATE "C" NOT NULL,
  seen_at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, person_id)
);
CREATE INDEX person_by_extension ON person(account_id, extension);

-- Edges report by call id alone, and browsers make these ids: none may exist twice, in whatever account. A table that is distributed
-- by account cannot promise that with an index; there call_id_is_unique is dropped, a reference table of (call_id, account_id) that
-- every authorization inserts into takes its place, and edges report with the account id of the grant.
CREATE TABLE call(
  account_id text COLLATE "C" NOT NULL,
  call_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  direction text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  caller_number text COLLATE "C",
  destination text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  rate text COLLATE "C" NOT NULL,
  started_at_ms bigint NOT NULL,
  answered_at_ms bigint,
  ended_at_ms bigint,
  end_reason text COLLATE "C",
  duration_seconds integer NOT NULL,
  billed_seconds integer NOT NULL,
  cost_micros bigint NOT NULL,
  held_micros bigint NOT NULL,
  lease_seconds integer NOT NULL,
  renewal_index integer NOT NULL,
  is_lease_final boolean NOT NULL,
  due_at_ms bigint,
  edge_id text COLLATE "C",
  sip_call_id text COLLATE "C",
  refusal text COLLATE "C",
  version bigint NOT NULL,
  PRIMARY KEY(account_id, call_id)
);
CREATE UNIQUE INDEX call_id_is_unique ON call(call_id);
CREATE INDEX call_due ON call(due_at_ms) WHERE due_at_ms IS NOT NULL;
-- The largest holds first, as balances list them.
CREATE INDEX call_running_of_wallet ON call(account_id, wallet_id, held_micros DESC, call_id) WHERE due_at_ms IS NOT NULL;
-- Looked through every second for credit that has arrived; most of the time there is none.
CREATE INDEX call_final_lease ON call(due_at_ms) WHERE due_at_ms IS NOT NULL AND is_lease_final;
-- The three lists of history: of the account, an office, a person; newest first.
CREATE INDEX call_of_account ON call(account_id, started_at_ms, call_id);
CREATE INDEX call_of_office ON call(account_id, office_id, started_at_ms, call_id);
CREATE INDEX call_of_person ON call(account_id, person_id, started_at_ms, call_id);

CREATE TABLE number(
  account_id text COLLATE "C" NOT NULL,
  number text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  region text COLLATE "C" NOT NULL,
  features text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  setup_micros bigint NOT NULL,
  monthly_micros bigint NOT NULL,
  inbound_per_minute_micros bigint NOT NULL,
  PRIMARY KEY(account_id, number)
);
CREATE INDEX number_by_country ON number(account_id, country, type, number);

-- Not by account: its key makes two owners of one number impossible, in whatever accounts. A reference table when distributed.
CREATE TABLE number_owner(
  number text COLLATE "C" NOT NULL PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  purchase_id text COLLATE "C" NOT NULL,
  purchased_at_ms bigint NOT NULL
);
CREATE INDEX number_owner_of_office ON number_owner(account_id, office_id, purchased_at_ms);

CREATE TABLE credit_request(
  account_id text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  asked_at_ms bigint NOT NULL,
  state text COLLATE "C" NOT NULL,
  answered_by_name text COLLATE "C",
  words text COLLATE "C",
  added_micros bigint,
  PRIMARY KEY(account_id, request_id)
);
CREATE INDEX credit_request_of_office ON credit_request(account_id, office_id, asked_at_ms);

-- Belongs to no account: one row that the readiness check writes.
CREATE TABLE store_probe(
  probe_id integer PRIMARY KEY CHECK(probe_id = 1),
  commits bigint NOT NULL
);
`,
};
