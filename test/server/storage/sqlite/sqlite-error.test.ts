import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { explainOpenError, translateSqliteError } from '../../../../server/storage/sqlite/sqlite-error.ts';
import { UnavailableError } from '../../../../server/storage/store.ts';

function errorOf(run: (database: DatabaseSync) => void): unknown {
  const database = new DatabaseSync(':memory:');
  try {
    run(database);
    return null;
  } catch (reason) {
    return reason;
  } finally {
    database.close();
  }
}

describe('errors of SQLite', () => {
  test('a full disk is unavailable, with its cause', () => {
    const full = errorOf((database) => {
      database.exec('CREATE TABLE t(x); PRAGMA max_page_count = 3');
      database.exec('INSERT INTO t VALUES(zeroblob(100000))');
    });
    const translated = translateSqliteError(full);
    expect(translated).toBeInstanceOf(UnavailableError);
    expect(translated).toMatchObject({
      code: 'unavailable',
      message: 'The data file is unavailable: the disk is full',
      cause: full,
    });
  });

  test('what may not be written to is unavailable', () => {
    const readOnly = errorOf((database) => database.exec('PRAGMA query_only = 1; CREATE TABLE t(x)'));
    expect(translateSqliteError(readOnly)).toBeInstanceOf(UnavailableError);
  });

  test('a broken promise stays the bug that it is', () => {
    const broken = errorOf((database) => database.exec('CREATE TABLE t(x CHECK(x > 0)); INSERT INTO t VALUES(0)'));
    expect(broken).toBeInstanceOf(Error);
    expect(translateSqliteError(broken)).toBe(broken);
  });

  test('what is no error of SQLite stays as it is', () => {
    const reason = new TypeError('A row lacks a column');
    expect(translateSqliteError(reason)).toBe(reason);
    expect(translateSqliteError('thrown text')).toBe('thrown text');
  });

  test.each([
    ['EACCES', 'there is no permission to write there'],
    ['EROFS', 'the disk is read-only'],
  ])('a folder that cannot be made (%s) is explained in words', (code, words) => {
    const reason = Object.assign(new Error(`${code}: mkdir`), { code });
    expect(explainOpenError('/srv/data.db', reason)).toMatchObject({
      message: `The data file /srv/data.db cannot be used: ${words}`,
      cause: reason,
    });
  });
});
