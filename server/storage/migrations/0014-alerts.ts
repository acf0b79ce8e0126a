/**
 * What admins are told without asking: alerts with their ways to widgets and host, the latch that keeps an office's credit from being told
 * of twice, and who wants which mail. See alert-rows.ts. A mail has one reader from now on, so that each has a link of their own to stop it.
 */
import type { Migration } from './migration.ts';

const INDEXES = `
CREATE INDEX alert_shown_due ON alert(shown_due_at_ms) WHERE shown_due_at_ms IS NOT NULL;
CREATE INDEX alert_hook_due ON alert(hook_due_at_ms) WHERE hook_due_at_ms IS NOT NULL;
CREATE INDEX alert_of_office ON alert(account_id, office_id, at_ms);
CREATE INDEX credit_latch_due ON credit_latch(due_at_ms) WHERE due_at_ms IS NOT NULL;
`;

export const alerts: Migration = {
  name: 'alerts',
  sqlite: `
CREATE TABLE alert(
  account_id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  facts TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  is_over INTEGER NOT NULL,
  shown_due_at_ms INTEGER,
  hook_state TEXT NOT NULL,
  hook_attempts INTEGER NOT NULL,
  hook_due_at_ms INTEGER,
  hook_problem TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, alert_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE credit_latch(
  account_id TEXT NOT NULL,
  office_id TEXT NOT NULL,
  latch TEXT NOT NULL,
  due_at_ms INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(account_id, office_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_choice(
  account_id TEXT NOT NULL,
  email TEXT NOT NULL,
  kind TEXT NOT NULL,
  is_off INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, email, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_endpoint(
  url TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  off_at_ms INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY(url)
) STRICT, WITHOUT ROWID;

ALTER TABLE mail ADD COLUMN reader TEXT;
${INDEXES}`,
  postgres: `
CREATE TABLE alert(
  account_id text COLLATE "C" NOT NULL,
  alert_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  is_over boolean NOT NULL,
  shown_due_at_ms bigint,
  hook_state text COLLATE "C" NOT NULL,
  hook_attempts integer NOT NULL,
  hook_due_at_ms bigint,
  hook_problem text COLLATE "C",
  version integer NOT NULL,
  PRIMARY KEY(account_id, alert_id)
);

CREATE TABLE credit_latch(
  account_id text COLLATE "C" NOT NULL,
  office_id text COLLATE "C" NOT NULL,
  latch text COLLATE "C" NOT NULL,
  due_at_ms bigint,
  version integer NOT NULL,
  PRIMARY KEY(account_id, office_id)
);

CREATE TABLE mail_choice(
  account_id text COLLATE "C" NOT NULL,
  email text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  is_off boolean NOT NULL,
  changed_at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, email, kind)
);

CREATE TABLE webhook_endpoint(
  url text COLLATE "C" NOT NULL,
  since_ms bigint NOT NULL,
  off_at_ms bigint,
  version integer NOT NULL,
  PRIMARY KEY(url)
);

ALTER TABLE mail ADD COLUMN reader text COLLATE "C";
${INDEXES}`,
};
