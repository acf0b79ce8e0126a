/**
 * Who asks. The host application's backend signs a short-lived JWT (RFC 7519, checked as RFC 8725 asks): `sub`, `name`, `account`,
 * `office`, `role`, optionally `licence`. Nothing is believed that is not signed, and every refusal says why.
 */
import { errors as joseErrors, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { HOST_ROLE, ROLES } from '../../src/protocol/account.ts';
import { granted, type Outcome, type ProblemCode, refusal, refused } from '../../src/protocol/problem.ts';
import type { HostIdentity, Identity, ServerClock } from '../services.ts';
import { UnavailableError } from '../storage/store.ts';
import { TokenCache } from './token-cache.ts';
import type { TokenKeys } from './token-keys.ts';

/** Host and server clocks may differ by so much. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Longer ones are refused before any work is done for them. */
const MAX_TOKEN_LENGTH = 4_096;
const CACHED_TOKENS = 10_000;

const idSchema = z.string().check(z.minLength(1), z.maxLength(128));
/** One address, with nothing that a mail header could be made of. */
const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

const claimsSchema = z.object({
  sub: idSchema,
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  account: idSchema,
  office: idSchema,
  role: z.enum([...ROLES, HOST_ROLE]),
  licence: z.optional(z.nullable(idSchema)),
  // A host that writes nonsense here must not keep its people from calling.
  email: z.catch(z.optional(z.nullable(z.string().check(z.maxLength(254), z.regex(EMAIL)))), null),
  exp: z.number(),
  iat: z.number(),
});

export interface VerifiedToken {
  readonly identity: Identity | HostIdentity;
  readonly expiresAtMs: number;
  /** To the second, by the clock of whoever signed it. */
  readonly issuedAtMs: number;
}

export interface AuthenticatorOptions {
  readonly keys: TokenKeys;
  readonly issuer: string;
  readonly audience: string;
  /** Longest lifetime (exp - iat) that is accepted. */
  readonly maxSeconds: number;
  readonly clock: ServerClock;
  /** Asked for every request, so it must be quick: true for a token that holds no more (accounts/token-revocations.ts). */
  readonly isRevoked?: (token: VerifiedToken) => boolean;
}

export interface Authenticator {
  /** Reads an Authorization header (RFC 6750). Throws UnavailableError when the host's keys cannot be fetched. */
  authenticate(authorization: string | null): Promise<Outcome<VerifiedToken>>;
  /** Forgets verified tokens, for instance of a person who was locked out or after keys changed. */
  forget(isMeant: (identity: Identity | HostIdentity) => boolean): void;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const cache = new TokenCache<VerifiedToken>(CACHED_TOKENS);
  return {
    async authenticate(authorization) {
      const token = bearerToken(authorization);
      if (token === null) return refused(refusal('token_missing'));
      const known = cache.get(token, options.clock.nowMs());
      const outcome = known ? granted(known) : await verify(token, options);
      if (!outcome.ok) return outcome;
      if (options.isRevoked?.(outcome.value)) return refused(refusal('token_invalid'));
      if (!known) cache.set(token, outcome.value);
      return outcome;
    },
    forget: (isMeant) => cache.forget((entry) => isMeant(entry.identity)),
  };
}

/** The token of "Bearer <token>", null when there is none. */
export function bearerToken(authorization: string | null): string | null {
  return /^Bearer +([^\s,]+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

async function verify(token: string, options: AuthenticatorOptions): Promise<Outcome<VerifiedToken>> {
  if (token.length > MAX_TOKEN_LENGTH) return refused(refusal('token_invalid'));
  try {
    const { payload } = await jwtVerify(token, options.keys.find, {
      algorithms: [...options.keys.algorithms],
      issuer: options.issuer,
      audience: options.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(options.clock.nowMs()),
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || claims.data.exp - claims.data.iat > options.maxSeconds)
      return refused(refusal('token_invalid'));
    return granted(verifiedToken(claims.data));
  } catch (error) {
    return refused(refusal(problemOf(error)));
  }
}

function verifiedToken(claims: z.output<typeof claimsSchema>): VerifiedToken {
  return {
    expiresAtMs: claims.exp * 1_000,
    issuedAtMs: claims.iat * 1_000,
    identity: identityOf(claims),
  };
}

function identityOf({ role, licence, email, ...claims }: z.output<typeof claimsSchema>): VerifiedToken['identity'] {
  const who = { accountId: claims.account, officeId: claims.office, personId: claims.sub, name: claims.name };
  if (role === HOST_ROLE) return { ...who, role };
  return { ...who, role, licence: licence ?? null, ...(email ? { email } : {}) };
}

/** When the host's keys could not be fetched nobody can be told that a token is wrong. */
function problemOf(error: unknown): ProblemCode {
  if (error instanceof joseErrors.JWTExpired) return 'token_expired';
  const isAboutToken =
    error instanceof joseErrors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT' && error.code !== 'ERR_JOSE_GENERIC';
  if (isAboutToken) return 'token_invalid';
  throw new UnavailableError("The host's keys cannot be fetched", { cause: error });
}
