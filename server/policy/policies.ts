/** The policies that are in force together, one for each profile, and which of them an account goes by. */
import type { Policy, ServerPolicy } from './policy.ts';
import { isProfile, type Profile } from './profile.ts';

export type Policies = Readonly<Record<Profile, Policy>>;

export interface PolicyInForce {
  /** By the account's profile. A profile that this version does not know goes by the default: nothing is given away by that. */
  of(account: { readonly profile: string }): Policy;
  ofServer(): ServerPolicy;
}

/** `policies` is asked for each decision, so that a policy that was set holds at once. */
export function policyInForce(policies: () => Policies): PolicyInForce {
  return {
    of: ({ profile }) => policies()[isProfile(profile) ? profile : 'default'],
    ofServer: () => policies().default,
  };
}
