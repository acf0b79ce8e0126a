/** Entries that were written before there were links get them, in both stores the same, and in the order in which they were done. */
import { describe, expect, test } from 'vitest';
import { checkLedger } from '../../../server/ledger/check-ledger.ts';
import { entryLink, walletLink } from '../../../server/ledger/entry-link.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ACCOUNT, chargeOf } from '../../support/ledger-operations.ts';
import { openPostgresBefore, openSqliteBefore } from '../../support/store-before.ts';

/** [wallet, operation, version after, amount, balance after]; "z" comes before "a", the clock went back, and a hold came between. */
const STORY = [
  ['berlin', 'z', 1, 900, 900],
  ['berlin', 'a', 3, -200, 700],
  ['berlin', 'm', 4, 50, 750],
  ['paris', 'p', 1, 10, 10],
] as const;

const INSERT = [
  ...['berlin', 'paris', 'rome'].map(
    (wallet) => `INSERT INTO wallet VALUES('${ACCOUNT}', '${wallet}', 'USD', 0, 0, 0);`,
  ),
  `INSERT INTO operation VALUES('${ACCOUNT}', 'hold', '[]', 0, 0, 0, 900, 0, 2, 60);`,
  ...STORY.flatMap(([wallet, id, version, amount, balance]) => [
    `INSERT INTO operation VALUES('${ACCOUNT}', '${id}', '[]', 0, 0, 0, ${balance}, 0, ${version}, ${100 - version});`,
    `INSERT INTO entry VALUES('${ACCOUNT}', '${id}', 0, '${wallet}', 'wallet', ${amount}, 'kind', 'é', ${100 - version});`,
    `INSERT INTO entry VALUES('${ACCOUNT}', '${id}', 1, '${wallet}', 'other', ${-amount}, 'kind', 'é', ${100 - version});`,
    `UPDATE wallet SET balance_micros = ${balance}, version = ${version} WHERE wallet_id = '${wallet}';`,
  ]),
].join('\n');

async function expectLinked(store: Store): Promise<void> {
  await store.applyBatch([chargeOf(700, { operationId: 'new', walletId: 'berlin' })]);
  const entries = await store.db
    .selectFrom('entry')
    .selectAll()
    .orderBy('walletId')
    .orderBy('sequence')
    .orderBy('line')
    .execute();
  const wallets = await store.db.selectFrom('wallet').selectAll().orderBy('walletId').execute();
  const { differences } = await checkLedger(store);
  await store.close();
  expect(entries.map((row) => [row.walletId, row.operationId, row.line, row.sequence, row.balanceMicros])).toEqual([
    ...[
      ['berlin', 'z', 0, 1, 900],
      ['berlin', 'z', 1, 1, null],
    ],
    ...[
      ['berlin', 'a', 0, 2, 700],
      ['berlin', 'a', 1, 2, null],
    ],
    ...[
      ['berlin', 'm', 0, 3, 750],
      ['berlin', 'm', 1, 3, null],
    ],
    ...[
      ['berlin', 'new', 0, 4, 50],
      ['berlin', 'new', 1, 4, null],
    ],
    ...[
      ['paris', 'p', 0, 1, 10],
      ['paris', 'p', 1, 1, null],
    ],
  ]);
  for (const walletId of ['berlin', 'paris']) {
    let link = walletLink({ accountId: ACCOUNT, walletId, currency: 'USD' });
    for (const entry of entries.filter((row) => row.walletId === walletId && row.line === 0)) {
      const otherAccount = entry.operationId === 'new' ? 'revenue_numbers' : 'other';
      link = entryLink(link, { ...entry, otherAccount, balanceMicros: Number(entry.balanceMicros) });
      expect(entry.link).toBe(link);
    }
    const wallet = wallets.find((row) => row.walletId === walletId);
    expect(wallet).toMatchObject({ link, entryCount: walletId === 'berlin' ? 4 : 1 });
  }
  expect(wallets.find(({ walletId }) => walletId === 'rome')).toMatchObject({ link: null, entryCount: 0 });
  expect(differences).toEqual([]);
}

describe('entries that were there before links', () => {
  const before = { migration: 'entry chain', insert: INSERT, expectations: expectLinked };

  test('are linked in SQLite, and the next entry goes on from there', () => openSqliteBefore(before));

  test('are linked in PostgreSQL, with the same links', () => openPostgresBefore(before));
});
