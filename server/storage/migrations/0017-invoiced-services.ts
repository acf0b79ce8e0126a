import type { Migration } from './migration.ts';

/** Those that were settled before there were such lines are due, on an invoice for each month. */
const SETTLED_BEFORE = `
UPDATE service_charge SET due_at_ms = ended_at_ms WHERE paid_by = 'invoice' AND status = 'settled' AND cost_micros > 0;
CREATE INDEX service_charge_invoiced ON service_charge(account_id, wallet_id, ended_at_ms)
  WHERE paid_by = 'invoice' AND status = 'settled';
`;

/** Which line of an invoice a service that is paid by invoice is part of (C-21). */
export const invoicedServices: Migration = {
  name: 'invoiced services',
  sqlite: `ALTER TABLE service_charge ADD COLUMN invoice_task_id TEXT;${SETTLED_BEFORE}`,
  postgres: `ALTER TABLE service_charge ADD COLUMN invoice_task_id text COLLATE "C";${SETTLED_BEFORE}`,
};
