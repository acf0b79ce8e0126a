import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Revoked, revokeTokens, TokenRevocations } from '../../../server/accounts/token-revocations.ts';
import type { Store } from '../../../server/storage/store.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';
import { MovingClock } from '../../support/moving-clock.ts';

const HOUR_MS = 3_600_000;
let home: SqliteHome;
let store: Store;
let clock: MovingClock;
let revocations: TokenRevocations;
let heard: Revoked[];

beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  clock = new MovingClock();
  revocations = new TokenRevocations({ store, clock, maxTokenMs: HOUR_MS });
  heard = [];
  revocations.onRevoked((revoked) => heard.push(revoked));
});
afterEach(async () => {
  await store.close();
  await home.remove();
});

const SAM = { accountId: 'acme', personId: 'sam' };
const isRevoked = (issuedAtMs: number, who = SAM) => revocations.isRevoked({ ...who, issuedAtMs });

async function revoke(whom: Revoked, issuedBeforeMs = clock.nowMs()): Promise<void> {
  await revokeTokens(store, { ...whom, issuedBeforeMs, nowMs: clock.nowMs() });
  await revocations.look();
}

test('tokens of the person that were issued before are refused, to the millisecond; nobody else is', async () => {
  const atMs = clock.nowMs();
  expect(isRevoked(atMs - 1)).toBe(false);
  await revoke(SAM);
  expect([atMs - HOUR_MS, atMs - 1, atMs, atMs + 1].map((issuedAtMs) => isRevoked(issuedAtMs))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isRevoked(atMs - 1, { ...SAM, personId: 'kim' })).toBe(false);
  expect(isRevoked(atMs - 1, { ...SAM, accountId: 'other' })).toBe(false);
});

test('tokens of everybody in an account', async () => {
  await revoke({ accountId: 'acme', personId: null });
  expect(isRevoked(clock.nowMs() - 1, { accountId: 'acme', personId: 'kim' })).toBe(true);
  expect(isRevoked(clock.nowMs() - 1, { accountId: 'other', personId: 'kim' })).toBe(false);
  expect(heard).toEqual([{ accountId: 'acme', personId: null }]);
});

test('the same once more, and an earlier one, change nothing and are told once', async () => {
  const atMs = clock.nowMs();
  await revoke(SAM, atMs);
  await revoke(SAM, atMs);
  await revoke(SAM, atMs - 1_000);
  expect(isRevoked(atMs - 1)).toBe(true);
  expect(heard).toEqual([SAM]);
  await revoke(SAM, atMs + 1_000);
  expect(isRevoked(atMs + 999)).toBe(true);
  expect(heard).toEqual([SAM, SAM]);
});

test('is forgotten when every token from before it has expired by itself', async () => {
  const atMs = clock.nowMs();
  await revoke(SAM);
  clock.advance(HOUR_MS);
  await revocations.look();
  expect(isRevoked(atMs - 1)).toBe(true);
  clock.advance(HOUR_MS);
  await revocations.look();
  expect(isRevoked(atMs - 1)).toBe(false);
});

test('what is known stays when the store cannot be asked', async () => {
  await revoke(SAM);
  await store.close();
  await expect(revocations.look()).rejects.toThrow();
  expect(isRevoked(clock.nowMs() - 1)).toBe(true);
  store = await home.open();
});
