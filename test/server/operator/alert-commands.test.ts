/** What was told, by the operator's commands, and webhooks that are sent again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertWrites } from '../../../server/alerts/write-alert.ts';
import type { AlertRow } from '../../../server/storage/rows.ts';
import type { Store } from '../../../server/storage/store.ts';
import { runOperator } from '../../support/run-operator.ts';
import { createTestStore, type TestStoreHome } from '../../support/test-store.ts';

const HOUR_MS = 3_600_000;

let home: TestStoreHome;

beforeEach(async () => {
  home = await createTestStore();
  const named = ['--id', 'acme', '--name', 'Acme', '--currency', 'USD', '--time-zone', 'UTC'];
  await operator('accounts', 'create', ...named);
}, 60_000);

afterEach(async () => {
  await home.remove();
});

async function operator(...words: readonly string[]): Promise<readonly string[]> {
  return (await runOperator(home.environment, words)).lines;
}

async function withStore<Value>(use: (store: Store) => Promise<Value>): Promise<Value> {
  const store = await home.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function put(subject: string, change: Partial<AlertRow>, hoursAgo = 1): Promise<void> {
  const facts = { kind: 'empty', availableMicros: 0, levelMicros: 0, currency: 'USD' } as const;
  const atMs = Date.now() - hoursAgo * HOUR_MS;
  const [write] = alertWrites({ accountId: 'acme', officeId: 'berlin', subject, facts, atMs });
  if (write?.table !== 'alert') throw new Error('An alert is an alert');
  await withStore((store) => store.writeRows([{ table: 'alert', mode: 'insert', row: { ...write.row, ...change } }]));
}

const states = () =>
  withStore((store) =>
    store.db.selectFrom('alert').select(['alertId', 'hookState', 'hookDueAtMs']).orderBy('alertId').execute(),
  );

test('lists what was told and what became of the webhooks', async () => {
  expect(await operator('alerts', 'list', '--account', 'acme')).toEqual(['No alerts.']);
  await put('one', { hookState: 'dead', hookDueAtMs: null, hookProblem: 'it answered 500', isOver: true });
  const [line] = await operator('alerts', 'list', '--account', 'acme');
  expect(line).toMatch(/ UTC {2}berlin {2}empty:one {2}over {2}webhook dead \(it answered 500\)$/);
  await expect(operator('alerts', 'list', '--account', 'nobody')).rejects.toThrow('--account');
});

test('resumes what was switched off or given up within three days, and twice is once', async () => {
  await put('off', { hookState: 'off', hookDueAtMs: null });
  await put('dead', { hookState: 'dead', hookDueAtMs: null });
  await put('sent', { hookState: 'sent', hookDueAtMs: null });
  await put('old', { hookState: 'off', hookDueAtMs: null }, 100);
  const endpoint = { url: 'https://host.test/', sinceMs: 1, offAtMs: 2, version: 1 };
  await withStore((store) => store.writeRows([{ table: 'webhook_endpoint', mode: 'insert', row: endpoint }]));
  expect(await operator('alerts', 'resume')).toEqual(['Webhooks are sent again; 2 of the last three days are due.']);
  expect(await operator('alerts', 'resume')).toEqual(['Webhooks are sent again; 0 of the last three days are due.']);
  expect((await states()).map(({ alertId, hookState }) => [alertId, hookState])).toEqual([
    ['empty:dead', 'waiting'],
    ['empty:off', 'waiting'],
    ['empty:old', 'off'],
    ['empty:sent', 'sent'],
  ]);
  const endpoints = await withStore((store) => store.db.selectFrom('webhook_endpoint').selectAll().execute());
  expect(endpoints).toMatchObject([{ offAtMs: null, version: 2 }]);
});
