/**
 * The call grant: the INVITE's ticket (DESIGN.md section 7). A JWT signed with HS256, bound to account, call, caller and number, valid
 * for seconds. Single use is not in the token: the call's row remembers the SIP Call-ID that used it.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, jwtVerify } from 'jose';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';

const AUDIENCE = 'credit-phone-edge';
const ALGORITHM = 'HS256';
/** HS256 wants a key as long as its hash (RFC 7518 section 3.2). */
const MIN_SECRET_BYTES = 32;

export interface GrantedCall {
  readonly accountId: string;
  readonly callId: string;
  readonly personId: string;
  readonly number: string;
}

/** An expired grant of ours still says which call it was for: a repeated INVITE of an admitted call gets the same answer. */
export type GrantCheck =
  | { readonly isOurs: true; readonly call: GrantedCall; readonly isExpired: boolean }
  | { readonly isOurs: false };

export interface GrantTerms {
  readonly nowMs: number;
  readonly validSeconds: number;
}

export interface CallGrants {
  sign(call: GrantedCall, terms: GrantTerms): string;
  check(grant: string, at: { readonly nowMs: number }): Promise<GrantCheck>;
}

export function createCallGrants(secret: string): CallGrants {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new Error(`The secret for call grants needs at least ${MIN_SECRET_BYTES} bytes, it has ${bytes.length}`);
  }
  // Imported once: as bytes, the library would import it for each call.
  const importedKey = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  const signingKey = createSecretKey(bytes);
  return {
    sign: (call, terms) => signed(claimsOf(call, terms), signingKey),
    check: async (grant, at) => check(grant, { key: await importedKey, nowMs: at.nowMs }),
  };
}

function claimsOf(call: GrantedCall, { nowMs, validSeconds }: GrantTerms): object {
  const iat = Math.floor(nowMs / MILLISECONDS_PER_SECOND);
  const { accountId: acc, number: num, callId: jti, personId: sub } = call;
  return { acc, num, jti, sub, aud: AUDIENCE, iat, exp: iat + validSeconds };
}

const HEADER = Buffer.from(JSON.stringify({ alg: ALGORITHM })).toString('base64url');

/**
 * RFC 7515 section 3.1, by hand and at once: the library signs through a thread pool, which was an eighth of the time of an
 * authorization. Checking, where the mistakes are made, stays with the library. A key object: with the bytes themselves Node takes
 * eight times as long.
 */
function signed(claims: object, key: KeyObject): string {
  const content = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

async function check(grant: string, context: { readonly key: CryptoKey; readonly nowMs: number }): Promise<GrantCheck> {
  const claims = await verifiedClaims(grant, context.key);
  if (claims === null) return { isOurs: false };
  const { acc, num, jti, sub, exp } = claims;
  if (typeof acc !== 'string' || typeof num !== 'string' || !jti || !sub || exp === undefined) return { isOurs: false };
  return {
    isOurs: true,
    call: { accountId: acc, callId: jti, personId: sub, number: num },
    isExpired: exp * MILLISECONDS_PER_SECOND <= context.nowMs,
  };
}

/** The expiry is compared by the server's clock port, not by the library's: at the library's epoch nothing has expired. */
async function verifiedClaims(grant: string, key: CryptoKey) {
  try {
    const { payload } = await jwtVerify(grant, key, {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      requiredClaims: ['jti', 'sub', 'exp'],
      currentDate: new Date(0),
    });
    return payload;
  } catch {
    // Whatever is wrong with a foreign token, the answer is the same: it is not one of ours.
    return null;
  }
}
