/**
 * The ledger's tables and functions in PostgreSQL. Tables belong to migration 0001; functions are written anew after every migration,
 * so they always fit the tables.
 *
 * No foreign keys: checking those of holds and entries took a third of a batch. What they guard is guarded more cheaply: ledger_apply
 * alone writes these tables, child and parent in one statement's transaction; triggers keep every parent for ever; `ledger check`
 * looks for orphans.
 */
import { ENTRY_LINK_FUNCTIONS } from './entry-link-functions.ts';
import { LEDGER_APPLY_FUNCTION } from './ledger-apply-function.ts';

export const LEDGER_TABLES = `
CREATE TABLE wallet(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  balance_micros bigint NOT NULL DEFAULT 0,
  held_micros bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(held_micros >= 0),
  CHECK(balance_micros >= held_micros)
);

CREATE TABLE hold(
  account_id text COLLATE "C" NOT NULL,
  hold_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  total_micros bigint NOT NULL,
  captured_micros bigint,
  limits text COLLATE "C",
  opened_at_ms bigint NOT NULL,
  closed_at_ms bigint,
  PRIMARY KEY(account_id, hold_id),
  CHECK(total_micros >= 0),
  CHECK(captured_micros BETWEEN 0 AND total_micros),
  CHECK((captured_micros IS NULL) = (closed_at_ms IS NULL))
);

CREATE TABLE operation(
  account_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  held_micros bigint NOT NULL,
  captured_micros bigint NOT NULL,
  short_micros bigint NOT NULL,
  wallet_balance_micros bigint NOT NULL,
  wallet_held_micros bigint NOT NULL,
  wallet_version bigint NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, operation_id)
);

CREATE TABLE entry(
  account_id text COLLATE "C" NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  line integer NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  ledger_account text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  entry_kind text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, operation_id, line),
  CHECK(amount_micros <> 0)
);
CREATE INDEX entry_of_wallet ON entry(account_id, wallet_id, at_ms) WHERE ledger_account = 'wallet';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_change('entries are append-only: a correction is a new entry');
CREATE TRIGGER wallet_is_never_removed BEFORE DELETE OR TRUNCATE ON wallet FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_change('a wallet is kept for ever: its entries and holds refer to it');
CREATE TRIGGER operation_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON operation FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_change('operations are append-only');

CREATE TABLE limit_counter(
  account_id text COLLATE "C" NOT NULL,
  limit_key text COLLATE "C" NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY(account_id, limit_key),
  CHECK(used >= 0)
);
`;

/** Each a complete CREATE OR REPLACE FUNCTION statement. */
export const LEDGER_FUNCTIONS: readonly string[] = [...ENTRY_LINK_FUNCTIONS, LEDGER_APPLY_FUNCTION];
