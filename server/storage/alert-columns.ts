/** The columns of alert-rows.ts at run time. */
import type { AlertTables } from './alert-rows.ts';
import type { ColumnsOf } from './columns-of.ts';

export const ALERT_COLUMNS: ColumnsOf<AlertTables> = {
  alert: {
    accountId: 'key',
    alertId: 'key',
    officeId: 'value',
    kind: 'value',
    facts: 'value',
    atMs: 'value',
    isOver: 'value',
    shownDueAtMs: 'value',
    hookState: 'value',
    hookAttempts: 'value',
    hookDueAtMs: 'value',
    hookProblem: 'value',
    version: 'value',
  },
  credit_latch: {
    accountId: 'key',
    officeId: 'key',
    latch: 'value',
    dueAtMs: 'value',
    version: 'value',
  },
  mail_choice: {
    accountId: 'key',
    email: 'key',
    kind: 'key',
    isOff: 'value',
    changedAtMs: 'value',
  },
  webhook_endpoint: {
    url: 'key',
    sinceMs: 'value',
    offAtMs: 'value',
    version: 'value',
  },
};
