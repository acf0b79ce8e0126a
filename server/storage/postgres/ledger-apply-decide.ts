/** Step 3 of ledger_apply: one operation after the other, in the words of server/ledger/decide.ts. */
import { MAX_MICROS } from '../../../src/protocol/money.ts';

export const ANSWER_REPEAT = `
    earlier := applied_as[operation_slots[i]];
    IF stored_fingerprints[i] = fingerprints[i] THEN
      outcomes[i] := 'repeat';
      CONTINUE;
    ELSIF stored_fingerprints[i] IS NULL AND fingerprints[earlier] = fingerprints[i] THEN
      outcomes[i] := 'repeat';
      result_held[i] := result_held[earlier];
      result_captured[i] := result_captured[earlier];
      result_short[i] := result_short[earlier];
      result_balances[i] := result_balances[earlier];
      result_wallet_held[i] := result_wallet_held[earlier];
      result_versions[i] := result_versions[earlier];
      CONTINUE;
    END IF;
`;

/** The order of the refusals is that of decide.ts. */
export const DECIDE = `
    kind := kinds[i];
    amount := amounts[i];
    h := hold_slots[i];
    balance := balances[w];
    held := helds[w];
    version := versions[w];
    available := balance - held;
    outcome := 'applied';
    total := 0;
    captured := 0;
    short := 0;
    IF stored_fingerprints[i] IS NOT NULL OR earlier IS NOT NULL THEN
      outcome := 'id_reused';
    ELSIF version IS NULL THEN
      outcome := 'wallet_unknown';
    ELSIF kind = 'credit' THEN
      balance := balance + amount;
      posted[i] := -amount;
    ELSIF kind = 'charge' THEN
      IF available < amount THEN
        outcome := 'insufficient';
      ELSE
        captured := amount;
        balance := balance - amount;
        posted[i] := amount;
      END IF;
    ELSIF kind = 'hold' THEN
      IF hold_totals[h] IS NOT NULL THEN
        outcome := 'id_reused';
      ELSIF available < minimums[i] THEN
        outcome := 'insufficient';
      ELSIF available < floors[i] THEN
        outcome := 'below_floor';
      ELSE
        total := least(amount, available);
        IF limits[i] IS NOT NULL THEN
          FOR line IN line_firsts[i] .. line_lasts[i] LOOP
            room := greatest(line_ceilings[line] - counter_useds[line_counters[line]], 0);
            IF line_uses[line] > room OR (line_keeps_captured[line] AND minimums[i] > room) THEN
              outcome := 'limit_reached';
              reached_limits[i] := line - line_firsts[i] + 1;
              EXIT;
            END IF;
            IF line_keeps_captured[line] THEN total := least(total, room); END IF;
          END LOOP;
        END IF;
        held := held + total;
      END IF;
    ELSIF hold_totals[h] IS NULL OR hold_wallets[h] <> wallet_ids[w] THEN
      outcome := 'hold_unknown';
    ELSIF hold_captureds[h] IS NOT NULL THEN
      outcome := 'hold_closed';
    ELSIF kind = 'extend' THEN
      added := least(greatest(amount - hold_totals[h], 0), available);
      IF hold_limits[h] IS NOT NULL THEN
        FOR line IN line_firsts[hold_limits[h]] .. line_lasts[hold_limits[h]] LOOP
          IF line_keeps_captured[line] THEN
            added := least(added, greatest(line_ceilings[line] - counter_useds[line_counters[line]], 0));
          END IF;
        END LOOP;
      END IF;
      total := hold_totals[h] + added;
      held := held + added;
      IF total < minimums[i] THEN outcome := 'insufficient'; END IF;
    ELSE -- settle
      captured := least(amount, hold_totals[h]);
      short := amount - captured;
      balance := balance - captured;
      held := held - hold_totals[h];
      posted[i] := captured;
    END IF;
    -- Money that leaves the safe range stops the batch, as micros() does.
    IF balance > ${MAX_MICROS} THEN
      RAISE numeric_value_out_of_range USING MESSAGE = 'Not an amount in micros: ' || balance;
    END IF;
`;

export const WRITE_ROWS_ALONGSIDE = `
    IF outcome = 'applied' AND rows_alongside[i] IS NOT NULL THEN
      conflict_tables[i] := write_rows(rows_alongside[i]::jsonb);
      IF conflict_tables[i] IS NOT NULL THEN outcome := 'row_conflict'; END IF;
    END IF;
    outcomes[i] := outcome;
    IF outcome <> 'applied' THEN
      posted[i] := 0;
      result_held[i] := 0;
      result_captured[i] := 0;
      result_short[i] := 0;
      result_balances[i] := balances[w];
      result_wallet_held[i] := helds[w];
      result_versions[i] := version;
      CONTINUE;
    END IF;
`;

/** In the words of server/ledger/entry-link.ts. Only what posts entries pays for it. */
export const LINK = `
    IF posted[i] <> 0 THEN
      entry_counts[w] := entry_counts[w] + 1;
      links[w] := entry_link(links[w], account_ids[i], wallet_ids[w], entry_counts[w], operation_ids[i], times_ms[i],
        entry_kinds[i], entry_references[i], other_accounts[i], -posted[i], balance);
      sequences[i] := entry_counts[w];
      entry_links[i] := links[w];
    END IF;
`;

export const KEEP = `
    applied_as[operation_slots[i]] := i;
    IF kind = 'credit' OR balance <> balances[w] OR held <> helds[w] THEN
      IF version = stored_versions[w] THEN changed_wallets := changed_wallets + 1; END IF;
      version := version + 1;
      balances[w] := balance;
      helds[w] := held;
      versions[w] := version;
    END IF;
    result_held[i] := total;
    result_captured[i] := captured;
    result_short[i] := short;
    result_balances[i] := balance;
    result_wallet_held[i] := held;
    result_versions[i] := version;
    CONTINUE WHEN h IS NULL;

    -- A 'captured' limit counts what is held while it is held, then what was captured; the other kind counts its use while open.
    IF kind = 'hold' THEN
      IF limits[i] IS NOT NULL THEN hold_limits[h] := i; END IF;
      added := total;
    ELSIF kind = 'extend' THEN
      added := total - hold_totals[h];
    ELSE
      added := captured - hold_totals[h];
    END IF;
    IF hold_limits[h] IS NOT NULL THEN
      FOR line IN line_firsts[hold_limits[h]] .. line_lasts[hold_limits[h]] LOOP
        room := CASE WHEN line_keeps_captured[line] THEN added
          WHEN kind = 'hold' THEN line_uses[line]
          WHEN kind = 'settle' THEN -line_uses[line]
          ELSE 0 END;
        IF room <> 0 THEN
          counter_useds[line_counters[line]] := counter_useds[line_counters[line]] + room;
          counter_is_changed[line_counters[line]] := true;
        END IF;
      END LOOP;
    END IF;
    IF kind <> 'hold' AND hold_opened_by[h] IS NULL AND hold_changed_by[h] IS NULL AND (kind = 'settle' OR added <> 0) THEN
      changed_holds := changed_holds + 1;
    END IF;
    IF kind = 'hold' THEN
      hold_opened_by[h] := i;
      hold_wallets[h] := wallet_ids[w];
      hold_totals[h] := total;
    ELSIF kind = 'extend' THEN
      IF added <> 0 THEN
        hold_totals[h] := total;
        hold_changed_by[h] := i;
      END IF;
    ELSE
      hold_captureds[h] := captured;
      hold_changed_by[h] := i;
    END IF;
`;
