/** What the policy forbids, before any money is looked at: rate first, rules second, credit third. */
import { perMinuteMicros } from '../../src/protocol/price.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import type { Policy } from '../policy/policy.ts';
import type { PricedDestination } from './resolve-destination.ts';

export interface PolicyQuestion {
  readonly office: Office;
  readonly policy: Policy;
  readonly destination: PricedDestination;
  readonly atMs: number;
}

/** Null when nothing forbids the call. Emergency calls are stopped by nothing but a phone that is switched off (S-03). */
export function policyRefusal(question: PolicyQuestion): Refusal | null {
  const { kind } = question.destination.rate;
  if (!question.office.account.isPhoneEnabled) return refusal('phone_disabled');
  if (kind === 'emergency' || kind === 'internal') return null;
  return prefixRefusal(question) ?? pauseRefusal(question) ?? priceRefusal(question);
}

function prefixRefusal({ policy, destination }: PolicyQuestion): Refusal | null {
  const isBlocked = policy.blockedPrefixes.some((prefix) => destination.number.startsWith(`+${prefix}`));
  return isBlocked ? refusal('prefix_blocked') : null;
}

/** A pause stops new paid calls; what costs nothing goes on, and so do running calls. */
function pauseRefusal({ office, destination }: PolicyQuestion): Refusal | null {
  const { pausedAtMs } = office.office;
  return pausedAtMs === null || !destination.isCharged ? null : refusal('calling_paused', { sinceMs: pausedAtMs });
}

function priceRefusal({ policy, destination, atMs, office }: PolicyQuestion): Refusal | null {
  const limitMicros = policy.caps.perMinuteMicros;
  if (limitMicros === null || !destination.isCharged) return null;
  const price = perMinuteMicros(destination.rate, { startedAtMs: atMs });
  if (price <= limitMicros) return null;
  return refusal('price_above_limit', { perMinuteMicros: price, limitMicros, currency: office.account.currency });
}
