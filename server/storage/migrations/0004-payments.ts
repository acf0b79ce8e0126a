/**
 * Payments. A wallet's own money stays in the ledger's tables; these say what was asked of a payment provider, what it reported, and what
 * is owed. See payment-rows.ts.
 */
import type { Migration } from './migration.ts';

export const payments: Migration = {
  name: 'payments',
  sqlite: `
CREATE TABLE payment(
  account_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  provider TEXT NOT NULL,
  status TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  currency TEXT NOT NULL,
  person_id TEXT,
  person_name TEXT,
  method TEXT NOT NULL,
  is_card_kept INTEGER NOT NULL,
  customer_ref TEXT NOT NULL,
  card_ref TEXT,
  card TEXT,
  card_generation INTEGER NOT NULL,
  provider_ref TEXT,
  failure_kind TEXT,
  failure_retry TEXT,
  returned_micros INTEGER NOT NULL,
  is_disputed INTEGER NOT NULL,
  available_micros INTEGER,
  created_at_ms INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, payment_id),
  FOREIGN KEY(account_id, wallet_id) REFERENCES wallet(account_id, wallet_id),
  CHECK(amount_micros >= 0),
  CHECK(returned_micros >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_due ON payment(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX payment_of_wallet ON payment(account_id, wallet_id, created_at_ms, payment_id);
CREATE UNIQUE INDEX payment_by_ref ON payment(provider, provider_ref) WHERE provider_ref IS NOT NULL;

CREATE TABLE payer(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  office_id TEXT NOT NULL,
  customer_ref TEXT NOT NULL,
  card_ref TEXT,
  card TEXT,
  card_generation INTEGER NOT NULL,
  last_generation INTEGER NOT NULL,
  open_payment_id TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, wallet_id, provider)
) STRICT, WITHOUT ROWID;
CREATE INDEX payer_by_customer ON payer(provider, customer_ref);

CREATE TABLE auto_recharge(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  is_on INTEGER NOT NULL,
  threshold_micros INTEGER NOT NULL,
  amount_micros INTEGER NOT NULL,
  monthly_limit_micros INTEGER NOT NULL,
  consent_person_id TEXT,
  consent_by_name TEXT,
  consent_at_ms INTEGER,
  failures INTEGER NOT NULL,
  pause TEXT,
  not_before_ms INTEGER NOT NULL,
  in_flight_payment_id TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(amount_micros > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX auto_recharge_ready ON auto_recharge(not_before_ms) WHERE is_on = true AND pause IS NULL;

CREATE TABLE payment_return(
  account_id TEXT NOT NULL,
  return_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  status TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, return_id),
  CHECK(amount_micros > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_return_of_payment ON payment_return(account_id, payment_id);

CREATE TABLE debt(
  account_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  owed_micros INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(owed_micros >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX debt_owed ON debt(account_id, wallet_id) WHERE owed_micros > 0;

CREATE TABLE payment_event(
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  ref TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  due_at_ms INTEGER,
  done_at_ms INTEGER,
  problem TEXT,
  PRIMARY KEY(provider, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_event_due ON payment_event(due_at_ms) WHERE due_at_ms IS NOT NULL;

CREATE TABLE trial(
  account_id TEXT NOT NULL,
  ends_at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE simulated_object(
  object_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  owner_ref TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(object_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX simulated_object_of_owner ON simulated_object(kind, owner_ref, created_at_ms);
`,
  postgres: `
CREATE TABLE payment(
  account_id text COLLATE "C" NOT NULL,
  payment_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  person_id text COLLATE "C",
  person_name text COLLATE "C",
  method text COLLATE "C" NOT NULL,
  is_card_kept boolean NOT NULL,
  customer_ref text COLLATE "C" NOT NULL,
  card_ref text COLLATE "C",
  card text COLLATE "C",
  card_generation integer NOT NULL,
  provider_ref text COLLATE "C",
  failure_kind text COLLATE "C",
  failure_retry text COLLATE "C",
  returned_micros bigint NOT NULL,
  is_disputed boolean NOT NULL,
  available_micros bigint,
  created_at_ms bigint NOT NULL,
  changed_at_ms bigint NOT NULL,
  due_at_ms bigint,
  version integer NOT NULL,
  PRIMARY KEY(account_id, payment_id),
  FOREIGN KEY(account_id, wallet_id) REFERENCES wallet(account_id, wallet_id),
  CHECK(amount_micros >= 0),
  CHECK(returned_micros >= 0)
);
CREATE INDEX payment_due ON payment(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX payment_of_wallet ON payment(account_id, wallet_id, created_at_ms, payment_id);
CREATE UNIQUE INDEX payment_by_ref ON payment(provider, provider_ref) WHERE provider_ref IS NOT NULL;

CREATE TABLE payer(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  customer_ref text COLLATE "C" NOT NULL,
  card_ref text COLLATE "C",
  card text COLLATE "C",
  card_generation integer NOT NULL,
  last_generation integer NOT NULL,
  open_payment_id text COLLATE "C",
  version integer NOT NULL,
  PRIMARY KEY(account_id, wallet_id, provider)
);
CREATE INDEX payer_by_customer ON payer(provider, customer_ref);

CREATE TABLE auto_recharge(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  is_on boolean NOT NULL,
  threshold_micros bigint NOT NULL,
  amount_micros bigint NOT NULL,
  monthly_limit_micros bigint NOT NULL,
  consent_person_id text COLLATE "C",
  consent_by_name text COLLATE "C",
  consent_at_ms bigint,
  failures integer NOT NULL,
  pause text COLLATE "C",
  not_before_ms bigint NOT NULL,
  in_flight_payment_id text COLLATE "C",
  version integer NOT NULL,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(amount_micros > 0)
);
CREATE INDEX auto_recharge_ready ON auto_recharge(not_before_ms) WHERE is_on AND pause IS NULL;

CREATE TABLE payment_return(
  account_id text COLLATE "C" NOT NULL,
  return_id text COLLATE "C" NOT NULL,
  payment_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY(account_id, return_id),
  CHECK(amount_micros > 0)
);
CREATE INDEX payment_return_of_payment ON payment_return(account_id, payment_id);

CREATE TABLE debt(
  account_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  owed_micros bigint NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY(account_id, wallet_id),
  CHECK(owed_micros >= 0)
);
CREATE INDEX debt_owed ON debt(account_id, wallet_id) WHERE owed_micros > 0;

CREATE TABLE payment_event(
  provider text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  ref text COLLATE "C" NOT NULL,
  received_at_ms bigint NOT NULL,
  attempts integer NOT NULL,
  due_at_ms bigint,
  done_at_ms bigint,
  problem text COLLATE "C",
  PRIMARY KEY(provider, event_id)
);
CREATE INDEX payment_event_due ON payment_event(due_at_ms) WHERE due_at_ms IS NOT NULL;

CREATE TABLE trial(
  account_id text COLLATE "C" NOT NULL,
  ends_at_ms bigint NOT NULL,
  PRIMARY KEY(account_id)
);

CREATE TABLE simulated_object(
  object_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  owner_ref text COLLATE "C" NOT NULL,
  content text COLLATE "C" NOT NULL,
  created_at_ms bigint NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY(object_id)
);
CREATE INDEX simulated_object_of_owner ON simulated_object(kind, owner_ref, created_at_ms);
`,
};
