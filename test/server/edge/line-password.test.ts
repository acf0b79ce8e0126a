import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  linePasswordOf,
  mintLinePassword,
  readLineUsername,
  verifyLinePassword,
} from '../../../server/edge/line-password.ts';

const SAM = { accountId: 'acme', personId: 'sam' };
const NOW_MS = 1_800_000_000_000;
const minted = mintLinePassword(SAM, { secret: 'secret', nowMs: NOW_MS, validSeconds: 600 });

test('is the TURN REST scheme: expiry and name as user name, an HMAC of it as password', () => {
  expect(minted.username).toBe('1800000600:acme.sam');
  expect(minted.password).toBe(createHmac('sha256', 'secret').update(minted.username).digest('base64'));
  expect(linePasswordOf(minted.username, 'secret')).toBe(minted.password);
});

test('is good until its last millisecond and not after', () => {
  const at = (ms: number) => verifyLinePassword(minted, { secret: 'secret', nowMs: NOW_MS + ms });
  expect(at(599_999)).toEqual({ isValid: true, sipUser: 'acme.sam', person: SAM, expiresAtMs: NOW_MS + 600_000 });
  expect(at(600_000)).toEqual({ isValid: false, cause: 'expired' });
});

test('of another secret, another name or a longer life is refused', () => {
  const verify = (given: Partial<typeof minted>, secret = 'secret') =>
    verifyLinePassword({ ...minted, ...given }, { secret, nowMs: NOW_MS }).isValid;
  expect(verify({})).toBe(true);
  expect(verify({}, 'other')).toBe(false);
  expect(verify({ username: '1800000600:acme.kim' })).toBe(false);
  expect(verify({ username: '1900000600:acme.sam' })).toBe(false);
  expect(verify({ password: '' })).toBe(false);
});

test.each([
  '',
  'acme.sam',
  ':acme.sam',
  '1800000600:',
  '1800000600:acme',
  'x:acme.sam',
  '99999999999999:acme.sam',
])('a user name that is none of ours is malformed: "%s"', (username) => {
  expect(readLineUsername(username, { nowMs: NOW_MS })).toEqual({ isValid: false, cause: 'malformed' });
});
