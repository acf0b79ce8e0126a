/**
 * The first tables. Two rules carry the safety of the money into the file itself, whoever writes to it: a wallet's CHECKs, and
 * entries and operations that can only be added. Every table is STRICT; names are those of rows.ts and ledger-rows.ts.
 */
export const sql = `
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
`;
