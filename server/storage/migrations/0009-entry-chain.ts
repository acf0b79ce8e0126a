/**
 * Numbers and links the entries of each wallet (server/ledger/entry-link.ts). Entries that were there before get theirs here, in the
 * order in which they changed their wallet: so there are no entries without links, and one whose link was taken away cannot pass as old.
 * A million entries take one to two minutes on a small machine that is busy; nobody can write meanwhile.
 *
 * The wallet keeps how many entries it has and the last one's link. Its side of an entry (line 0) has the link and the balance after it;
 * both lines have the number. What an entry cannot lack it is given even where the book was damaged before: `ledger check` finds that.
 */
import { ENTRY_LINK_FUNCTIONS } from '../postgres/entry-link-functions.ts';
import type { Migration } from './migration.ts';

/** The wallet's side of all entries in their order, with what the other side says. The same words for both databases. */
const UNLINKED = `
SELECT entry.account_id, entry.wallet_id,
  row_number() OVER story AS sequence, entry.operation_id, entry.at_ms, entry.entry_kind, entry.reference,
  coalesce(other.ledger_account, '') AS other_account, entry.amount_micros,
  sum(entry.amount_micros) OVER story AS balance_micros, coalesce(wallet.currency, '') AS currency
FROM entry
LEFT JOIN operation ON operation.account_id = entry.account_id AND operation.operation_id = entry.operation_id
LEFT JOIN entry AS other ON other.account_id = entry.account_id AND other.operation_id = entry.operation_id AND other.line = 1
LEFT JOIN wallet ON wallet.account_id = entry.account_id AND wallet.wallet_id = entry.wallet_id
WHERE entry.ledger_account = 'wallet'
WINDOW story AS (PARTITION BY entry.account_id, entry.wallet_id
  ORDER BY operation.wallet_version, entry.operation_id, entry.line ROWS UNBOUNDED PRECEDING)
`;

const LINK_OF_NEXT = (previous: string) =>
  `entry_link(${previous}, next.account_id, next.wallet_id, next.sequence, next.operation_id, next.at_ms, next.entry_kind,
    next.reference, next.other_account, next.amount_micros, next.balance_micros)`;

const FIRST_LINK = 'wallet_link(next.account_id, next.wallet_id, next.currency)';

const INDEX = `
CREATE UNIQUE INDEX entry_of_wallet ON entry(account_id, wallet_id, sequence) WHERE ledger_account = 'wallet';
`;

