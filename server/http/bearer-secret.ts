/** Compares a bearer secret in constant time: how long it takes tells nothing about how much of a guess was right. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bearerToken } from './authenticate.ts';

/** A test for Authorization headers that carry this secret. */
export function bearerSecret(secret: string): (authorization: string | null) => boolean {
  const expected = digest(secret);
  return (authorization) => timingSafeEqual(digest(bearerToken(authorization) ?? ''), expected);
}

/** Equal lengths, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
