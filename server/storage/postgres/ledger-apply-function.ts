/**
 * `ledger_apply`: what server/ledger/decide.ts decides and server/storage/sqlite/sqlite-ledger-batch.ts writes, in PostgreSQL's own
 * language, so that a batch is one round trip. Who changes one of them changes the others; a differential test holds them together.
 *
 *   1. lock     all wallets of the batch, in one order for every server
 *   2. read     what is stored of its operations and holds; lock and read its limit counters, in one order too
 *   3. decide   in arrival order, in memory: no statement runs here, unless an operation brings rows
 *   4. write    each table once
 *
 * Each step is a statement of its own: in READ COMMITTED a statement sees what was committed before it began, so what is read in 2
 * is what the last holder of the locks of 1 left. It is the isolation level that makes waiting for a lock enough, hence the check.
 *
 * Operations come as parallel arrays; `slots` are places in these arrays, made by the caller: an operation's wallet_slot is the place
 * of its wallet in wallet_ids, its operation_slot and hold_slot are the place of the first operation of the batch that has the same
 * operation id or names the same hold. What is known of wallets, operations and holds during the batch is kept at these places.
 */
import { ANSWER_REPEAT, DECIDE, KEEP, LINK, WRITE_ROWS_ALONGSIDE } from './ledger-apply-decide.ts';
import { LOCK_COUNTERS } from './ledger-apply-limits.ts';
import { LOCK_WALLETS, READ_OPERATIONS_AND_HOLDS } from './ledger-apply-read.ts';
import { VARIABLES } from './ledger-apply-variables.ts';
import { WRITE } from './ledger-apply-write.ts';

/** Names and types, in their order. One element a wallet in the first two, one an operation in the others. */
export const LEDGER_APPLY_PARAMETERS = {
  wallet_account_ids: 'text[]',
  wallet_ids: 'text[]',
  wallet_slots: 'integer[]',
  account_ids: 'text[]',
  operation_ids: 'text[]',
  operation_slots: 'integer[]',
  fingerprints: 'text[]',
  kinds: 'text[]',
  // hold, credit, charge: amountMicros; extend: totalMicros; settle: captureMicros.
  amounts: 'bigint[]',
  // Of a hold, else 0.
  minimums: 'bigint[]',
  floors: 'bigint[]',
  // Null where the operation has no such thing, here and below.
  hold_ids: 'text[]',
  hold_slots: 'integer[]',
  other_accounts: 'text[]',
  entry_kinds: 'text[]',
  entry_references: 'text[]',
  times_ms: 'bigint[]',
  // JSON of the LimitUses; of the rows alongside, as write_rows takes them.
  limits: 'text[]',
  rows_alongside: 'text[]',
} as const;

/** One element an operation. */
export const LEDGER_APPLY_RESULTS = {
  // applied, repeat, or the code of a refusal.
  outcomes: 'text[]',
  // The place of the limit that was reached, from 1; the table of the row that was in conflict; null for other outcomes.
  reached_limits: 'integer[]',
  conflict_tables: 'text[]',
  result_held: 'bigint[]',
  result_captured: 'bigint[]',
  result_short: 'bigint[]',
  // The wallet right after the operation; null where there is none.
  result_balances: 'bigint[]',
  result_wallet_held: 'bigint[]',
  result_versions: 'bigint[]',
} as const;

// Few arrays against large tables: always look each row up by its key, whatever the statistics of a young table say.
const PLANNER = `
  SET plan_cache_mode = force_generic_plan
  SET jit = off
  SET enable_seqscan = off
  SET enable_hashjoin = off
  SET enable_mergejoin = off`;

export const LEDGER_APPLY_FUNCTION = `
CREATE OR REPLACE FUNCTION ledger_apply(
${declared(LEDGER_APPLY_PARAMETERS, 'IN')},
${declared(LEDGER_APPLY_RESULTS, 'OUT')}
) LANGUAGE plpgsql${PLANNER}
AS $ledger_apply$
#variable_conflict error
DECLARE${VARIABLES}
BEGIN
${LOCK_WALLETS}${READ_OPERATIONS_AND_HOLDS}${LOCK_COUNTERS}
  FOR i IN 1 .. size LOOP
    w := wallet_slots[i];
${ANSWER_REPEAT}${DECIDE}${WRITE_ROWS_ALONGSIDE}${LINK}${KEEP}
  END LOOP;
${WRITE}
END
$ledger_apply$`;

function declared(parameters: Readonly<Record<string, string>>, direction: 'IN' | 'OUT'): string {
  return Object.entries(parameters)
    .map(([name, type]) => `  ${direction} ${name} ${type}`)
    .join(',\n');
}