export const entryChain: Migration = {
  name: 'entry chain',
  // wallet_link and entry_link are functions of the migrating process, see sqlite/migrate-sqlite.ts. A new table: SQLite adds no
  // column without a default to one that has rows.
  sqlite: `
CREATE TEMP TABLE unlinked(
  account_id TEXT, wallet_id TEXT, sequence INTEGER, operation_id TEXT, at_ms INTEGER, entry_kind TEXT, reference TEXT,
  other_account TEXT, amount_micros INTEGER, balance_micros INTEGER, currency TEXT,
  PRIMARY KEY(account_id, wallet_id, sequence)
) WITHOUT ROWID;
INSERT INTO unlinked ${UNLINKED};

CREATE TEMP TABLE linked(
  account_id TEXT, operation_id TEXT, wallet_id TEXT, sequence INTEGER, balance_micros INTEGER, link TEXT,
  PRIMARY KEY(account_id, operation_id)
) WITHOUT ROWID;
INSERT INTO linked
WITH RECURSIVE chain AS (
  SELECT next.account_id, next.operation_id, next.wallet_id, next.sequence, next.balance_micros, ${LINK_OF_NEXT(FIRST_LINK)} AS link
  FROM unlinked AS next WHERE next.sequence = 1
  UNION ALL
  SELECT next.account_id, next.operation_id, next.wallet_id, next.sequence, next.balance_micros, ${LINK_OF_NEXT('chain.link')}
  FROM chain JOIN unlinked AS next
    ON next.account_id = chain.account_id AND next.wallet_id = chain.wallet_id AND next.sequence = chain.sequence + 1
)
SELECT * FROM chain;

ALTER TABLE wallet ADD COLUMN entry_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wallet ADD COLUMN link TEXT CHECK((link IS NULL) = (entry_count = 0));
UPDATE wallet SET entry_count = last.sequence, link = last.link
FROM (SELECT account_id, wallet_id, max(sequence) AS sequence, link FROM linked GROUP BY account_id, wallet_id) AS last
WHERE wallet.account_id = last.account_id AND wallet.wallet_id = last.wallet_id;

CREATE TABLE entry_with_links(
  account_id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  wallet_id TEXT NOT NULL,
  ledger_account TEXT NOT NULL,
  amount_micros INTEGER NOT NULL,
  entry_kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  balance_micros INTEGER,
  link TEXT,
  PRIMARY KEY(account_id, operation_id, line),
  FOREIGN KEY(account_id, operation_id) REFERENCES operation(account_id, operation_id),
  FOREIGN KEY(account_id, wallet_id) REFERENCES wallet(account_id, wallet_id),
  CHECK(amount_micros <> 0),
  CHECK((ledger_account = 'wallet') = (link IS NOT NULL)),
  CHECK((link IS NULL) = (balance_micros IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO entry_with_links
SELECT entry.account_id, entry.operation_id, entry.line, entry.wallet_id, entry.ledger_account, entry.amount_micros,
  entry.entry_kind, entry.reference, entry.at_ms, coalesce(linked.sequence, 0),
  iif(entry.ledger_account = 'wallet', linked.balance_micros, NULL), iif(entry.ledger_account = 'wallet', linked.link, NULL)
FROM entry LEFT JOIN linked ON linked.account_id = entry.account_id AND linked.operation_id = entry.operation_id;
DROP TABLE entry;
ALTER TABLE entry_with_links RENAME TO entry;
DROP TABLE linked;
DROP TABLE unlinked;
${INDEX}
CREATE TRIGGER entry_is_never_updated BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are append-only: a correction is a new entry'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are append-only: a correction is a new entry'); END;
`,
  postgres: `
${ENTRY_LINK_FUNCTIONS.join(';\n')};

CREATE TEMP TABLE unlinked ON COMMIT DROP AS ${UNLINKED};
CREATE UNIQUE INDEX ON unlinked(account_id, wallet_id, sequence);
CREATE TEMP TABLE linked(
  account_id text COLLATE "C", operation_id text COLLATE "C", wallet_id text COLLATE "C", sequence bigint, balance_micros bigint,
  link text COLLATE "C"
) ON COMMIT DROP;
DO $$
DECLARE
  next record;
  link_before text;
BEGIN
  FOR next IN SELECT * FROM unlinked ORDER BY account_id, wallet_id, sequence LOOP
    IF next.sequence = 1 THEN link_before := ${FIRST_LINK}; END IF;
    link_before := ${LINK_OF_NEXT('link_before').replace('next.balance_micros)', 'next.balance_micros::bigint)')};
    INSERT INTO linked VALUES(next.account_id, next.operation_id, next.wallet_id, next.sequence, next.balance_micros, link_before);
  END LOOP;
END $$;
CREATE UNIQUE INDEX ON linked(account_id, operation_id);
ANALYZE linked;

ALTER TABLE wallet ADD COLUMN entry_count bigint NOT NULL DEFAULT 0, ADD COLUMN link text COLLATE "C";
UPDATE wallet SET entry_count = last.sequence, link = last.link
FROM (SELECT DISTINCT ON (account_id, wallet_id) * FROM linked ORDER BY account_id, wallet_id, sequence DESC) AS last
WHERE wallet.account_id = last.account_id AND wallet.wallet_id = last.wallet_id;
ALTER TABLE wallet ADD CONSTRAINT wallet_link_check CHECK((link IS NULL) = (entry_count = 0));

DROP INDEX entry_of_wallet;
ALTER TABLE entry ADD COLUMN sequence bigint NOT NULL DEFAULT 0, ADD COLUMN balance_micros bigint,
  ADD COLUMN link text COLLATE "C";
ALTER TABLE entry DISABLE TRIGGER entry_is_never_changed;
UPDATE entry SET sequence = linked.sequence,
  balance_micros = CASE WHEN entry.ledger_account = 'wallet' THEN linked.balance_micros END,
  link = CASE WHEN entry.ledger_account = 'wallet' THEN linked.link END
FROM linked WHERE linked.account_id = entry.account_id AND linked.operation_id = entry.operation_id;
ALTER TABLE entry ENABLE TRIGGER entry_is_never_changed;
ALTER TABLE entry ALTER COLUMN sequence DROP DEFAULT,
  ADD CONSTRAINT entry_link_check CHECK((ledger_account = 'wallet') = (link IS NOT NULL)),
  ADD CONSTRAINT entry_balance_check CHECK((link IS NULL) = (balance_micros IS NULL));
${INDEX}`,
};
