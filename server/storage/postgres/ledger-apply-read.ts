/** Steps 1 and 2 of ledger_apply: locks, and what is stored of the wallets, operations and holds that a batch names. */

export const LOCK_WALLETS = `
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE 'ledger_apply needs READ COMMITTED, not %', current_setting('transaction_isolation');
  END IF;
  FOR found IN
    SELECT asked.slot, wallet.balance_micros, wallet.held_micros, wallet.version, wallet.entry_count,
      coalesce(wallet.link, wallet_link(wallet.account_id, wallet.wallet_id, wallet.currency)) AS link
    FROM unnest(wallet_account_ids, wallet_ids) WITH ORDINALITY AS asked(account_id, wallet_id, slot)
    JOIN wallet USING (account_id, wallet_id)
    ORDER BY wallet.account_id, wallet.wallet_id
    FOR NO KEY UPDATE OF wallet
  LOOP
    balances[found.slot] := found.balance_micros;
    helds[found.slot] := found.held_micros;
    versions[found.slot] := found.version;
    entry_counts[found.slot] := found.entry_count;
    links[found.slot] := found.link;
  END LOOP;
  stored_versions := versions;
`;

export const READ_OPERATIONS_AND_HOLDS = `
  outcomes := stored_fingerprints;
  reached_limits := applied_as;
  conflict_tables := stored_fingerprints;
  result_held := posted;
  result_captured := posted;
  result_short := posted;
  result_balances := hold_totals;
  result_wallet_held := hold_totals;
  result_versions := hold_totals;
  FOR found IN
    SELECT asked.place, operation.*
    FROM unnest(account_ids, operation_ids) WITH ORDINALITY AS asked(account_id, operation_id, place)
    JOIN operation USING (account_id, operation_id)
  LOOP
    stored_fingerprints[found.place] := found.fingerprint;
    result_held[found.place] := found.held_micros;
    result_captured[found.place] := found.captured_micros;
    result_short[found.place] := found.short_micros;
    result_balances[found.place] := found.wallet_balance_micros;
    result_wallet_held[found.place] := found.wallet_held_micros;
    result_versions[found.place] := found.wallet_version;
  END LOOP;

  FOR found IN
    SELECT asked.place, hold.wallet_id, hold.total_micros, hold.captured_micros, hold.limits
    FROM unnest(account_ids, hold_ids, hold_slots) WITH ORDINALITY AS asked(account_id, hold_id, slot, place)
    JOIN hold USING (account_id, hold_id)
    WHERE asked.place = asked.slot
  LOOP
    hold_wallets[found.place] := found.wallet_id;
    hold_totals[found.place] := found.total_micros;
    hold_captureds[found.place] := found.captured_micros;
    IF found.limits IS NOT NULL THEN
      hold_limits[found.place] := size + found.place;
      all_limits[size + found.place] := found.limits;
    END IF;
  END LOOP;
`;
