/** What ledger_apply keeps while it runs: arrays, by the places that its header explains. */

export const VARIABLES = `
  size CONSTANT integer := cardinality(kinds);
  found record;

  -- By wallet slot. A version that is null: no such wallet.
  balances bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(wallet_ids)]);
  helds bigint[] := balances;
  versions bigint[] := balances;
  stored_versions bigint[];
  entry_counts bigint[] := balances;
  -- The last entry's, or what the first one is linked to.
  links text[] := array_fill(NULL::text, ARRAY[cardinality(wallet_ids)]);
  -- Rows that must be written, and that were: wallets and holds are locked, so nothing can have come in between.
  changed_wallets integer := 0;
  changed_holds integer := 0;
  written_count integer;

  -- By operation: what was stored before the batch; its results are in the results already.
  stored_fingerprints text[] := array_fill(NULL::text, ARRAY[size]);
  -- By operation slot: the operation of this batch that was applied.
  applied_as integer[] := array_fill(NULL::integer, ARRAY[size]);
  -- By operation: what goes to the other ledger account (out of it when negative).
  posted bigint[] := array_fill(0::bigint, ARRAY[size]);
  sequences bigint[] := array_fill(NULL::bigint, ARRAY[size]);
  entry_links text[] := stored_fingerprints;

  -- By hold slot. A total that is null: no such hold. A captured that is null: it is open.
  hold_wallets text[] := stored_fingerprints;
  hold_totals bigint[] := array_fill(NULL::bigint, ARRAY[size]);
  hold_captureds bigint[] := hold_totals;
  hold_opened_by integer[] := applied_as;
  hold_changed_by integer[] := applied_as;
  -- Where its limits begin in line_firsts and line_lasts.
  hold_limits integer[] := applied_as;

  -- Limits of operations come first, then those of stored holds, by hold slot.
  all_limits text[] := limits;
  has_limits boolean;
  line_firsts integer[];
  line_lasts integer[];
  line_counters integer[] := '{}';
  line_uses bigint[] := '{}';
  line_ceilings bigint[] := '{}';
  line_keeps_captured boolean[] := '{}';
  -- By counter.
  counter_account_ids text[] := '{}';
  counter_keys text[] := '{}';
  counter_useds bigint[] := '{}';
  counter_is_changed boolean[] := '{}';
  counter_is_new boolean[] := '{}';

  -- Of the operation that is being decided.
  w integer;
  h integer;
  earlier integer;
  kind text;
  amount bigint;
  balance bigint;
  held bigint;
  version bigint;
  available bigint;
  outcome text;
  total bigint;
  captured bigint;
  short bigint;
  room bigint;
  added bigint;
`;
