/** The passwords of the server's short-lived line credentials, for networks that share its secret. */
import { linePasswordOf, readLineUsername } from '../../../server/edge/line-password.ts';
import type { PasswordOf } from './digest-challenge.ts';

export function passwordFromSecret(secret: string, nowMs: () => number): PasswordOf {
  return (username) =>
    readLineUsername(username, { nowMs: nowMs() }).isValid ? linePasswordOf(username, secret) : null;
}
