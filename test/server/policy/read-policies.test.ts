import { expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { policySchema } from '../../../server/policy/policy.ts';
import { PROFILES } from '../../../server/policy/profile.ts';
import { readPolicies, writtenPolicies } from '../../../server/policy/read-policies.ts';

test('the default is a policy, and a file that says nothing is the default', () => {
  expect(policySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  expect(readPolicies('{}').default).toEqual(DEFAULT_POLICY);
  expect(readPolicies(JSON.stringify(DEFAULT_POLICY)).default).toEqual(DEFAULT_POLICY);
});

test('what a file says holds, what it leaves out is as in the default', () => {
  const policy = readPolicies(
    '{"calls": {"leaseSeconds": 30}, "blockedPrefixes": ["1900"], "caps": {"agentDayMicros": 10000000}}',
  ).default;
  expect(policy.calls).toEqual({ ...DEFAULT_POLICY.calls, leaseSeconds: 30 });
  expect(policy.caps).toEqual({ ...DEFAULT_POLICY.caps, agentDayMicros: 10_000_000 });
  expect(policy.blockedPrefixes).toEqual(['1900']);
});

test('there is a policy for each profile, and each of them is one that an operator could have written', () => {
  expect(Object.keys(DEFAULT_POLICIES).toSorted()).toEqual(PROFILES.toSorted());
  for (const profile of PROFILES) expect(readPolicies(JSON.stringify(DEFAULT_POLICIES[profile])).default).toBeDefined();
  expect(readPolicies(JSON.stringify(writtenPolicies(DEFAULT_POLICIES)))).toEqual(DEFAULT_POLICIES);
});

test('a profile differs from the default as its product does, then as the file says; the nearest word counts', () => {
  const {
    freshcaller,
    skara,
    default: standard,
  } = readPolicies(
    `{"credit": {"callFloorMicros": 500000}, "inboundAtZero": "allow",
      "profiles": {"freshcaller": {"payments": {"topUp": {"presetsMicros": [10000000]}}}, "skara": {}}}`,
  );
  expect(standard.credit.callFloorMicros).toBe(500_000);
  // Skara says nothing of these: as in the file. Freshcaller does.
  expect(skara.credit.callFloorMicros).toBe(500_000);
  expect(skara.inboundAtZero).toBe('allow');
  expect(freshcaller.credit.callFloorMicros).toBe(2_000_000);
  expect(freshcaller.inboundAtZero).toBe('block');
  // A list is replaced as a whole; what stands beside it stays.
  expect(freshcaller.payments.topUp).toEqual({
    ...DEFAULT_POLICIES.freshcaller.payments.topUp,
    presetsMicros: [10_000_000],
  });
  expect(standard.payments.topUp).toEqual(DEFAULT_POLICY.payments.topUp);
});

test('how calls are held and what agents see is the same for all accounts: no profile may say it', () => {
  expect(() => readPolicies('{"profiles": {"skara": {"calls": {"leaseSeconds": 30}}}}')).toThrow(
    /^line 1: profiles\.skara\.calls is not known; there are credit, /,
  );
  expect(() => readPolicies('{"profiles": {"skara": {"showBalanceToAgents": "none"}}}')).toThrow(/is not known/);
  const { skara, dialpad } = readPolicies('{"calls": {"leaseSeconds": 30}, "showBalanceToAgents": "none"}');
  for (const { calls, showBalanceToAgents } of [skara, dialpad]) {
    expect([calls.leaseSeconds, showBalanceToAgents]).toEqual([30, 'none']);
  }
});

test('every wrong field is named with its line', () => {
  const file = `{
  "calls": {
    "leaseSeconds": 0,
    "graceSeconds": 60
  },
  "blockedPrefixes": ["+1"]
}`;
  expect(() => readPolicies(file)).toThrow(/^line 4: calls\.graceSeconds is not known; there are leaseSeconds/);
  expect(() => readPolicies(file.replace(/,\s+"graceSeconds": 60/, ''))).toThrow(
    /line 3: calls\.leaseSeconds .*; line 5: blockedPrefixes\.0 /,
  );
});

test('so is every wrong field of every profile', () => {
  const file = `{
  "profiles": {
    "freshcaller": {
      "credit": { "callFloorMicros": -1 }
    },
    "dialpad": {
      "payments": {
        "autoRecharge": { "comparison": "above" }
      }
    }
  }
}`;
  expect(() => readPolicies(file)).toThrow(
    /line 4: profiles\.freshcaller\.credit\.callFloorMicros .*; line 8: profiles\.dialpad\.payments\.autoRecharge\.comparison /,
  );
  expect(() => readPolicies(file.replace('dialpad', 'ringcentral'))).toThrow(
    /^line 6: profiles\.ringcentral is not known; there are freshcaller, cloudtalk, skara, diallink, dialpad$/,
  );
  expect(() => readPolicies(file.replace('freshcaller', 'default'))).toThrow(/profiles\.default is not known/);
});

test.each([
  ['{"caps": null}', 'line 1: caps is not an object'],
  ['[]', 'line 1: the policy is not an object'],
  ['{', 'not JSON'],
  ['{"profiles": []}', 'line 1: profiles is not an object'],
  ['{"profiles": {"skara": 7}}', 'line 1: profiles.skara is not an object'],
  ['{"calls": {"renewBeforeSeconds": 60}}', 'line 1: calls.renewBeforeSeconds is not less than calls.leaseSeconds'],
  ['{"calls": {"leaseSeconds": 60, "maxSeconds": 59}}', 'line 1: calls.leaseSeconds is more than calls.maxSeconds'],
  ['{"credit": {"lowMicros": 1, "criticalMicros": 2}}', 'line 1: credit.criticalMicros is more than credit.lowMicros'],
  ['{"payments": {"topUp": {"leastMicros": 0}}}', 'line 1: payments.topUp.leastMicros is not above zero'],
  ['{"payments": {"topUp": {"mostMicros": 24000000}}}', 'payments.topUp.presetsMicros has an amount outside'],
  [
    '{"payments": {"topUp": {"leastMicros": 5000000, "mostMicros": 4000000}}}',
    'payments.topUp.leastMicros is more than payments.topUp.mostMicros',
  ],
  ['{"payments": {"autoRecharge": {"thresholdMostMicros": 1}}}', 'payments.autoRecharge.thresholdMicros is outside'],
  ['{"payments": {"autoRecharge": {"amountMicros": 1}}}', 'payments.autoRecharge.amountMicros is outside'],
  ['{"payments": {"autoRecharge": {"amountLeastMicros": 0}}}', 'payments.autoRecharge.amountLeastMicros is not above'],
  [
    '{"profiles": {"dialpad": {"payments": {"autoRecharge": {"monthlyLimitMicros": 1}}}}}',
    'line 1: profiles.dialpad.payments.autoRecharge.monthlyLimitMicros is less than payments.autoRecharge.amountMicros',
  ],
])('%s is refused: %s', (file, sentence) => {
  expect(() => readPolicies(file)).toThrow(sentence);
});
