import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION_TABLES, TABLES_LEFT_BEHIND } from '../../../../server/storage/copy/installation-tables.ts';
import { tableNames, unknownTables } from '../../../../server/storage/copy/unknown-tables.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { sqlName } from '../../../../server/storage/table-columns.ts';
import { createSqliteHome } from '../../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../../support/postgres-home.ts';

const HOMES = { SQLite: createSqliteHome, PostgreSQL: () => createPostgresHome() };

describe.each(Object.entries(HOMES))('the tables that a copy knows, on %s', (_, createHome) => {
  let home: Awaited<ReturnType<typeof createHome>>;
  let store: Store;
  beforeEach(async () => {
    home = await createHome();
    store = await home.open();
  });
  afterEach(async () => {
    await store.close();
    await home.remove();
  });

  test('are all that there are: a table that is added must be copied, or left behind by name', async () => {
    const known = [...INSTALLATION_TABLES.map(({ name }) => name), ...TABLES_LEFT_BEHIND];
    expect((await tableNames(store.db)).toSorted()).toEqual(known.toSorted());
    expect(await unknownTables(store.db)).toEqual([]);
  });

  test('have all their columns: one that is added must be copied', async () => {
    const tables = await store.db.introspection.getTables();
    for (const { name, columns } of INSTALLATION_TABLES) {
      const found = tables.find((table) => table.name === name)?.columns.map((column) => column.name);
      expect({ name, columns: found?.toSorted() }).toEqual({ name, columns: columns.map(sqlName).toSorted() });
    }
  });
});
