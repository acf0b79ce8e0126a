import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { latestPolicyVersion, savePolicy } from '../../../server/policy/policy-store.ts';
import { PolicyWatch } from '../../../server/policy/policy-watch.ts';
import type { Store } from '../../../server/storage/store.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

let home: SqliteHome;
let store: Store;
let versions: number[];
let watch: PolicyWatch;

beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  versions = [];
  watch = new PolicyWatch(store, (version) => versions.push(version));
});
afterEach(async () => {
  await store.close();
  await home.remove();
});

const set = (content: string) => savePolicy(store, { content, setAtMs: 1 });

test('the default is in force until a policy is set; the newest one holds, told once', async () => {
  await watch.look();
  expect(watch.current).toBe(DEFAULT_POLICIES);
  await set('{"calls":{"leaseSeconds":45}}');
  await set('{"calls":{"leaseSeconds":50}}');
  await watch.look();
  await watch.look();
  expect(watch.current.default.calls).toEqual({ ...DEFAULT_POLICY.calls, leaseSeconds: 50 });
  expect(versions).toEqual([2]);
});

test('a policy that is none is not stored', async () => {
  await expect(set('{"calls":{"leaseSeconds":-1}}')).rejects.toThrow(/line 1: calls\.leaseSeconds/);
  await expect(set('[]')).rejects.toThrow();
  expect(await latestPolicyVersion(store)).toBeNull();
});

test('what a newer version has stored is not used here: the one before it stays in force', async () => {
  await set('{"calls":{"leaseSeconds":45}}');
  await watch.look();
  const row = { policyVersion: 2, content: '{"calls":{"teleport":true}}', setAtMs: 1 };
  await store.writeRows([{ table: 'policy', mode: 'insert', row }]);
  await expect(watch.look()).rejects.toThrow(/calls\.teleport is not known/);
  expect(watch.current.default.calls.leaseSeconds).toBe(45);
});

test('two operators at the same moment both have their version', async () => {
  const saved = await Promise.all([1, 2, 3, 4].map(() => set('{}')));
  expect(saved.toSorted()).toEqual([1, 2, 3, 4]);
});
