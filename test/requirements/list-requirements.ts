/**
 * `npm run -s requirements`: every requirement with the tests that name it. It fails when one that must be met is named by no test, or by
 * none of its product's profile, and says which. So does an id that is none in the name of a test: it would hide what is missing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import {
  type Missing,
  missingOf,
  type NamedTest,
  namesOfTests,
  type ProvedRequirement,
  proved,
  readRequirements,
} from './requirement-tests.ts';

const root = resolve(import.meta.dirname, '../..');
/** Tests that are shown of one requirement; the rest is counted. */
const MAX_SHOWN = 3;
const MARKS: Readonly<Record<Missing['why'], string>> = { no_test: 'NO TEST  ', no_profile_test: 'NO PROFILE TEST  ' };

const tests = readdirSync(resolve(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => resolve(entry.parentPath, entry.name))
  // Its tests name requirements as examples.
  .filter((path) => !path.startsWith(import.meta.dirname))
  .toSorted()
  .flatMap((path) => namesOfTests({ path: relative(root, path), source: readFileSync(path, 'utf8') }));
const ids = readFileSync(resolve(import.meta.dirname, 'ids.csv'), 'utf8');
const { requirements, unknownIds } = proved(readRequirements(ids), tests);
const missing = missingOf(requirements);

for (const requirement of requirements) console.log(linesOf(requirement).join('\n'));
console.log(`\n${summary()}`);
if (unknownIds.length > 0) console.log(`Tests name ids that are none: ${unknownIds.join(', ')}`);
process.exitCode = unknownIds.length > 0 || missing.length > 0 ? 1 : 0;

function linesOf({ id, rank, text, tests: named }: ProvedRequirement): readonly string[] {
  const lack = missing.find((one) => one.id === id);
  const more = named.length > MAX_SHOWN ? [`            and ${named.length - MAX_SHOWN} more`] : [];
  return [
    `${id}  ${rank}  ${lack === undefined ? '' : MARKS[lack.why]}${text}`,
    ...named.slice(0, MAX_SHOWN).map(lineOf),
    ...more,
  ];
}

function lineOf({ file, name }: NamedTest): string {
  return `            ${file}: ${name}`;
}

function summary(): string {
  const must = requirements.filter(({ rank }) => rank === 'M').length;
  return [
    `${must - missing.length} of ${must} that must be met are named by a test of their product's profile.`,
    ...lacking('no_test', 'Named by no test'),
    ...lacking('no_profile_test', 'Named by tests, but by none of a profile'),
  ].join('\n');
}

function lacking(why: Missing['why'], words: string): readonly string[] {
  const ids = missing.filter((one) => one.why === why).map(({ id }) => id);
  return ids.length === 0 ? [] : [`${words}: ${ids.join(', ')}`];
}
