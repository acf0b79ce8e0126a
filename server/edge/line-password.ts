/**
 * Short-lived SIP credentials by the TURN REST scheme (draft-uberti-behave-turn-rest-00, Kamailio's auth_ephemeral): the username
 * is `<expiry in unix seconds>:<SIP user>`, the password base64(HMAC(secret, username)). An edge that shares the secret can check
 * them without asking anybody. SHA-256 where the draft has SHA-1 (auth_ephemeral: `sha_algorithm` 1).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { personOfSipUser, type SipPerson, sipUserOf } from './sip-user.ts';

export interface LinePassword {
  readonly username: string;
  readonly password: string;
}

export function mintLinePassword(
  person: SipPerson,
  terms: { readonly secret: string; readonly nowMs: number; readonly validSeconds: number },
): LinePassword {
  const expirySeconds = Math.floor(terms.nowMs / MILLISECONDS_PER_SECOND) + terms.validSeconds;
  const username = `${expirySeconds}:${sipUserOf(person)}`;
  return { username, password: linePasswordOf(username, terms.secret) };
}

/** The password that belongs to a username: an edge computes digest answers with it. */
export function linePasswordOf(username: string, secret: string): string {
  return createHmac('sha256', secret).update(username).digest('base64');
}

export type LineUsername =
  | { readonly isValid: true; readonly sipUser: string; readonly person: SipPerson; readonly expiresAtMs: number }
  | { readonly isValid: false; readonly cause: 'malformed' | 'expired' };

/** Whose username this is, and whether it still holds. A username says nothing until its password was checked. */
export function readLineUsername(username: string, at: { readonly nowMs: number }): LineUsername {
  const [, expiry, sipUser] = /^(\d{1,12}):(.+)$/.exec(username) ?? [];
  const person = sipUser === undefined ? null : personOfSipUser(sipUser);
  if (expiry === undefined || sipUser === undefined || person === null) return { isValid: false, cause: 'malformed' };
  const expiresAtMs = Number(expiry) * MILLISECONDS_PER_SECOND;
  if (expiresAtMs <= at.nowMs) return { isValid: false, cause: 'expired' };
  return { isValid: true, sipUser, person, expiresAtMs };
}

/** For edges that are given the password itself. Compares in constant time. */
export function verifyLinePassword(
  given: LinePassword,
  context: { readonly secret: string; readonly nowMs: number },
): LineUsername {
  const expected = Buffer.from(linePasswordOf(given.username, context.secret));
  const actual = Buffer.from(given.password);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) {
    return { isValid: false, cause: 'malformed' };
  }
  return readLineUsername(given.username, context);
}
