/**
 * What several servers on one database decide by its unique indexes instead of one process's memory: who has which extension, whose
 * question for credit is the next one. And what an operator says to all of them: the policy, and which tokens hold no more.
 */
import type { Migration } from './migration.ts';

/** A person's questions get numbers in the order in which they were asked. */
const NUMBER_THE_QUESTIONS = `
UPDATE credit_request SET ask_number = (
  SELECT count(*) FROM credit_request AS other
  WHERE other.account_id = credit_request.account_id
    AND other.office_id = credit_request.office_id
    AND other.person_id = credit_request.person_id
    AND (other.asked_at_ms < credit_request.asked_at_ms
      OR (other.asked_at_ms = credit_request.asked_at_ms AND other.request_id <= credit_request.request_id)));
`;

const UNIQUE_INDEXES = `
DROP INDEX person_by_extension;
CREATE UNIQUE INDEX person_by_extension ON person(account_id, extension);
CREATE UNIQUE INDEX credit_request_of_person ON credit_request(account_id, office_id, person_id, ask_number);
`;

export const manyServers: Migration = {
  name: 'many servers',
  sqlite: `
ALTER TABLE credit_request ADD COLUMN ask_number INTEGER NOT NULL DEFAULT 0;
${NUMBER_THE_QUESTIONS}
${UNIQUE_INDEXES}
CREATE TABLE token_revocation(
  account_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  issued_before_ms INTEGER NOT NULL,
  revoked_at_ms INTEGER NOT NULL,
  PRIMARY KEY(account_id, person_id, issued_before_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE policy(
  policy_version INTEGER NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  set_at_ms INTEGER NOT NULL
) STRICT;
`,
  postgres: `
ALTER TABLE credit_request ADD COLUMN ask_number integer NOT NULL DEFAULT 0;
${NUMBER_THE_QUESTIONS}
${UNIQUE_INDEXES}
CREATE TABLE token_revocation(
  account_id text COLLATE "C" NOT NULL,
  person_id text COLLATE "C" NOT NULL,
  issued_before_ms bigint NOT NULL,
  revoked_at_ms bigint NOT NULL,
  PRIMARY KEY(account_id, person_id, issued_before_ms)
);

-- For all accounts, so not by account.
CREATE TABLE policy(
  policy_version integer NOT NULL PRIMARY KEY,
  content text COLLATE "C" NOT NULL,
  set_at_ms bigint NOT NULL
);
`,
};
