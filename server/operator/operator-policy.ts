/** The policy that the servers of this environment go by: that of POLICY_FILE, or what was set for all, or the default. */
import { DEFAULT_POLICIES } from '../policy/default-policies.ts';
import { type PolicyInForce, policyInForce } from '../policy/policies.ts';
import { latestPolicyVersion, loadPolicy } from '../policy/policy-store.ts';
import { PolicyError, readPolicies } from '../policy/read-policies.ts';
import type { Store } from '../storage/store.ts';
import { type OperatorContext, readTextFile } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';

export async function operatorPolicy(
  { environment }: Pick<OperatorContext, 'environment'>,
  store: Pick<Store, 'db'>,
): Promise<PolicyInForce> {
  const file = environment.POLICY_FILE || null;
  const policies = file === null ? await storedPolicies(store) : policiesOfFile(file);
  return policyInForce(() => policies);
}

async function storedPolicies(store: Pick<Store, 'db'>) {
  const version = await latestPolicyVersion(store);
  const row = version === null ? null : await loadPolicy(store, version);
  return row ? readPolicies(row.content) : DEFAULT_POLICIES;
}

function policiesOfFile(path: string) {
  const text = readTextFile(path);
  try {
    return readPolicies(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new OperatorError(`POLICY_FILE: ${path}: ${error.message}`);
  }
}
