/** What the READMEs point to is there: files, headings, scripts and operator's commands. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createOperatorProgram } from '../../server/operator/operator-program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const READMES = ['README.md', 'server/README.md', 'src/protocol/README.md'];

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** A heading's anchor, as GitHub makes it. */
function anchorsOf(path: string): readonly string[] {
  const headings = textOf(path).match(/^#{1,6} .+$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isThere(target: string, from: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsOf(path).includes(anchor);
}

describe.each(READMES)('%s', (readme) => {
  const text = textOf(readme);

  test('links to files and headings that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const within = targets.filter((target) => !target.startsWith('https://'));
    expect(within.filter((target) => !isThere(target, readme))).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    // JSON of our own.
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('names commands that the operator has', () => {
    const program = createOperatorProgram({ environment: {}, print: () => undefined, setExitCode: () => undefined });
    const named = [...text.matchAll(/(?:npm run -s operator --|npx credit-phone-server) ([a-z]+)(?: ([a-z]+))?/g)];
    const unknown = named.filter(([, group, command]) => {
      const found = program.commands.find((candidate) => candidate.name() === group);
      const hasParts = (found?.commands.length ?? 0) > 0;
      return !found || (hasParts && !found.commands.some((candidate) => candidate.name() === command));
    });
    expect(unknown.map(([words]) => words)).toEqual([]);
  });
});

test('a heading that moved away is noticed', () => {
  expect(isThere('server/README.md#settings', 'README.md')).toBe(true);
  expect(isThere('server/README.md#no-such-heading', 'README.md')).toBe(false);
  expect(isThere('../README.md', 'server/README.md')).toBe(true);
  expect(isThere('README.txt', 'README.md')).toBe(false);
});
