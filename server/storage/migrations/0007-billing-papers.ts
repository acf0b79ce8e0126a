/**
 * What is written to people about money: mails in an outbox, numbered invoices and receipts; and what decides how an account pays: its
 * terms, and the small charges by which a card is confirmed. See billing-rows.ts.
 */
import type { Migration } from './migration.ts';

/** An invoice is never changed: what was wrong is put right by another one. */
const INVOICES_STAY_IN_SQLITE = `
CREATE TRIGGER invoice_is_never_changed BEFORE UPDATE ON invoice BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
CREATE TRIGGER invoice_is_never_deleted BEFORE DELETE ON invoice BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
`;
const INVOICES_STAY_IN_POSTGRES = `
CREATE FUNCTION invoice_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an invoice is never changed';
END $$;
CREATE TRIGGER invoice_is_never_changed BEFORE UPDATE OR DELETE ON invoice
  FOR EACH ROW EXECUTE FUNCTION invoice_is_never_changed();
`;

const INDEXES = `
CREATE INDEX mail_due ON mail(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX mail_of_office ON mail(account_id, office_id, kind, created_at_ms);
CREATE INDEX invoice_task_due ON invoice_task(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX card_check_due ON card_check(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE UNIQUE INDEX card_check_of_day ON card_check(account_id, wallet_id, day, number_of_day);
`;

export const billingPapers: Migration = {
  name: 'billing papers',
  sqlite: `
CREATE TABLE mail(
  account_id TEXT NOT NULL,
  mail_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  facts TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER,
  sent_at_ms INTEGER,
  problem TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, mail_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_contact(
  account_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  office_id TEXT,
  email TEXT NOT NULL,
  PRIMARY KEY(account_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_terms(
  account_id TEXT NOT NULL,
  is_invoiced INTEGER NOT NULL,
  ceiling_micros INTEGER NOT NULL,
  open_micros INTEGER NOT NULL,
  is_confirmation_needed INTEGER NOT NULL,
  buyer_lines TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id),
  CHECK(open_micros >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_task(
  account_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  currency TEXT NOT NULL,
  facts TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  due_at_ms INTEGER,
  invoice_number INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, task_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice(
  account_id TEXT NOT NULL,
  invoice_number INTEGER NOT NULL,
  office_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  tax_micros INTEGER NOT NULL,
  currency TEXT NOT NULL,
  content TEXT NOT NULL,
  issued_at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, invoice_number),
  CHECK(invoice_number > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE card_check(
  account_id TEXT NOT NULL,
  check_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  customer_ref TEXT NOT NULL,
  card_ref TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  status TEXT NOT NULL,
  tries_left INTEGER NOT NULL,
  provider_ref TEXT,
  is_paid INTEGER NOT NULL,
  is_refunded INTEGER NOT NULL,
  day TEXT NOT NULL,
  number_of_day INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  due_at_ms INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, check_id),
  CHECK(tries_left >= 0)
) STRICT, WITHOUT ROWID;
${INDEXES}
${INVOICES_STAY_IN_SQLITE}`,
  postgres: `
CREATE TABLE mail(
  account_id text COLLATE "C" NOT NULL,
  mail_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  attempts integer NOT NULL,
  created_at_ms bigint NOT NULL,
  due_at_ms bigint,
  sent_at_ms bigint,
  problem text COLLATE "C",
  version integer NOT NULL,
  PRIMARY KEY(account_id, mail_id)
);

CREATE TABLE billing_contact(
  account_id text COLLATE "C" NOT NULL,
  contact_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C",
  email text COLLATE "C" NOT NULL,
  PRIMARY KEY(account_id, contact_id)
);

CREATE TABLE billing_terms(
  account_id text COLLATE "C" NOT NULL,
  is_invoiced boolean NOT NULL,
  ceiling_micros bigint NOT NULL,
  open_micros bigint NOT NULL,
  is_confirmation_needed boolean NOT NULL,
  buyer_lines text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY(account_id),
  CHECK(open_micros >= 0)
);

CREATE TABLE invoice_task(
  account_id text COLLATE "C" NOT NULL,
  task_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  due_at_ms bigint,
  invoice_number integer,
  version integer NOT NULL,
  PRIMARY KEY(account_id, task_id)
);

CREATE TABLE invoice(
  account_id text COLLATE "C" NOT NULL,
  invoice_number integer NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  amount_micros bigint NOT NULL,
  tax_micros bigint NOT NULL,
  currency text COLLATE "C" NOT NULL,
  content text COLLATE "C" NOT NULL,
  issued_at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, invoice_number),
  CHECK(invoice_number > 0)
);

CREATE TABLE card_check(
  account_id text COLLATE "C" NOT NULL,
  check_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  wallet_id text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  customer_ref text COLLATE "C" NOT NULL,
  card_ref text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount_minor integer NOT NULL,
  status text COLLATE "C" NOT NULL,
  tries_left integer NOT NULL,
  provider_ref text COLLATE "C",
  is_paid boolean NOT NULL,
  is_refunded boolean NOT NULL,
  day text COLLATE "C" NOT NULL,
  number_of_day integer NOT NULL,
  created_at_ms bigint NOT NULL,
  due_at_ms bigint,
  version integer NOT NULL,
  PRIMARY KEY(account_id, check_id),
  CHECK(tries_left >= 0)
);
${INDEXES}
${INVOICES_STAY_IN_POSTGRES}`,
};
