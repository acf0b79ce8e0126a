/**
 * An alert as rows: the alert itself, which widgets and the host are told of, and its mail. Written together with what it tells of, so
 * that nothing is told that did not happen and nothing happens untold, whenever the process dies.
 */
import type { AlertFacts } from '../../src/protocol/alert.ts';
import { mailWrite } from '../mail/outbox.ts';
import type { AlertRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { AlertPort, NewAlert } from './alert-port.ts';

/** For writeRows or alongside an operation. A conflict means that it was told already. */
export function alertWrites(alert: NewAlert): readonly RowWrite[] {
  const { accountId, officeId, facts, atMs } = alert;
  const row: AlertRow = {
    accountId,
    alertId: alertIdOf(alert),
    officeId,
    kind: facts.kind,
    facts: JSON.stringify(facts),
    atMs,
    isOver: false,
    shownDueAtMs: atMs,
    hookState: 'waiting',
    hookAttempts: 0,
    hookDueAtMs: atMs,
    hookProblem: null,
    version: 1,
  };
  return [{ table: 'alert', mode: 'insert', row }, mailWrite(alert)];
}

/** Empty when it was told already: for writes that must not fail because of it. Somebody who is quicker is a conflict all the same. */
export async function alertWritesOnce(store: Pick<Store, 'db'>, alert: NewAlert): Promise<readonly RowWrite[]> {
  const known = await store.db
    .selectFrom('mail')
    .select('mailId')
    .where('accountId', '=', alert.accountId)
    // The mail has the same id, and is older than alerts are.
    .where('mailId', '=', alertIdOf(alert))
    .executeTakeFirst();
  return known ? [] : alertWrites(alert);
}

export function createAlertPort(store: Pick<Store, 'db' | 'writeRows'>): AlertPort {
  return {
    tell: async (alert) => {
      const writes = await alertWritesOnce(store, alert);
      return writes.length > 0 && (await store.writeRows(writes)).applied;
    },
  };
}

export function alertIdOf({ facts, subject }: { readonly facts: Pick<AlertFacts, 'kind'>; readonly subject: string }) {
  return `${facts.kind}:${subject}`;
}
