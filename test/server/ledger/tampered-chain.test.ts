/**
 * What a person with the database in hand may do to a wallet's book, in both stores: even where every sum was made to fit again, the
 * chain tells, and names the first entry that is not what was linked.
 */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { checkLedger } from '../../../server/ledger/check-ledger.ts';
import { entryLink } from '../../../server/ledger/entry-link.ts';
import { describeDifference } from '../../../server/ledger/ledger-audit.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ACCOUNT, chargeOf, creditOf, WALLET } from '../../support/ledger-operations.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../support/postgres-home.ts';

const OPERATIONS = [
  creditOf(1_000, { operationId: 'fund' }),
  chargeOf(100, { operationId: 'first' }),
  chargeOf(200, { operationId: 'second' }),
  chargeOf(300, { operationId: 'third' }),
];

/** The sums after all amounts were changed: of entries, operations and the wallet, as the ledger would have written them. */
const SUMS_MADE_TO_FIT = `
UPDATE entry SET balance_micros = (SELECT sum(amount_micros) FROM entry AS before
  WHERE before.line = 0 AND before.sequence <= entry.sequence) WHERE line = 0;
UPDATE operation SET wallet_balance_micros = (SELECT balance_micros FROM entry
  WHERE line = 0 AND entry.operation_id = operation.operation_id);
UPDATE wallet SET balance_micros = (SELECT sum(amount_micros) FROM entry WHERE line = 0);
`;

const SWAPPED = `
UPDATE entry SET sequence = -sequence WHERE operation_id IN ('first', 'second');
UPDATE entry SET sequence = 2 WHERE operation_id = 'second';
UPDATE entry SET sequence = 3 WHERE operation_id = 'first';
`;

const REMOVED = `
DELETE FROM entry WHERE operation_id = 'second';
DELETE FROM operation WHERE operation_id = 'second';
UPDATE operation SET wallet_version = 3 WHERE operation_id = 'third';
UPDATE wallet SET version = 3;
`;

/** `operation` after the entry of sequence `after`, as large as that of "first". */
const added = (operation: string, after: number) => `
INSERT INTO operation SELECT account_id, '${operation}', fingerprint, held_micros, captured_micros, short_micros,
  wallet_balance_micros, wallet_held_micros, 5, at_ms FROM operation WHERE operation_id = 'first';
INSERT INTO entry SELECT account_id, '${operation}', line, wallet_id, ledger_account, amount_micros, entry_kind, reference, at_ms,
  ${after + 1}, balance_micros, link FROM entry WHERE operation_id = 'first';
UPDATE wallet SET version = 5;
`;

const at = (sequence: number, operation: string) =>
  `the chain of wallet berlin breaks at entry ${sequence} (operation ${operation})`;
const LINK = 'its link should be <link>, it is <link>';

