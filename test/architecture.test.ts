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

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? '');
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
});
