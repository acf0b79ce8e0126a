import fc from 'fast-check';
import { expect, test } from 'vitest';
import { personOfSipUser, sipUserOf } from '../../../server/edge/sip-user.ts';

test('reads back to exactly the person it was made for, and is safe in SIP URIs and in addresses', () => {
  const id = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
  fc.assert(
    fc.property(fc.record({ accountId: id, personId: id }), (person) => {
      const sipUser = sipUserOf(person);
      expect(sipUser).toMatch(/^[A-Za-z0-9_.~-]+$/);
      expect(personOfSipUser(sipUser)).toEqual(person);
    }),
  );
});

test('keeps people of different accounts apart, also when their ids have dots', () => {
  const one = sipUserOf({ accountId: 'a.b', personId: 'c' });
  const two = sipUserOf({ accountId: 'a', personId: 'b.c' });
  expect(one).toBe('a~2eb.c');
  expect(two).toBe('a.b~2ec');
});

test.each([
  '',
  'acme',
  'acme.',
  '.sam',
  'acme.sam.x',
  'acme.s am',
  'acme.~4',
  'acme.~ff',
  'acme.~41',
  'acme.~2E',
  'acme.sam@x',
])('takes nothing that it did not make: "%s"', (text) => {
  expect(personOfSipUser(text)).toBeNull();
});