const TAMPERINGS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an amount was changed, and every sum made to fit',
    `UPDATE entry SET amount_micros = amount_micros / 2 WHERE operation_id = 'second'; ${SUMS_MADE_TO_FIT}`,
    [`${at(3, 'second')}: ${LINK}`],
  ],
  [
    'an amount was changed and nothing else',
    "UPDATE entry SET amount_micros = amount_micros / 2 WHERE operation_id = 'second'",
    [
      `${at(3, 'second')}: the balance after it should be 800, it says 700`,
      'the entries of wallet berlin sum to 500, its balance is 400',
    ],
  ],
  [
    'an entry was removed, and every sum made to fit',
    `${REMOVED} ${SUMS_MADE_TO_FIT}`,
    ['the chain of wallet berlin breaks where entry 3 should be: there is entry 4 (operation third)'],
  ],
  [
    'an entry was removed and the others moved up',
    `${REMOVED} ${SUMS_MADE_TO_FIT} UPDATE entry SET sequence = 3 WHERE operation_id = 'third'; UPDATE wallet SET entry_count = 3`,
    [`${at(3, 'third')}: ${LINK}`],
  ],
  [
    'the last entry was removed, and every sum made to fit',
    `DELETE FROM entry WHERE operation_id = 'third'; DELETE FROM operation WHERE operation_id = 'third';
     UPDATE wallet SET version = 3; ${SUMS_MADE_TO_FIT}`,
    ['the last entry of wallet berlin is 3, the wallet says 4'],
  ],
  ['two were swapped, and every sum made to fit', `${SWAPPED} ${SUMS_MADE_TO_FIT}`, [`${at(2, 'second')}: ${LINK}`]],
  [
    'one was added in the middle, and every sum made to fit',
    `UPDATE entry SET sequence = sequence + 100 WHERE sequence > 2; UPDATE entry SET sequence = sequence - 99 WHERE sequence > 100;
     ${added('more', 2)} ${SUMS_MADE_TO_FIT} UPDATE wallet SET entry_count = 5;
     UPDATE operation SET wallet_version = 9 - wallet_version WHERE operation_id IN ('third', 'more')`,
    [`${at(3, 'more')}: ${LINK}`],
  ],
  [
    'one was added at the end, with the link that it would have, and every sum made to fit',
    `${added('more', 4)} ${SUMS_MADE_TO_FIT} UPDATE entry SET link = '<forged>' WHERE operation_id = 'more' AND line = 0`,
    ['the last entry of wallet berlin is 5, the wallet says 4'],
  ],
  [
    'a reference was changed',
    "UPDATE entry SET reference = 'other' WHERE operation_id = 'first'",
    [`${at(2, 'first')}: ${LINK}`],
  ],
  [
    'a time was changed',
    "UPDATE entry SET at_ms = at_ms + 1 WHERE operation_id = 'first'",
    [`${at(2, 'first')}: ${LINK}`],
  ],
  [
    'a kind was changed',
    "UPDATE entry SET entry_kind = 'gift' WHERE operation_id = 'first'",
    [`${at(2, 'first')}: ${LINK}`],
  ],
  [
    'the money went somewhere else',
    "UPDATE entry SET ledger_account = 'mine' WHERE operation_id = 'first' AND line = 1",
    [`${at(2, 'first')}: ${LINK}`],
  ],
  [
    'the other side is about something else',
    "UPDATE entry SET reference = 'other' WHERE operation_id = 'first' AND line = 1",
    [`${at(2, 'first')}: its other side is missing or about something else`],
  ],
  [
    'a link was taken away: it does not look like an entry from before there were links',
    "UPDATE entry SET link = NULL, balance_micros = NULL WHERE operation_id = 'first'",
    [`${at(2, 'first')}: the balance after it should be 900, it says 0`],
  ],
  [
    'the link of the wallet was changed',
    "UPDATE wallet SET link = 'x'",
    ['the last link of wallet berlin is <link>, the wallet says x'],
  ],
  [
    'all links of the wallet were taken away',
    'UPDATE entry SET link = NULL; UPDATE wallet SET link = NULL, entry_count = 0',
    [`${at(1, 'fund')}: its link should be <link>, it is missing`],
  ],
];

interface Book {
  readonly store: Store;
  /** Without the triggers and constraints that forbid it. */
  tamper(sql: string): Promise<void>;
  remove(): Promise<void>;
}

const BOOKS: Readonly<Record<string, () => Promise<Book>>> = {
  SQLite: async () => {
    const home = await createSqliteHome();
    return {
      store: await home.open(),
      tamper: async (sql) => {
        const database = new DatabaseSync(home.path);
        const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
        for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
        database.exec(`PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; ${sql}`);
        database.close();
      },
      remove: () => home.remove(),
    };
  },
  PostgreSQL: async () => {
    const home = await createPostgresHome({ isSpoiled: true });
    const constraints = ['entry_link_check', 'entry_balance_check'].map(
      (name) => `ALTER TABLE entry DROP CONSTRAINT ${name};`,
    );
    return {
      store: await home.open(),
      tamper: async (sql) => {
        await home.query(
          `${constraints.join(' ')} ALTER TABLE wallet DROP CONSTRAINT wallet_link_check; SET session_replication_role = replica; ${sql}`,
        );
      },
      remove: () => home.remove(),
    };
  },
};

describe.each(Object.entries(BOOKS))('a book in %s that was tampered with', (_, openBook) => {
  test.each(TAMPERINGS)('%s', async (_what, sql, expected) => {
    const book = await openBook();
    try {
      await book.store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
      await book.store.applyBatch(OPERATIONS);
      expect((await checkLedger(book.store)).differences).toEqual([]);
      await book.tamper(sql.replace('<forged>', await forgedLink(book.store)));
      const { differences } = await checkLedger(book.store);
      const found = differences.map(describeDifference).map((words) => words.replaceAll(/[0-9a-f]{64}/g, '<link>'));
      expect(found).toEqual(expected.map((words) => `account ${ACCOUNT}: ${words}`));
    } finally {
      await book.store.close();
      await book.remove();
    }
  });
});

/** Of an entry "more" like "first", behind the last one: nothing about a link is secret. */
async function forgedLink({ db }: Store): Promise<string> {
  const entries = await db.selectFrom('entry').selectAll().where('line', '=', 0).orderBy('sequence').execute();
  const [first, last] = [entries.find(({ operationId }) => operationId === 'first'), entries.at(-1)];
  if (!first || !last?.link) throw new Error('There are no such entries');
  const balanceMicros = Number(last.balanceMicros) + first.amountMicros;
  return entryLink(last.link, {
    ...first,
    operationId: 'more',
    sequence: 5,
    balanceMicros,
    otherAccount: 'revenue_numbers',
  });
}
