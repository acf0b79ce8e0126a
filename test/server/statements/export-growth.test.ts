/** D-27: a statement of any length is sent in little memory, by a server as it is started, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CopyTarget } from '../../../server/storage/copy/copy-target.ts';
import { openPostgresCopyTarget } from '../../../server/storage/copy/postgres-copy-target.ts';
import { openSqliteCopyTarget } from '../../../server/storage/copy/sqlite-copy-target.ts';
import { exportGrowth } from '../../support/export-growth.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome } from '../../support/postgres-home.ts';
import { makeServerHome, type ServerHome } from '../../support/server-home.ts';
import { writeStatementCrowd } from '../../support/statement-crowd.ts';

/** As a file 13 MB; as rows in memory, more than 50. */
const LINES = 40_000;
const MOST_MEGABYTES = 32;
/** For rows, their indexes and the file, on a machine that does other things, too. */
const TIMEOUT_MS = 240_000;

let home: ServerHome;

beforeAll(async () => {
  home = await makeServerHome({ offices: [], creditMicros: 0, isPostgres: false });
});
afterAll(() => home.remove());

interface CrowdHome {
  readonly target: CopyTarget;
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const STORES: readonly (readonly [string, () => Promise<CrowdHome>])[] = [
  [
    'SQLite',
    async () => {
      const { path, open, remove } = await createSqliteHome();
      await (await open()).close();
      return { target: openSqliteCopyTarget(path), environment: { DATA_FILE: path }, remove };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const { url, remove } = await createPostgresHome();
      return { target: await openPostgresCopyTarget(url), environment: { DATABASE_URL: url }, remove };
    },
  ],
];

describe.each(STORES)('a long file on %s', (_store, createHome) => {
  test(`D-27: ${LINES} lines let the server grow by less than ${MOST_MEGABYTES} MB`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { target, environment, remove } = await createHome();
    try {
      await writeStatementCrowd(target, { entries: LINES, projected: LINES });
      await target.commit();
      await target.close();
      const growth = await exportGrowth({ environment: { ...home.environment, ...environment }, query: '' });
      expect(growth.rows).toBe(LINES);
      expect(growth.megabytes).toBeLessThan(MOST_MEGABYTES);
      expect(growth.megabytes).toBeGreaterThanOrEqual(0);
    } finally {
      await remove();
    }
  });
});
