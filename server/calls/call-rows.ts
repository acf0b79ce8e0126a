/** Reading and writing calls. Every write of a running call names the version that it has seen; who lost reads again and decides again. */
import type { WalletAddress } from '../accounts/wallet.ts';
import type { CallRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface CallAddress {
  readonly accountId: string;
  readonly callId: string;
}

export async function readCall(store: Store, { accountId, callId }: CallAddress): Promise<CallRow | null> {
  const row = await store.db
    .selectFrom('call')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('callId', '=', callId)
    .executeTakeFirst();
  return row ?? null;
}

/** For reports of an edge: null also when the call is another edge's. */
export async function readCallAtEdge(
  store: Store,
  call: CallAddress & { readonly edgeId: string },
): Promise<CallRow | null> {
  const row = await readCall(store, call);
  return row?.edgeId === call.edgeId ? row : null;
}

export function nextVersion(row: CallRow, change: Partial<CallRow>): CallRow {
  return { ...row, ...change, version: row.version + 1 };
}

/** False when somebody else wrote first. */
export async function writeNextVersion(store: Store, row: CallRow): Promise<boolean> {
  const { applied } = await store.writeRows([{ table: 'call', mode: 'next_version', row }]);
  return applied;
}

export async function holdingCallsOf(store: Store, wallet: WalletAddress): Promise<number> {
  const { count } = await store.db
    .selectFrom('call')
    .select((read) => read.fn.countAll().as('count'))
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .where('dueAtMs', 'is not', null)
    .where('heldMicros', '>', 0)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Tries a decision on the newest row until it is written or needs no writing. */
export async function untilWritten<Result>(attempt: () => Promise<Result | 'conflict'>): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== 'conflict') return result;
  }
  throw new Error(`A call was changed by others ${MAX_TRIES} times in a row`);
}

/** Writers of one call are its widget, its edge and the scheduler of each server: far fewer than this. */
const MAX_TRIES = 20;
