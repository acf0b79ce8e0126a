/** What is read is complete: whoever reads first makes the lines that are missing. */
import type { StatementMarkRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type ProjectedWallet, projectStep } from './project-wallet.ts';

/** 400 entries each: a few seconds in all. More is missing only after an update or a rebuild, and made by periodic work. */
const MAX_STEPS_FOR_A_READER = 50;

/** Up to where the wallet's lines are now: to the last entry. Null when too many are missing for somebody who waits. */
export async function caughtUp(
  store: Store,
  wallet: ProjectedWallet,
  maxSteps = MAX_STEPS_FOR_A_READER,
): Promise<StatementMarkRow | null> {
  for (let step = 0; step < maxSteps; step += 1) {
    const { mark, isBehind } = await projectStep(store, wallet);
    if (!isBehind) return mark;
  }
  return null;
}
