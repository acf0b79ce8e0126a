import { expect, test } from 'vitest';
import { TokenCache } from '../../../server/http/token-cache.ts';

test('knows a token until its expiry, by the whole token', () => {
  const cache = new TokenCache<{ readonly expiresAtMs: number }>(10);
  cache.set('token', { expiresAtMs: 1_000 });
  expect(cache.get('token', 999)).toEqual({ expiresAtMs: 1_000 });
  expect(cache.get('toke', 0)).toBeUndefined();
  expect(cache.get('token', 1_000)).toBeUndefined();
  expect(cache.get('token', 0)).toBeUndefined();
});

test('forgets the one that was used longest ago when it is full', () => {
  const cache = new TokenCache<{ readonly expiresAtMs: number }>(2);
  cache.set('first', { expiresAtMs: 1 });
  cache.set('second', { expiresAtMs: 1 });
  cache.get('first', 0);
  cache.set('third', { expiresAtMs: 1 });
  expect(['first', 'second', 'third'].map((token) => cache.get(token, 0) !== undefined)).toEqual([true, false, true]);
});

test('forgets those that are meant', () => {
  const cache = new TokenCache<{ readonly expiresAtMs: number; readonly person: string }>(10);
  cache.set('a', { expiresAtMs: 1, person: 'sam' });
  cache.set('b', { expiresAtMs: 1, person: 'kim' });
  cache.forget(({ person }) => person === 'sam');
  expect([cache.get('a', 0), cache.get('b', 0)?.person]).toEqual([undefined, 'kim']);
});
