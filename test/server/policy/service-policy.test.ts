/** Metered services in the policy file: kinds that the operator names, who pays for them, and what is none. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { readPolicies, writtenPolicies } from '../../../server/policy/read-policies.ts';

const kinds = (written: unknown) => JSON.stringify({ services: { kinds: written } });
const PAGER = { unit: 'page', priceBy: 'flat', payBy: 'credit' };

describe('services in the policy', () => {
  test('D-02: each kind is switched off, free, charged or invoiced by one word, the rest stays', () => {
    for (const payBy of ['off', 'free', 'credit', 'invoice']) {
      const { services } = readPolicies(kinds({ sms: { payBy } })).default;
      expect(services.kinds.sms).toEqual({ unit: 'segment', priceBy: 'destination', payBy });
      expect(services.kinds.fax).toEqual(DEFAULT_POLICIES.default.services.kinds.fax);
    }
  });

  test('the operator adds kinds, for all accounts or for those of one profile, and what is written is read again', () => {
    const all = readPolicies(kinds({ pager: PAGER }));
    expect(all.default.services.kinds.pager).toEqual(PAGER);
    expect(all.dialpad.services.kinds.pager).toEqual(PAGER);
    const one = readPolicies(JSON.stringify({ profiles: { dialpad: { services: { kinds: { pager: PAGER } } } } }));
    expect(one.default.services.kinds).not.toHaveProperty('pager');
    expect(one.dialpad.services.kinds.pager).toEqual(PAGER);
    for (const policies of [all, one]) {
      expect(readPolicies(JSON.stringify(writtenPolicies(policies)))).toEqual(policies);
    }
  });

  test.each([
    'subscription',
    'monthly_subscription',
    'licence',
    'seat',
    'team_plan',
    'license_fee',
    'membership',
  ])('C-22, L-02: "%s" is no kind that credit pays for, and the reader says where it stands', (kind) => {
    expect(() => readPolicies(`{"services": {"kinds": {\n"${kind}": ${JSON.stringify(PAGER)}}}}`)).toThrow(
      `line 2: services.kinds.${kind} is a subscription, and credit never pays for one`,
    );
    expect(() => readPolicies(`{"profiles": {"diallink": ${kinds({ [kind]: PAGER })}}}`)).toThrow(
      `profiles.diallink.services.kinds.${kind} is a subscription`,
    );
  });

  test.each([
    ['a kind without terms', { pager: {} }, /services\.kinds\.pager/],
    ['a field that nobody knows', { sms: { price: 1 } }, /services\.kinds\.sms\.price is not known/],
    ['a payer that is none', { sms: { payBy: 'card' } }, /services\.kinds\.sms\.payBy/],
    ['a name that is none', { 'S M S': PAGER }, /services\.kinds/],
    ['no object', { sms: 'off' }, /services\.kinds\.sms is not an object/],
  ])('%s is refused by name', (_what, written, sentence) => {
    expect(() => readPolicies(kinds(written))).toThrow(sentence);
  });

  test('beside the kinds nothing can be made up', () => {
    expect(() => readPolicies('{"services": {"sms": {}}}')).toThrow(/services\.sms is not known/);
    expect(() => readPolicies('{"services": {"authorizationSeconds": 0}}')).toThrow(/authorizationSeconds/);
  });
});
