import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLedger } from '../../../server/ledger/check-ledger.ts';
import { describeDifference } from '../../../server/ledger/ledger-audit.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ACCOUNT, creditOf, holdOf, settleOf, WALLET } from '../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

describe('ledger check', () => {
  let home: SqliteHome;
  let store: Store;

  beforeEach(async () => {
    home = await createSqliteHome();
    store = await home.open();
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    const limits = [
      { limitKey: 'calls', use: 1, ceiling: 9, keeps: 'nothing' },
      { limitKey: 'spend', use: 10, ceiling: 900, keeps: 'captured' },
    ] as const;
    await store.applyBatch([
      creditOf(1_000, { operationId: 'credit' }),
      holdOf(100, { operationId: 'open', limits }),
      holdOf(200, { operationId: 'closed', limits }),
      settleOf(150, { operationId: 'settle', holdId: 'closed' }),
    ]);
  });

  afterEach(async () => {
    await store.close();
    await home.remove();
  });

  /** What only a broken disk or a person with the file in hand can do. */
  const tamper = (sql: string) => {
    const database = new DatabaseSync(home.path);
    database.exec(`PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0;
      DROP TRIGGER entry_is_never_updated; DROP TRIGGER entry_is_never_deleted; ${sql}`);
    database.close();
  };
  const findings = async () => (await checkLedger(store)).differences.map(describeDifference);

  test('says what it has counted, and finds nothing in a ledger that nobody touched', async () => {
    expect(await checkLedger(store)).toEqual({
      wallets: 1,
      operations: 4,
      entries: 4,
      holds: 2,
      differenceCount: 0,
      differences: [],
    });
  });

  test('tells its progress up to the end', async () => {
    const told: string[] = [];
    await checkLedger(store, { onProgress: ({ done, total }) => told.push(`${done}/${total}`) });
    expect(told[0]).toBe('0/15');
    expect(told.at(-1)).toBe('15/15');
  });

  test('reads as many pages as there are', async () => {
    const credits = Array.from({ length: 6_000 }, (_, index) => creditOf(1, { operationId: `c${index}` }));
    await store.applyBatch(credits);
    const told: number[] = [];
    const report = await checkLedger(store, { onProgress: ({ done }) => told.push(done) });
    expect(report).toMatchObject({ entries: 12_004, differences: [] });
    expect(told.at(-1)).toBe(24_015);
    expect(told).toEqual(told.toSorted((first, second) => first - second));
  });

  test.each([
    [
      'a balance',
      'UPDATE wallet SET balance_micros = 851',
      ['the entries of wallet berlin sum to 850, its balance is 851'],
    ],
    [
      'what is held',
      'UPDATE wallet SET held_micros = 99',
      ['the open holds of wallet berlin sum to 100, it has 99 held'],
    ],
    [
      'a limit',
      "UPDATE limit_counter SET used = 0 WHERE limit_key = 'calls'",
      ['the holds of limit calls use 1, its counter says 0'],
    ],
    [
      'a spend limit',
      "UPDATE limit_counter SET used = 251 WHERE limit_key = 'spend'",
      ['the holds of limit spend use 250, its counter says 251'],
    ],
    [
      'a lost counter',
      "DELETE FROM limit_counter WHERE limit_key = 'spend'",
      ['the holds of limit spend use 250, its counter says 0'],
    ],
    [
      "the other side's entry",
      "DELETE FROM entry WHERE operation_id = 'settle' AND line = 1",
      [
        'the entries of operation settle on wallet berlin sum to -150, not to 0',
        'the chain of wallet berlin breaks at entry 2 (operation settle): its other side is missing or about something else',
      ],
    ],
    [
      'a wallet that is gone',
      'DELETE FROM wallet',
      [
        'there are entries or holds worth 850 of wallet berlin, which does not exist',
        'there are entries or holds worth 100 of wallet berlin, which does not exist',
      ],
    ],
    [
      'a hold larger than the balance',
      "UPDATE hold SET total_micros = 851 WHERE hold_id = 'open'; UPDATE wallet SET held_micros = 851; DELETE FROM limit_counter WHERE limit_key = 'spend'",
      [
        'wallet berlin has -1 available',
        'operation settle, the last on wallet berlin, left 100 held, which is now 851',
        'the holds of limit spend use 1001, its counter says 0',
      ],
    ],
    [
      'an operation that was taken away from its entries',
      "DROP TRIGGER operation_is_never_deleted; DELETE FROM operation WHERE operation_id = 'settle'",
      [
        'there are entries worth -150 on wallet berlin of operation settle, which does not exist',
        'its operations allow wallet versions up to 3 in sum, its wallets have 4',
      ],
    ],
    [
      'entries of an operation that never was',
      `INSERT INTO entry SELECT account_id, 'aaa', line, wallet_id, ledger_account, amount_micros, entry_kind, reference, at_ms,
         sequence + 2, balance_micros, link
         FROM entry WHERE operation_id = 'credit'`,
      [
        'there are entries worth 1000 on wallet berlin of operation aaa, which does not exist',
        'the chain of wallet berlin breaks at entry 3 (operation aaa): the balance after it should be 1850, it says 1000',
        'the entries of wallet berlin sum to 1850, its balance is 850',
      ],
    ],
    [
      'a version that was turned back',
      'UPDATE wallet SET version = 3',
      [
        'operation settle left wallet berlin at version 4, which is now at 3',
        'its operations allow wallet versions up to 4 in sum, its wallets have 3',
      ],
    ],
    [
      'a version that was turned on',
      'UPDATE wallet SET version = 5',
      ['its operations allow wallet versions up to 4 in sum, its wallets have 5'],
    ],
    [
      'what the last operation left',
      "DROP TRIGGER operation_is_never_updated; UPDATE operation SET wallet_held_micros = 7 WHERE operation_id = 'settle'",
      ['operation settle, the last on wallet berlin, left 7 held, which is now 100'],
    ],
  ])('finds %s that was changed behind its back', async (_, sql, expected) => {
    tamper(sql);
    expect(await findings()).toEqual(expected.map((words) => `account ${ACCOUNT}: ${words}`));
  });
});
