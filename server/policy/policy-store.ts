/** The policy that an operator has set for all servers: every version is kept, the newest one is in force. */
import type { PolicyRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { readPolicies } from './read-policies.ts';

/** Each time another operator was quicker. */
const MAX_TRIES = 20;

/** Null when none was ever set: the default is in force then. */
export async function latestPolicyVersion(store: Pick<Store, 'db'>): Promise<number | null> {
  const latest = await store.db
    .selectFrom('policy')
    .select('policyVersion')
    .orderBy('policyVersion', 'desc')
    .limit(1)
    .executeTakeFirst();
  return latest?.policyVersion ?? null;
}

export async function loadPolicy(store: Pick<Store, 'db'>, policyVersion: number): Promise<PolicyRow | null> {
  const row = await store.db
    .selectFrom('policy')
    .selectAll()
    .where('policyVersion', '=', policyVersion)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the version that is in force from now on. Throws PolicyError, with nothing changed, when it is no policy. */
export async function savePolicy(
  store: Pick<Store, 'db' | 'writeRows'>,
  policy: { readonly content: string; readonly setAtMs: number },
): Promise<number> {
  readPolicies(policy.content);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const policyVersion = ((await latestPolicyVersion(store)) ?? 0) + 1;
    const { applied } = await store.writeRows([{ table: 'policy', mode: 'insert', row: { ...policy, policyVersion } }]);
    if (applied) return policyVersion;
  }
  throw new Error(`The policy was set by others ${MAX_TRIES} times in a row`);
}
