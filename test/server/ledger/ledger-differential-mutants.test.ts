import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEDGER_APPLY_FUNCTION } from '../../../server/storage/postgres/ledger-apply-function.ts';
import { LedgerDifferential } from '../../support/ledger-differential.ts';
import { step } from '../../support/ledger-schedule.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { createPostgresHome, type PostgresHome } from '../../support/postgres-home.ts';

/** Small mistakes in ledger_apply that somebody may make one day: what is right, and what would be wrong. */
const MUTANTS: Readonly<Record<string, readonly [string, string]>> = {
  'a floor that is not asked': ['available < floors[i]', 'false'],
  'a minimum that may be missed by one': ['available < minimums[i]', 'available + 1 < minimums[i]'],
  'a charge that may be missed by one': ['available < amount', 'available + 1 < amount'],
  'a limit that does not refuse': ['line_uses[line] > room OR', 'false AND'],
  'a limit that does not trim': ['THEN total := least(total, room)', 'THEN total := total'],
  'an extend that passes its limit': ['added := least(added, greatest(', 'added := greatest(added, greatest('],
  'an extend that does not ask for its minimum': ['total < minimums[i]', 'false'],
  'a counter that forgets': ['counter_is_changed[line_counters[line]] := true', 'NULL'],
  'a counter that keeps what a call at once used': ["WHEN kind = 'settle' THEN -line_uses[line]", ''],
  'a counter row that nobody used': ['IF true = ANY(counter_is_new)', 'IF false'],
  'a hold of another wallet': ['OR hold_wallets[h] <> wallet_ids[w]', ''],
  'a hold that is settled twice': ["outcome := 'hold_closed'", 'NULL'],
  'a hold that gives nothing back': ['held := held - hold_totals[h]', 'held := held - captured'],
  'a hold id that is used twice': ['hold_totals[h] IS NOT NULL THEN', 'false THEN'],
  'a repeat that is done again': ['stored_fingerprints[i] = fingerprints[i]', 'false'],
  'a repeat in one batch that is done again': ['applied_as[operation_slots[i]] := i', 'NULL'],
  'an id with other content that is a repeat': [
    'stored_fingerprints[i] = fingerprints[i]',
    'stored_fingerprints[i] IS NOT NULL',
  ],
  'a version that counts what changed nothing': [
    "kind = 'credit' OR balance <> balances[w]",
    'true OR balance <> balances[w]',
  ],
  'a conflict that is not seen': ["THEN outcome := 'row_conflict'", 'THEN NULL'],
  'an entry with its sides turned': ['THEN -done.posted ELSE done.posted', 'THEN done.posted ELSE -done.posted'],
  'a link of another amount': ['-posted[i], balance)', 'posted[i], balance)'],
  'a chain that stays where it is': ['links[w] := entry_link(', 'entry_links[i] := entry_link('],
  'a place in the chain that is given twice': ['entry_counts[w] := entry_counts[w] + 1', 'NULL'],
  'money beyond the safe range': [`RAISE numeric_value_out_of_range`, 'RAISE NOTICE'],
};

/** Long, because some mistakes need a rare meeting of steps. The same each time: a mistake is found, or it is not. */
const [SCHEDULE = []] = fc.sample(fc.array(step, { minLength: 2_000, maxLength: 2_000 }), { numRuns: 1, seed: 7 });

describe('the comparison of two stores finds a mistake', () => {
  test.each(Object.entries(MUTANTS))('%s', async (_, [right, wrong]) => {
    expect(LEDGER_APPLY_FUNCTION).toContain(right);
    const home = await createPostgresHome({ isSpoiled: true });
    try {
      await home.query(LEDGER_APPLY_FUNCTION.replaceAll(right, wrong));
      await expect(runOnBoth(home)).rejects.toThrow(/differ/);
    } finally {
      await home.remove();
    }
  });

  test('and finds none where there is none', async () => {
    const home = await createPostgresHome();
    try {
      await runOnBoth(home);
    } finally {
      await home.remove();
    }
  });
});

async function runOnBoth(home: PostgresHome): Promise<void> {
  const sqliteHome = await createSqliteHome();
  const stores = [await sqliteHome.open(), await home.open()] as const;
  try {
    await LedgerDifferential.run(stores, SCHEDULE);
  } finally {
    for (const store of stores) await store.close();
    await sqliteHome.remove();
  }
}
