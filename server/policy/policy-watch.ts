/** Keeps the policy in force the one that was set last, by whatever process. */
import type { Store } from '../storage/store.ts';
import { DEFAULT_POLICIES } from './default-policies.ts';
import type { Policies } from './policies.ts';
import { latestPolicyVersion, loadPolicy } from './policy-store.ts';
import { readPolicies } from './read-policies.ts';

export class PolicyWatch {
  readonly #store: Pick<Store, 'db'>;
  readonly #onChange: (policyVersion: number) => void;
  #policies: Policies = DEFAULT_POLICIES;
  #policyVersion: number | null = null;

  constructor(store: Pick<Store, 'db'>, onChange: (policyVersion: number) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get current(): Policies {
    return this.#policies;
  }

  /** Loads the newest policy unless it is in force already. Throws PolicyError when it cannot be read; the one before it stays in force. */
  async look(): Promise<void> {
    const latest = await latestPolicyVersion(this.#store);
    if (latest === null || latest === this.#policyVersion) return;
    const row = await loadPolicy(this.#store, latest);
    if (row === null) return;
    this.#policies = readPolicies(row.content);
    this.#policyVersion = latest;
    this.#onChange(latest);
  }
}
