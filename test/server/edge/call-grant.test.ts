import { expect, test } from 'vitest';
import { createCallGrants } from '../../../server/edge/call-grant.ts';

const CALL = { accountId: 'acme', callId: 'call-0001', personId: 'sam', number: '+4915123456789' };
const NOW_MS = 1_800_000_000_000;
const grants = createCallGrants('a-secret-for-grants-of-32-bytes-0123456789');

test('says which call it is for, until it has expired and after', async () => {
  const grant = await grants.sign(CALL, { nowMs: NOW_MS, validSeconds: 60 });
  expect(await grants.check(grant, { nowMs: NOW_MS + 59_999 })).toEqual({ isOurs: true, call: CALL, isExpired: false });
  expect(await grants.check(grant, { nowMs: NOW_MS + 60_000 })).toEqual({ isOurs: true, call: CALL, isExpired: true });
});

test('of another server is not ours', async () => {
  const others = createCallGrants('another-secret-for-grants-of-32-bytes-0123');
  const grant = await others.sign(CALL, { nowMs: NOW_MS, validSeconds: 60 });
  expect(await grants.check(grant, { nowMs: NOW_MS })).toEqual({ isOurs: false });
});

test('a secret that is too short for HS256 is refused when the server starts', () => {
  expect(() => createCallGrants('short')).toThrow('at least 32 bytes');
});
