/** Step 4 of ledger_apply: what has changed, one statement a table. */

export const WRITE = `
  UPDATE wallet SET balance_micros = kept.balance, held_micros = kept.held, version = kept.version, entry_count = kept.entry_count,
    link = CASE WHEN kept.entry_count > 0 THEN kept.link END
  FROM unnest(wallet_account_ids, wallet_ids, balances, helds, versions, stored_versions, entry_counts, links)
    AS kept(account_id, wallet_id, balance, held, version, stored_version, entry_count, link)
  WHERE wallet.account_id = kept.account_id AND wallet.wallet_id = kept.wallet_id AND kept.version <> kept.stored_version
    AND wallet.version = kept.stored_version;
  GET DIAGNOSTICS written_count = ROW_COUNT;
  IF written_count <> changed_wallets THEN RAISE 'A wallet changed between reading and writing'; END IF;

  INSERT INTO operation(account_id, operation_id, fingerprint, held_micros, captured_micros, short_micros,
    wallet_balance_micros, wallet_held_micros, wallet_version, at_ms)
  SELECT done.account_id, done.operation_id, done.fingerprint, done.held, done.captured, done.short,
    done.balance, done.wallet_held, done.version, done.at_ms
  FROM unnest(outcomes, account_ids, operation_ids, fingerprints, result_held, result_captured, result_short,
      result_balances, result_wallet_held, result_versions, times_ms)
    AS done(outcome, account_id, operation_id, fingerprint, held, captured, short, balance, wallet_held, version, at_ms)
  WHERE done.outcome = 'applied';

  INSERT INTO entry(account_id, operation_id, line, wallet_id, ledger_account, amount_micros, entry_kind, reference, at_ms,
    sequence, balance_micros, link)
  SELECT done.account_id, done.operation_id, side.line, wallet_ids[done.wallet_slot],
    CASE side.line WHEN 0 THEN 'wallet' ELSE done.other_account END,
    CASE side.line WHEN 0 THEN -done.posted ELSE done.posted END, done.entry_kind, done.reference, done.at_ms,
    done.sequence, CASE side.line WHEN 0 THEN done.balance END, CASE side.line WHEN 0 THEN done.link END
  FROM unnest(account_ids, operation_ids, wallet_slots, other_accounts, posted, entry_kinds, entry_references, times_ms,
      sequences, result_balances, entry_links)
    AS done(account_id, operation_id, wallet_slot, other_account, posted, entry_kind, reference, at_ms, sequence, balance, link)
  CROSS JOIN (VALUES (0), (1)) AS side(line)
  WHERE done.posted <> 0;

  INSERT INTO hold(account_id, hold_id, wallet_id, total_micros, captured_micros, limits, opened_at_ms, closed_at_ms)
  SELECT account_ids[opened.by], hold_ids[opened.by], opened.wallet_id, opened.total, opened.captured, limits[opened.by],
    times_ms[opened.by], CASE WHEN opened.captured IS NOT NULL THEN times_ms[opened.changed_by] END
  FROM unnest(hold_opened_by, hold_changed_by, hold_wallets, hold_totals, hold_captureds)
    AS opened(by, changed_by, wallet_id, total, captured)
  WHERE opened.by IS NOT NULL;

  UPDATE hold SET total_micros = changed.total, captured_micros = changed.captured,
    closed_at_ms = CASE WHEN changed.captured IS NOT NULL THEN times_ms[changed.by] END
  FROM unnest(account_ids, hold_ids, hold_totals, hold_captureds, hold_opened_by, hold_changed_by)
    AS changed(account_id, hold_id, total, captured, opened_by, by)
  WHERE changed.by IS NOT NULL AND changed.opened_by IS NULL
    AND hold.account_id = changed.account_id AND hold.hold_id = changed.hold_id AND hold.captured_micros IS NULL;
  GET DIAGNOSTICS written_count = ROW_COUNT;
  IF written_count <> changed_holds THEN RAISE 'A hold changed between reading and writing'; END IF;

  IF has_limits THEN
    UPDATE limit_counter SET used = kept.used
    FROM unnest(counter_account_ids, counter_keys, counter_useds, counter_is_changed)
      AS kept(account_id, limit_key, used, is_changed)
    WHERE kept.is_changed AND limit_counter.account_id = kept.account_id AND limit_counter.limit_key = kept.limit_key;
    -- Made to be locked, then used by nobody.
    IF true = ANY(counter_is_new) THEN
      DELETE FROM limit_counter
      USING unnest(counter_account_ids, counter_keys, counter_is_new, counter_is_changed)
        AS made(account_id, limit_key, is_new, is_changed)
      WHERE made.is_new AND NOT made.is_changed
        AND limit_counter.account_id = made.account_id AND limit_counter.limit_key = made.limit_key;
    END IF;
  END IF;
`;
