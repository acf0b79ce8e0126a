/**
 * SIP digest authentication (RFC 3261 section 22, RFC 2617 with MD5 and qop=auth, which is all that sip.js speaks). A nonce belongs
 * to one connection and is good for one answer, so that nothing that was overheard or replayed works.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Password of an ephemeral user name (`<expiryUnixSeconds>:<sipUser>`); null when it is unknown or has expired. */
export type PasswordOf = (username: string) => string | null;

export interface DigestCheck {
  readonly method: string;
  /** Value of the Authorization header, undefined when there is none. */
  readonly authorization: string | undefined;
  readonly passwordOf: PasswordOf;
}

/** "1789000000:anna" -> "anna". */
export function userOfUsername(username: string): string | null {
  return /^\d{1,12}:([^\s:@"<>]{1,128})$/.exec(username)?.[1] ?? null;
}

/** Seconds since 1970 at which the credential ends; null for a user name of another form. */
export function expiryOf(username: string): number | null {
  const seconds = /^(\d{1,12}):/.exec(username)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

export class DigestChallenge {
  readonly #realm: string;
  #nonce: string | null = null;

  constructor(realm: string) {
    this.#realm = realm;
  }

  /** Value of a new WWW-Authenticate header; the nonce before it stops working. */
  issue(): string {
    this.#nonce = randomBytes(16).toString('hex');
    return `Digest realm="${this.#realm}", nonce="${this.#nonce}", algorithm=MD5, qop="auth"`;
  }

  /** The user name that proved itself, or null. Uses the nonce up either way. */
  verify({ method, authorization, passwordOf }: DigestCheck): string | null {
    const nonce = this.#nonce;
    if (nonce === null || authorization === undefined || !/^Digest\s/i.test(authorization)) return null;
    this.#nonce = null;
    const fields = digestFields(authorization);
    const { username = '', uri = '', response = '', nc = '', cnonce = '' } = fields;
    const password = passwordOf(username);
    if (password === null || fields.nonce !== nonce || fields.realm !== this.#realm || fields.qop !== 'auth')
      return null;
    const secret = md5(`${username}:${this.#realm}:${password}`);
    const expected = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    return isSame(expected, response.toLowerCase()) ? username : null;
  }
}

function digestFields(header: string): Record<string, string> {
  const pairs = [...header.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^,\s]*))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']));
}

/** MD5 is what RFC 3261 digest means; the password is a short-lived HMAC and the socket is TLS in earnest use. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
