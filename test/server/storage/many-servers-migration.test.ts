/** What was written before several servers were thought of fits under the new unique indexes, in both stores. */
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../server/storage/store.ts';
import { openPostgresBefore, openSqliteBefore } from '../../support/store-before.ts';

/** Sam asked three times, twice in the same millisecond; the others once each. */
const REQUESTS = [
  ['acme', 'b', 'sam', 200],
  ['acme', 'a', 'sam', 200],
  ['acme', 'z', 'sam', 100],
  ['acme', 'c', 'kim', 150],
  ['other', 'a', 'sam', 50],
] as const;
const INSERT = REQUESTS.map(
  ([account, request, person, atMs]) =>
    `INSERT INTO credit_request(account_id, request_id, office_id, person_id, person_name, reason, asked_at_ms, state)
     VALUES('${account}', '${request}', 'berlin', '${person}', '${person}', 'calls', ${atMs}, 'declined');`,
).join('\n');

async function expectNumbered(store: Store): Promise<void> {
  const rows = await store.db
    .selectFrom('credit_request')
    .select(['accountId', 'personId', 'requestId', 'askNumber'])
    .orderBy('accountId')
    .orderBy('personId')
    .orderBy('askNumber')
    .execute();
  await store.close();
  expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
    'acme kim c 1',
    'acme sam z 1',
    'acme sam a 2',
    'acme sam b 3',
    'other sam a 1',
  ]);
}

describe('questions for credit that were asked before get their numbers', () => {
  const before = { migration: 'many servers', insert: INSERT, expectations: expectNumbered };

  test('in SQLite', () => openSqliteBefore(before));

  test('in PostgreSQL', () => openPostgresBefore(before));
});
