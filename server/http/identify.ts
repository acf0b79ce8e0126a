/** Who asks and for which office, or the refusal. Used by every address that needs an access token. */
import { HOST_ROLE, mayManageCredit, type Role } from '../../src/protocol/account.ts';
import { OFFICE_HEADER } from '../../src/protocol/office.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { HostIdentity, Identity } from '../services.ts';
import type { Authenticator, VerifiedToken } from './authenticate.ts';
import type { GateContext } from './exchange.ts';
import type { OfficeDirectory } from './office-directory.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface IdentityDependencies {
  readonly authenticator: Authenticator;
  readonly offices: OfficeDirectory;
  readonly personLimiter: RateLimiter;
  /** One backend speaks for many people. */
  readonly hostLimiter: RateLimiter;
}

/** A token of a person, and when it ends. */
export interface PersonToken extends VerifiedToken {
  readonly identity: Identity;
}

/** The identity of the token, counted against the person's limit; the office is still the token's own. */
export async function identifyPerson(
  context: GateContext,
  dependencies: IdentityDependencies,
): Promise<Outcome<PersonToken>> {
  const verified = await verify(context, dependencies);
  if (!verified.ok) return verified;
  const { identity } = verified.value;
  return identity.role === HOST_ROLE ? refused(refusal('role_forbidden')) : granted({ ...verified.value, identity });
}

/** The host's backend, for the office that it names. No person's token will do, whatever its role. */
export async function identifyHost(
  context: GateContext,
  dependencies: IdentityDependencies,
): Promise<Outcome<HostIdentity>> {
  const verified = await verify(context, dependencies);
  if (!verified.ok) return verified;
  const { identity } = verified.value;
  if (identity.role !== HOST_ROLE) return refused(refusal('role_forbidden'));
  return dependencies.offices.choose(identity, wantedOffice(context));
}

async function verify(context: GateContext, dependencies: IdentityDependencies): Promise<Outcome<VerifiedToken>> {
  const verified = await dependencies.authenticator.authenticate(context.req.raw.headers.get('authorization'));
  if (!verified.ok) return verified;
  const { accountId, personId, role } = verified.value.identity;
  context.env.personId = personId;
  const limiter = role === HOST_ROLE ? dependencies.hostLimiter : dependencies.personLimiter;
  const retryInSeconds = limiter.take(`${accountId}\n${personId}`);
  return retryInSeconds > 0 ? refused(refusal('rate_limited', { retryInSeconds })) : verified;
}

/** The identity with role checked and office chosen. */
export async function identify(
  context: GateContext,
  needs: { readonly role: Role; readonly dependencies: IdentityDependencies },
): Promise<Outcome<Identity>> {
  const verified = await identifyPerson(context, needs.dependencies);
  if (!verified.ok) return verified;
  const { identity } = verified.value;
  if (needs.role !== 'agent' && !mayManageCredit(identity.role)) return refused(refusal('role_forbidden'));
  return needs.dependencies.offices.choose(identity, wantedOffice(context));
}

/** A company admin and the host may name another office of their account, by the header or the query parameter `office`. */
function wantedOffice(context: GateContext): string | null {
  return context.req.raw.headers.get(OFFICE_HEADER) ?? context.req.query('office') ?? null;
}

export function seesEverybody(identity: Identity): boolean {
  return mayManageCredit(identity.role);
}
