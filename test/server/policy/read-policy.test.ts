import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { policySchema } from '../../../server/policy/policy.ts';
import { readPolicy } from '../../../server/policy/read-policy.ts';

test('the default is a policy, and a file that says nothing is the default', () => {
  expect(policySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  expect(readPolicy('{}')).toEqual(DEFAULT_POLICY);
  expect(readPolicy(JSON.stringify(DEFAULT_POLICY))).toEqual(DEFAULT_POLICY);
});

test('what a file says holds, what it leaves out is as in the default', () => {
  const policy = readPolicy(
    '{"calls": {"leaseSeconds": 30}, "blockedPrefixes": ["1900"], "caps": {"agentDayMicros": 10000000}}',
  );
  expect(policy.calls).toEqual({ ...DEFAULT_POLICY.calls, leaseSeconds: 30 });
  expect(policy.caps).toEqual({ ...DEFAULT_POLICY.caps, agentDayMicros: 10_000_000 });
  expect(policy.blockedPrefixes).toEqual(['1900']);
});

test('every wrong field is named with its line', () => {
  const file = `{
  "calls": {
    "leaseSeconds": 0,
    "graceSeconds": 60
  },
  "blockedPrefixes": ["+1"]
}`;
  expect(() => readPolicy(file)).toThrow(/^line 4: calls\.graceSeconds is not known; there are leaseSeconds/);
  expect(() => readPolicy(file.replace(/,\s+"graceSeconds": 60/, ''))).toThrow(
    /line 3: calls\.leaseSeconds .*; line 5: blockedPrefixes\.0 /,
  );
});

test.each([
  ['{"caps": null}', 'line 1: caps is not an object'],
  ['[]', 'line 1: the policy is not an object'],
  ['{', 'not JSON'],
  ['{"calls": {"renewBeforeSeconds": 60}}', 'line 1: calls.renewBeforeSeconds is not less than calls.leaseSeconds'],
  ['{"calls": {"leaseSeconds": 60, "maxSeconds": 59}}', 'line 1: calls.leaseSeconds is more than calls.maxSeconds'],
  ['{"credit": {"lowMicros": 1, "criticalMicros": 2}}', 'line 1: credit.criticalMicros is more than credit.lowMicros'],
])('%s is refused: %s', (file, sentence) => {
  expect(() => readPolicy(file)).toThrow(sentence);
});
