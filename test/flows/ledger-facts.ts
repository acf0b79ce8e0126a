/** What the data file of a running server says, read beside it, and what must be true of it at the end of every story. */
import { DatabaseSync } from 'node:sqlite';

export interface CallFacts {
  readonly callId: string;
  readonly status: string;
  readonly endReason: string | null;
  readonly durationSeconds: number;
  readonly costMicros: number;
  readonly leaseSeconds: number;
  readonly renewalIndex: number;
  readonly refusal: string | null;
}

/** A call as the server has it; null when it never came to know of it. */
export function callFacts(dataFile: string, callId: string): CallFacts | null {
  return reading(dataFile, (database) => {
    const row = database.prepare('SELECT * FROM call WHERE call_id = ?').get(callId);
    if (!row) return null;
    return {
      callId,
      status: String(row.status),
      endReason: row.end_reason === null ? null : String(row.end_reason),
      durationSeconds: Number(row.duration_seconds),
      costMicros: Number(row.cost_micros),
      leaseSeconds: Number(row.lease_seconds),
      renewalIndex: Number(row.renewal_index),
      refusal: row.refusal === null ? null : String(row.refusal),
    };
  });
}

/** What the entries took from the wallet for this call, and in how many steps. */
export function chargeOf(
  dataFile: string,
  callId: string,
): { readonly takenMicros: number; readonly captures: number } {
  return reading(dataFile, (database) => {
    const row = database
      .prepare(
        "SELECT sum(amount_micros) AS taken, count(*) AS captures FROM entry WHERE reference = ? AND ledger_account = 'wallet'",
      )
      .get(callId);
    return { takenMicros: Math.abs(Number(row?.taken ?? 0)), captures: Number(row?.captures ?? 0) };
  });
}

const MUST_BE_NONE: Readonly<Record<string, string>> = {
  'the entries do not sum to zero': 'SELECT sum(amount_micros) AS total FROM entry HAVING total <> 0',
  'something is still held': 'SELECT wallet_id, held_micros FROM wallet WHERE held_micros <> 0',
  'a hold is open': 'SELECT hold_id FROM hold WHERE closed_at_ms IS NULL',
  'a call is not over': 'SELECT call_id, status FROM call WHERE due_at_ms IS NOT NULL',
  'a balance is not what its entries add up to': `
    SELECT wallet_id, wallet.balance_micros, sum(amount_micros) AS entered
    FROM wallet JOIN entry USING (account_id, wallet_id)
    WHERE ledger_account = 'wallet' GROUP BY wallet_id HAVING entered <> wallet.balance_micros`,
  'a call costs something else than was captured for it': `
    SELECT call_id, cost_micros, coalesce(sum(-amount_micros), 0) AS captured
    FROM call LEFT JOIN entry ON reference = call_id AND ledger_account = 'wallet'
    GROUP BY call_id HAVING captured <> cost_micros`,
  'a call was captured more than once': `
    SELECT reference FROM entry JOIN call ON reference = call_id WHERE ledger_account = 'wallet'
    GROUP BY reference HAVING count(*) > 1`,
  'a call that was not answered costs something':
    'SELECT call_id FROM call WHERE answered_at_ms IS NULL AND cost_micros <> 0',
};

/** Sentences about everything that does not add up once all calls are over; empty when all is well. */
export function ledgerFaults(dataFile: string): string[] {
  return reading(dataFile, (database) =>
    Object.entries(MUST_BE_NONE).flatMap(([fault, query]) =>
      database
        .prepare(query)
        .all()
        .map((row) => `${fault}: ${JSON.stringify(row)}`),
    ),
  );
}

function reading<T>(dataFile: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(dataFile, { readOnly: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}
