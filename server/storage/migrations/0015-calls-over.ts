import type { Migration } from './migration.ts';

/**
 * The three lists of history hold calls that are over. A call enters them when it ends and not when it is authorized: that is the moment
 * somebody waits for, and each list touches pages of its own, 32 people's as good as 32 of them in one commit.
 */
const INDEXES = `
DROP INDEX call_of_account;
DROP INDEX call_of_office;
DROP INDEX call_of_person;
CREATE INDEX call_of_account ON call(account_id, started_at_ms, call_id) WHERE due_at_ms IS NULL;
CREATE INDEX call_of_office ON call(account_id, office_id, started_at_ms, call_id) WHERE due_at_ms IS NULL;
CREATE INDEX call_of_person ON call(account_id, person_id, started_at_ms, call_id) WHERE due_at_ms IS NULL;
`;

export const callsOver: Migration = { name: 'calls over', sqlite: INDEXES, postgres: INDEXES };
