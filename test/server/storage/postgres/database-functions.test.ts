import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../../../server/storage/migrations/migrations.ts';
import { LEDGER_FUNCTIONS } from '../../../../server/storage/postgres/ledger-schema.ts';
import { ROW_WRITE_FUNCTIONS } from '../../../../server/storage/postgres/row-write-functions.ts';

/**
 * A database gets its functions anew only with a migration: by nothing else can two servers of different versions agree whose functions
 * are newer. Who changes a function adds a migration, an empty one if no table changes, and writes both down here.
 */
const WRITTEN_DOWN = { migrations: 18, functions: '934f0ad550b01a68' };

test('the functions in the database change together with a migration, so that an existing database gets them', () => {
  const hash = createHash('sha256');
  for (const sql of [...ROW_WRITE_FUNCTIONS, ...LEDGER_FUNCTIONS]) hash.update(sql);
  expect({ migrations: MIGRATIONS.length, functions: hash.digest('hex').slice(0, 16) }).toEqual(WRITTEN_DOWN);
});
