/**
 * The keys that access tokens are checked with. A shared secret only ever checks HS256 and a public key only ever checks its own
 * kind of signature, so a public key can never be used as a shared secret (RFC 8725 section 2.1, "algorithm confusion").
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  errors as joseErrors,
} from 'jose';

const PUBLIC_KEY_ALGORITHMS = ['EdDSA', 'RS256', 'ES256'];
const JWKS_TIMEOUT_MS = 5_000;
/** After a key was not found the set is not asked for again this long: unknown key ids must not become requests. */
const JWKS_COOL_DOWN_MS = 30_000;
const JWKS_MAX_AGE_MS = 10 * 60_000;

export interface TokenKeys {
  readonly algorithms: readonly string[];
  readonly find: (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey | KeyObject>;
}

type PublicKeys = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** Throws when the secret is too short, the file cannot be read or is no key set. */
export function tokenKeys(source: { readonly tokenSecret: string | null; readonly jwksUrl: string | null }): TokenKeys {
  const secret = source.tokenSecret === null ? null : secretKey(source.tokenSecret);
  const publicKeys = source.jwksUrl === null ? null : keySet(source.jwksUrl);
  return {
    algorithms: [...(secret ? ['HS256'] : []), ...(publicKeys ? PUBLIC_KEY_ALGORITHMS : [])],
    find: async (header, token) => {
      if (header.alg === 'HS256' && secret) return secret;
      if (publicKeys && PUBLIC_KEY_ALGORITHMS.includes(header.alg ?? '')) return publicKeys(header, token);
      throw new joseErrors.JOSEAlgNotAllowed('"alg" has no key here');
    },
  };
}

function secretKey(text: string): KeyObject {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < 32) throw new RangeError('A token secret needs at least 32 bytes (RFC 7518 section 3.2)');
  return createSecretKey(bytes);
}

function keySet(location: string): PublicKeys {
  if (!/^https?:/.test(location)) {
    // createLocalJWKSet checks the shape and throws when it is another one.
    return createLocalJWKSet(JSON.parse(readFileSync(location, 'utf8')) as JSONWebKeySet);
  }
  return createRemoteJWKSet(new URL(location), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    cooldownDuration: JWKS_COOL_DOWN_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
  });
}
