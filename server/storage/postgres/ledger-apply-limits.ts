/** Step 2 of ledger_apply, for limits: their lines, and the locks and values of their counters. */

// Counters are made before they are locked, both in one order, and a counter that was committed is never removed: nobody who has
// locked one waits for one that is being made, so there is no circle of waiting.
export const LOCK_COUNTERS = `
  has_limits := array_length(array_remove(all_limits, NULL), 1) > 0;
  IF has_limits THEN
    line_firsts := array_fill(1, ARRAY[cardinality(all_limits)]);
    line_lasts := array_fill(0, ARRAY[cardinality(all_limits)]);
    FOR found IN
      SELECT line.*, dense_rank() OVER (ORDER BY line.account_id, line.limit_key COLLATE "C") AS counter
      FROM (
        SELECT asked.place, each.position, account_ids[1 + (asked.place - 1) % size] COLLATE "C" AS account_id,
          each."limitKey" AS limit_key, each.use, each.ceiling, each.keeps = 'captured' AS keeps_captured
        FROM unnest(all_limits) WITH ORDINALITY AS asked(limits, place)
        CROSS JOIN LATERAL ROWS FROM (
          jsonb_to_recordset(asked.limits::jsonb) AS ("limitKey" text, use bigint, ceiling bigint, keeps text)
        ) WITH ORDINALITY AS each("limitKey", use, ceiling, keeps, position)
        WHERE asked.limits IS NOT NULL
      ) AS line
      ORDER BY line.place, line.position
    LOOP
      IF found.position = 1 THEN line_firsts[found.place] := cardinality(line_counters) + 1; END IF;
      line_counters := line_counters || found.counter::integer;
      line_uses := line_uses || found.use;
      line_ceilings := line_ceilings || found.ceiling;
      line_keeps_captured := line_keeps_captured || found.keeps_captured;
      line_lasts[found.place] := cardinality(line_counters);
      counter_account_ids[found.counter] := found.account_id;
      counter_keys[found.counter] := found.limit_key;
    END LOOP;

    counter_useds := array_fill(0::bigint, ARRAY[cardinality(counter_keys)]);
    counter_is_changed := array_fill(false, ARRAY[cardinality(counter_keys)]);
    counter_is_new := counter_is_changed;
    FOR found IN
      INSERT INTO limit_counter(account_id, limit_key, used)
      SELECT asked.account_id, asked.limit_key, 0
      FROM unnest(counter_account_ids, counter_keys) WITH ORDINALITY AS asked(account_id, limit_key, counter)
      ORDER BY asked.counter
      ON CONFLICT DO NOTHING
      RETURNING limit_counter.account_id, limit_counter.limit_key
    LOOP
      counter_is_new[
        (SELECT asked.counter
         FROM unnest(counter_account_ids, counter_keys) WITH ORDINALITY AS asked(account_id, limit_key, counter)
         WHERE asked.account_id = found.account_id AND asked.limit_key = found.limit_key)
      ] := true;
    END LOOP;
    FOR found IN
      SELECT asked.counter, limit_counter.used
      FROM unnest(counter_account_ids, counter_keys) WITH ORDINALITY AS asked(account_id, limit_key, counter)
      JOIN limit_counter USING (account_id, limit_key)
      ORDER BY asked.counter
      FOR NO KEY UPDATE OF limit_counter
    LOOP
      counter_useds[found.counter] := found.used;
    END LOOP;
  END IF;
`;
