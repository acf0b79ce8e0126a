/**
 * The read model of statements, see statement-rows.ts. A line has a column for everything that a page is filtered or sorted by, and each of
 * these an index that ends with the sequence: a page is a walk along one of them, however many lines there are. How many there are of
 * one value is read from an index of the sums alone.
 */
import type { Migration } from './migration.ts';

const INDEXES = `
CREATE INDEX statement_line_of_group ON statement_line(account_id, wallet_id, group_key, sequence);
CREATE INDEX statement_line_of_person ON statement_line(account_id, wallet_id, person_id, sequence);
CREATE INDEX statement_line_of_number ON statement_line(account_id, wallet_id, number_used, sequence);
CREATE INDEX statement_line_of_destination ON statement_line(account_id, wallet_id, destination, sequence);
CREATE INDEX statement_line_of_reference ON statement_line(account_id, wallet_id, reference, sequence);
CREATE INDEX statement_line_by_amount ON statement_line(account_id, wallet_id, amount_micros, sequence);
CREATE INDEX statement_line_by_duration ON statement_line(account_id, wallet_id, duration_seconds, sequence);
CREATE INDEX statement_sum_of_value ON statement_sum(account_id, wallet_id, dimension, value, day, epoch, line_count);
`;

export const statements: Migration = {
  name: 'statements',
  // Lines have a rowid: they are long, come in their order, and are found by eight indexes, which stay small that way.
  sqlite: `
CREATE TABLE statement_line(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  operation_id TEXT NOT NULL,
  entry_kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  other_account TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  balance_micros INTEGER NOT NULL,
  link TEXT NOT NULL,
  flow TEXT NOT NULL,
  group_key TEXT NOT NULL,
  office_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  person_name TEXT NOT NULL,
  number_used TEXT NOT NULL,
  other_number TEXT NOT NULL,
  destination TEXT NOT NULL,
  duration_seconds INTEGER NOT NULL,
  parts TEXT NOT NULL,
  search_text TEXT NOT NULL,
  PRIMARY KEY(account_id, wallet_id, sequence)
) STRICT;

CREATE TABLE statement_sum(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  day TEXT NOT NULL,
  dimension TEXT NOT NULL,
  value TEXT NOT NULL,
  label TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  line_count INTEGER NOT NULL,
  duration_seconds INTEGER NOT NULL,
  spent_micros INTEGER NOT NULL,
  added_micros INTEGER NOT NULL,
  usage_count INTEGER NOT NULL,
  usage_seconds INTEGER NOT NULL,
  usage_micros INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  PRIMARY KEY(account_id, wallet_id, day, dimension, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_mark(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  time_zone TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, wallet_id)
) STRICT, WITHOUT ROWID;
${INDEXES}`,
  postgres: `
CREATE TABLE statement_line(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  at_ms bigint NOT NULL,
  operation_id text COLLATE "C" NOT NULL,
  entry_kind text COLLATE "C" NOT NULL,
  reference text COLLATE "C" NOT NULL,
  other_account text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  balance_micros bigint NOT NULL,
  link text COLLATE "C" NOT NULL,
  flow text COLLATE "C" NOT NULL,
  group_key text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  person_name text COLLATE "C" NOT NULL,
  number_used text COLLATE "C" NOT NULL,
  other_number text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  duration_seconds integer NOT NULL,
  parts text COLLATE "C" NOT NULL,
  search_text text COLLATE "C" NOT NULL,
  PRIMARY KEY(account_id, wallet_id, sequence)
);

CREATE TABLE statement_sum(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  day text COLLATE "C" NOT NULL,
  dimension text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  line_count bigint NOT NULL,
  duration_seconds bigint NOT NULL,
  spent_micros bigint NOT NULL,
  added_micros bigint NOT NULL,
  usage_count bigint NOT NULL,
  usage_seconds bigint NOT NULL,
  usage_micros bigint NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  PRIMARY KEY(account_id, wallet_id, day, dimension, value)
);

CREATE TABLE statement_mark(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  epoch integer NOT NULL,
  time_zone text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY(account_id, wallet_id)
);
${INDEXES}`,
};
