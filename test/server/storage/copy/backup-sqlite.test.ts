import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backupSqlite } from '../../../../server/storage/copy/backup-sqlite.ts';
import { openSqliteStore } from '../../../../server/storage/sqlite/open-sqlite-store.ts';
import { ledgerFaults, lostOperations } from '../../../support/ledger-invariants.ts';
import { ACCOUNT, creditOf, holdOf, WALLET } from '../../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../../support/ledger-sqlite-home.ts';

describe('a backup of the data file', () => {
  let home: SqliteHome;
  let to = '';

  beforeEach(async () => {
    home = await createSqliteHome();
    to = join(home.folder, 'backup.sqlite');
    const store = await home.open();
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    await store.applyBatch([creditOf(1_000, { operationId: 'credit' }), holdOf(100, { operationId: 'hold' })]);
    await store.close();
  });
  afterEach(() => home.remove());

  const backUp = (wish: Partial<Parameters<typeof backupSqlite>[0]> = {}) =>
    backupSqlite({ from: home.path, to, onProgress: () => undefined, verify: async () => undefined, ...wish });

  test('is a data file like the first one, in one piece', async () => {
    const told: number[] = [];
    await backUp({ onProgress: ({ done, total }) => told.push(done / total) });
    expect(readdirSync(home.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.sqlite']);
    const store = await openSqliteStore({ path: to });
    expect(await ledgerFaults(store, { sqlitePath: to })).toEqual([]);
    expect(await store.db.selectFrom('wallet').selectAll().executeTakeFirst()).toMatchObject({
      balanceMicros: 1_000,
      heldMicros: 100,
    });
    await store.close();
    expect(told.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  test('holds every operation that was acknowledged before it began, while another process goes on writing', async () => {
    const child = spawn(process.execPath, ['test/support/store-writer-child.ts', home.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => acknowledged.push(...chunk.toString().split('\n').filter(Boolean)));
    try {
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), { timeout: 30_000, interval: 20 });
      const before = new Set(acknowledged);
      await backUp();
      const countAtEnd = acknowledged.length;
      // It was not stopped by the backup, and goes on after it.
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(countAtEnd), {
        timeout: 30_000,
        interval: 20,
      });
      const store = await openSqliteStore({ path: to });
      expect(await lostOperations(store, { accountId: ACCOUNT, acknowledged: before })).toEqual([]);
      expect(await ledgerFaults(store, { sqlitePath: to })).toEqual([]);
      await store.close();
    } finally {
      await end(child);
    }
  }, 90_000);

  test('reads one snapshot: what is written between two of its steps is not in it, and does not make it begin anew', async () => {
    const filler = await home.open();
    const long = 'x'.repeat(2_000_000);
    for (let index = 0; index < 12; index += 1) {
      const row = { deckId: `d${index}`, name: '', importedAtMs: index, rateCount: 1, content: long };
      await filler.writeRows([{ table: 'rate_deck', mode: 'insert', row }]);
    }
    const writer = new DatabaseSync(home.path);
    const told: number[] = [];
    await backUp({
      onProgress: ({ done }) => {
        told.push(done);
        writer.exec(`UPDATE wallet SET balance_micros = balance_micros + 1`);
      },
    });
    writer.close();
    await filler.close();
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual(told.toSorted((first, second) => first - second));
    const copy = new DatabaseSync(to);
    expect(copy.prepare('SELECT balance_micros FROM wallet').get()).toEqual({ balance_micros: 1_000 });
    copy.close();
  });

  test('never overwrites a file, nor one that another backup is making', async () => {
    writeFileSync(to, 'precious');
    await expect(backUp()).rejects.toThrow(`${to} is there already`);
    expect(readFileSync(to, 'utf8')).toBe('precious');
    const other = join(home.folder, 'other.sqlite');
    writeFileSync(`${other}.part`, 'half');
    await expect(backUp({ to: other })).rejects.toThrow('.part is there already');
    expect(readFileSync(`${other}.part`, 'utf8')).toBe('half');
  });

  test('does not overwrite a file that came while it was made', async () => {
    await expect(backUp({ verify: async () => writeFileSync(to, 'precious') })).rejects.toThrow('is there already');
    expect(readFileSync(to, 'utf8')).toBe('precious');
    expect(existsSync(`${to}.part`)).toBe(false);
  });

  test('leaves nothing behind when its books are wrong, or there is nothing to copy, or no data file', async () => {
    const refuse = async () => {
      throw new Error('wrong books');
    };
    await expect(backUp({ verify: refuse })).rejects.toThrow('wrong books');
    await expect(backUp({ from: join(home.folder, 'none.sqlite') })).rejects.toThrow('There is no data file');
    const text = join(home.folder, 'text.sqlite');
    writeFileSync(text, 'no database at all, but long enough to be looked at as one'.repeat(30));
    await expect(backUp({ from: text })).rejects.toThrow('text.sqlite is not a database of this software');
    await expect(backUp({ to: join(home.folder, 'nowhere', 'b.sqlite') })).rejects.toThrow(/nowhere.* cannot be/);
    expect(readdirSync(home.folder).filter((name) => name.includes('backup') || name.includes('part'))).toEqual([]);
  });
});

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
