/**
 * The rent of owned numbers, who they are assigned to, and the licences of people. A number that was bought before there was rent has no
 * rent day yet: the first look at it gives it one in the future, so that nobody pays for months that were never asked for.
 */
import type { Migration } from './migration.ts';

const PRICES_AS_THEY_ARE = `
UPDATE number_owner SET
  monthly_micros = coalesce((
    SELECT monthly_micros FROM number
    WHERE number.account_id = number_owner.account_id AND number.number = number_owner.number), 0),
  currency = coalesce((
    SELECT currency FROM account WHERE account.account_id = number_owner.account_id), 'USD');
`;

const INDEXES = `
CREATE INDEX number_owner_due ON number_owner(due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX number_owner_late ON number_owner(account_id, office_id) WHERE state = 'late';
`;

export const numberRent: Migration = {
  name: 'number rent',
  sqlite: `
ALTER TABLE person ADD COLUMN licence TEXT;
ALTER TABLE number_owner ADD COLUMN person_id TEXT;
ALTER TABLE number_owner ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE number_owner ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE number_owner ADD COLUMN monthly_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE number_owner ADD COLUMN next_monthly_micros INTEGER;
ALTER TABLE number_owner ADD COLUMN next_monthly_day TEXT;
ALTER TABLE number_owner ADD COLUMN anchor_day INTEGER NOT NULL DEFAULT 1;
ALTER TABLE number_owner ADD COLUMN rent_day TEXT NOT NULL DEFAULT '';
ALTER TABLE number_owner ADD COLUMN step_day TEXT;
ALTER TABLE number_owner ADD COLUMN held_micros INTEGER NOT NULL DEFAULT 0 CHECK(held_micros >= 0);
ALTER TABLE number_owner ADD COLUMN hold_id TEXT;
ALTER TABLE number_owner ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE number_owner ADD COLUMN change_id TEXT;
ALTER TABLE number_owner ADD COLUMN released_at_ms INTEGER;
ALTER TABLE number_owner ADD COLUMN due_at_ms INTEGER DEFAULT 0;
ALTER TABLE number_owner ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
${PRICES_AS_THEY_ARE}
${INDEXES}`,
  postgres: `
ALTER TABLE person ADD COLUMN licence text COLLATE "C";
ALTER TABLE number_owner
  ADD COLUMN person_id text COLLATE "C",
  ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'active',
  ADD COLUMN currency text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN monthly_micros bigint NOT NULL DEFAULT 0,
  ADD COLUMN next_monthly_micros bigint,
  ADD COLUMN next_monthly_day text COLLATE "C",
  ADD COLUMN anchor_day integer NOT NULL DEFAULT 1,
  ADD COLUMN rent_day text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN step_day text COLLATE "C",
  ADD COLUMN held_micros bigint NOT NULL DEFAULT 0 CHECK(held_micros >= 0),
  ADD COLUMN hold_id text COLLATE "C",
  ADD COLUMN told text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN change_id text COLLATE "C",
  ADD COLUMN released_at_ms bigint,
  ADD COLUMN due_at_ms bigint DEFAULT 0,
  ADD COLUMN version integer NOT NULL DEFAULT 1;
${PRICES_AS_THEY_ARE}
${INDEXES}`,
};
