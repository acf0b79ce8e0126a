import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROFILE_FACTS } from '../../../demo/page/profile-facts.ts';
import { PROFILES } from '../../../server/policy/profile.ts';
import { idsIn, namesOfTests } from '../../requirements/requirement-tests.ts';

const folder = resolve(import.meta.dirname, '../../server/profiles');

/** Those in the names of the profile's tests. */
function provedIds(profile: string): readonly string[] {
  const path = resolve(folder, `${profile}.test.ts`);
  const names = namesOfTests({ path, source: readFileSync(path, 'utf8') });
  return [...new Set(names.flatMap(({ name }) => idsIn(name)))].toSorted();
}

test('every profile can be chosen, and no other', () => {
  expect(PROFILE_FACTS.map(({ profile }) => profile)).toEqual(PROFILES);
});

describe.each(PROFILE_FACTS)('what the page says of the profile $profile', ({ profile, met }) => {
  test('is what its tests prove: no id more, none less, each once', () => {
    expect(met.map(([id]) => id).toSorted()).toEqual(provedIds(profile));
  });

  test('is in sentences', () => {
    for (const [, sentence] of met) expect(sentence).toMatch(/^["\dA-Z$].*\.$/);
  });
});
