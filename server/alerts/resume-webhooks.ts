/** The operator has talked to the host: webhooks are sent again. */
import type { RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { WEBHOOK_GIVEN_UP_AFTER_MS } from './send-webhooks.ts';

const PAGE = 500;

/** How many alerts are due again. What is older than three days would be given up at once, and is left alone. */
export async function resumeWebhooks(store: Pick<Store, 'db' | 'writeRows'>, nowMs: number): Promise<number> {
  const endpoints = await store.db
    .selectFrom('webhook_endpoint')
    .selectAll()
    .where('offAtMs', 'is not', null)
    .execute();
  const on = endpoints.map(
    (row) =>
      ({
        table: 'webhook_endpoint',
        mode: 'next_version',
        row: { ...row, offAtMs: null, version: row.version + 1 },
      }) as const,
  );
  if (on.length > 0) await store.writeRows(on);
  const stopped = await store.db
    .selectFrom('alert')
    .selectAll()
    .where('hookState', 'in', ['off', 'dead'])
    .where('atMs', '>', nowMs - WEBHOOK_GIVEN_UP_AFTER_MS)
    .limit(PAGE)
    .execute();
  let count = 0;
  for (const row of stopped) {
    const due = { ...row, hookState: 'waiting', hookAttempts: 0, hookDueAtMs: nowMs, hookProblem: null };
    const write: RowWrite = { table: 'alert', mode: 'next_version', row: { ...due, version: row.version + 1 } };
    if ((await store.writeRows([write])).applied) count += 1;
  }
  return count;
}
