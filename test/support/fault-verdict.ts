/** Compares a store after a fault with what its callers were told. */
import { isDeepStrictEqual } from 'node:util';
import { MAX_BATCH } from '../../server/ledger/operation.ts';
import type { Store } from '../../server/storage/store.ts';
import { ledgerFaults, lostOperations } from './ledger-invariants.ts';
import { ACCOUNT } from './ledger-operations.ts';
import type { Acknowledgement, OperationHistory, WalletSums } from './operation-history.ts';

export interface FaultVerdict {
  /** Acknowledged operations that the store does not know. */
  readonly lost: readonly string[];
  /** Acknowledged operations that are answered otherwise now: by another result, or as if for the first time. */
  readonly changed: readonly string[];
  /** Wallets that have not what the acknowledged operations add up to: something was applied twice, or without having been asked. */
  readonly wrongWallets: readonly string[];
  /** The books do not add up, or a wallet is below zero. */
  readonly faults: readonly string[];
}

export const NOTHING_WRONG: FaultVerdict = { lost: [], changed: [], wrongWallets: [], faults: [] };

/** First replays by id what was never answered: each ends applied exactly once, or refused. */
export async function verdictOf(
  store: Store,
  { history, sqlitePath }: { readonly history: OperationHistory; readonly sqlitePath?: string },
): Promise<FaultVerdict> {
  const lost = await lostOperations(store, {
    accountId: ACCOUNT,
    acknowledged: new Set(history.acknowledged.map(({ operation }) => operation.operationId)),
  });
  for (const operation of history.unanswered) {
    const [result] = await store.applyBatch([operation]);
    if (result !== undefined) history.answered(operation, result);
  }
  const wrongBefore = await wrongWallets(store, history.expectedWallets());
  const changed = await changedAnswers(store, history.acknowledged);
  const wrongAfter = await wrongWallets(store, history.expectedWallets());
  const faults = await ledgerFaults(store, sqlitePath === undefined ? {} : { sqlitePath });
  return { lost, changed, wrongWallets: [...new Set([...wrongBefore, ...wrongAfter])], faults };
}

async function changedAnswers(store: Store, acknowledged: readonly Acknowledgement[]): Promise<string[]> {
  const changed: string[] = [];
  for (let from = 0; from < acknowledged.length; from += MAX_BATCH) {
    const some = acknowledged.slice(from, from + MAX_BATCH);
    const answers = await store.applyBatch(some.map(({ operation }) => operation));
    some.forEach(({ operation, result }, index) => {
      if (!isDeepStrictEqual({ ...result, isRepeat: true }, answers[index])) changed.push(operation.operationId);
    });
  }
  return changed;
}

async function wrongWallets(store: Store, expected: ReadonlyMap<string, WalletSums>): Promise<string[]> {
  const rows = await store.db
    .selectFrom('wallet')
    .select(['walletId', 'balanceMicros', 'heldMicros'])
    .where('accountId', '=', ACCOUNT)
    .execute();
  return rows.flatMap(({ walletId, balanceMicros, heldMicros }) => {
    const sums = expected.get(walletId) ?? { balanceMicros: 0, heldMicros: 0 };
    if (sums.balanceMicros === balanceMicros && sums.heldMicros === heldMicros) return [];
    return [
      `${walletId}: ${balanceMicros}, ${heldMicros} held; expected ${sums.balanceMicros}, ${sums.heldMicros} held`,
    ];
  });
}
