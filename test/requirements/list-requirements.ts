/**
 * `npm run -s requirements`: every requirement with the tests that name it. Those that must be met and have no test are marked; with --strict
 * they make the command fail. An id that is none in the name of a test always does: it would hide what is missing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type NamedTest, namesOfTests, type ProvedRequirement, proved, readRequirements } from './requirement-tests.ts';

const root = resolve(import.meta.dirname, '../..');
/** Tests that are shown of one requirement; the rest is counted. */
const MAX_SHOWN = 3;

const tests = readdirSync(resolve(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => resolve(entry.parentPath, entry.name))
  // Its tests name requirements as examples.
  .filter((path) => !path.startsWith(import.meta.dirname))
  .toSorted()
  .flatMap((path) => namesOfTests({ path: relative(root, path), source: readFileSync(path, 'utf8') }));
const ids = readFileSync(resolve(import.meta.dirname, 'ids.csv'), 'utf8');
const { requirements, unknownIds } = proved(readRequirements(ids), tests);
const missing = requirements.filter((requirement) => requirement.rank === 'M' && requirement.tests.length === 0);

for (const requirement of requirements) console.log(linesOf(requirement).join('\n'));
console.log(`\n${summary()}`);
if (unknownIds.length > 0) console.log(`Tests name ids that are none: ${unknownIds.join(', ')}`);
const isStrict = process.argv.includes('--strict');
process.exitCode = unknownIds.length > 0 || (isStrict && missing.length > 0) ? 1 : 0;

function linesOf({ id, rank, text, tests: named }: ProvedRequirement): readonly string[] {
  const isMissing = rank === 'M' && named.length === 0;
  const more = named.length > MAX_SHOWN ? [`            and ${named.length - MAX_SHOWN} more`] : [];
  return [`${id}  ${rank}  ${isMissing ? 'NO TEST  ' : ''}${text}`, ...named.slice(0, MAX_SHOWN).map(lineOf), ...more];
}

function lineOf({ file, name }: NamedTest): string {
  return `            ${file}: ${name}`;
}

function summary(): string {
  const must = requirements.filter(({ rank }) => rank === 'M').length;
  const names = missing.length === 0 ? '' : `: ${missing.map(({ id }) => id).join(', ')}`;
  return `${must - missing.length} of ${must} that must be met are named by tests; ${missing.length} are not${names}`;
}
