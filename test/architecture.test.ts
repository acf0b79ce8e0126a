/** What the house is built by, held by a test: the import table of import-table.ts, and the size and names of files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOMS, type Room } from './import-table.ts';

const root = resolve(import.meta.dirname, '..');

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|mjs)$/.test(name));
}

function roomOf(file: string): Room | undefined {
  const key = Object.keys(ROOMS)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
  return key === undefined ? undefined : ROOMS[key];
}

const IMPORT = /(?:^|\s|\()(?:import|export)\s*(?:type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?\(?\s*['"]([^'"]+)['"]/g;

/** Without comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
}

function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(IMPORT)].map((match) => match[1] ?? '');
}

function isAllowed(file: string, specifier: string): boolean {
  const room = roomOf(file);
  if (!room) return false;
  if (!specifier.startsWith('.')) {
    if (specifier.startsWith('node:') && !file.startsWith('src/') && specifier !== 'node:sqlite') return true;
    return room.thirdParty.some((name) => name === '*' || specifier === name || specifier.startsWith(`${name}/`));
  }
  const target = relative(root, resolve(root, dirname(file), specifier.split('?')[0] ?? ''));
  return room.mayImport.some((path) => target === path || target.startsWith(`${path}/`));
}

/** Who reads the machine's clock or its dice without being given them, and why. Everybody else has a port, so that tests can move it. */
const AMBIENT: Readonly<Record<string, string>> = {
  'server/system-clock.ts': 'is the clock that the server is given',
  'src/phone/system-clock.ts': 'is the clock that the phone is given',
  'src/elements/billing-text.ts': 'shows whether a card has ended; whoever tests it says when',
  'server/events/event-streams.ts': 'spreads what many widgets ask at once',
  'server/storage/postgres/postgres-news.ts': 'spreads servers that come back at once',
  'server/storage/sqlite/sqlite-store.ts': 'a claim is timed by its store, as PostgreSQL does by now()',
};

const files = [...sourceFiles('src'), ...sourceFiles('server'), ...sourceFiles('demo')];
const testFiles = sourceFiles('test');

describe('the house keeps its rooms apart', () => {
  test('every import is in the table', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !isAllowed(file, specifier))
        .map((specifier) => `${file} must not import ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  test('nothing but src/index.ts and elements imports elements', () => {
    const offenders = files.filter(
      (file) =>
        !file.startsWith('src/elements/') &&
        file !== 'src/index.ts' &&
        !file.startsWith('demo/') &&
        importsOf(file).some((specifier) => specifier.includes('elements/')),
    );
    expect(offenders).toEqual([]);
  });

  test('no file is longer than 400 lines and no name says nothing', () => {
    const all = [...files, ...testFiles];
    const long = all.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400);
    const vague = all.filter((file) => /(^|\/)(utils?|helpers?|common|shared|misc|types)(\/|\.ts$)/.test(file));
    expect({ long, vague }).toEqual({ long: [], vague: [] });
  });

  test('time and chance are given, not taken: only who says why reads the clock of the machine', () => {
    const takers = files
      .filter((file) => !file.startsWith('demo/'))
      .filter((file) => /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(codeOf(file)));
    expect(takers.toSorted()).toEqual(Object.keys(AMBIENT).toSorted());
  });
});
