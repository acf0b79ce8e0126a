import type { Migration } from './migration.ts';

/**
 * An office's last paid calls, from which its usual price of a minute is taken with every balance that is told. Holds all that is asked
 * for, and only calls that have cost something: hundreds of running ones need not be looked through.
 */
const INDEX = `
CREATE INDEX call_paid_of_office ON call(account_id, office_id, started_at_ms, cost_micros, billed_seconds)
  WHERE cost_micros > 0;
`;

export const paidCalls: Migration = { name: 'paid calls', sqlite: INDEX, postgres: INDEX };
