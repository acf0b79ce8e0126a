import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROLE_COLOURS } from '../../src/elements/theme.ts';
import { publicMembers, readElementManifest } from './element-manifest.ts';
import { TABLED, withTables } from './readme-tables.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ELEMENTS = join(ROOT, 'src/elements');
const element = readElementManifest();
const sources = readdirSync(ELEMENTS)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ELEMENTS, name), 'utf8'));
const allSources = sources.join('\n');

function found(pattern: RegExp, text = allSources): string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, names = '']) => names.split(/[\s,]+/)))]
    .filter(Boolean)
    .sort();
}

function names(described: readonly { readonly name: string }[]): string[] {
  return described.map(({ name }) => name).sort();
}

describe('the manifest of <credit-phone> says all that there is, and nothing else', () => {
  test('each attribute, event, part, custom property and public member has a description', () => {
    const all = [...element.attributes, ...element.events, ...element.cssParts, ...element.cssProperties];
    expect(all.filter(({ description }) => !description)).toEqual([]);
    expect(names(publicMembers(element, 'method'))).toEqual(['dial', 'hangUp']);
    expect(names(publicMembers(element, 'field'))).toEqual(
      ['gateUrl', 'lang', 'layout', 'messages', 'number', 'panel', 'phone', 'showBalance', 'theme', 'token'].sort(),
    );
  });

  test('attributes: the promised ones, and no secret among them', () => {
    expect(names(element.attributes)).toEqual(
      [
        'call-status',
        'credit-level',
        'gate-url',
        'lang',
        'layout',
        'line-status',
        'panel',
        'show-balance',
        'theme',
      ].sort(),
    );
  });

  test('events: the notices of events.ts', () => {
    const text = readFileSync(join(ELEMENTS, 'events.ts'), 'utf8');
    const notices = text.slice(
      text.indexOf('export interface CreditPhoneNotices'),
      text.indexOf('export type NoticeName'),
    );
    expect(names(element.events)).toEqual(found(/^ {2}'(credit-phone-[a-z-]+)':/gm, notices));
  });

  test('parts: those in templates, each exported to the host page', () => {
    const drawn = found(/[\s]part="([^"$]+)"/g);
    expect(names(element.cssParts)).toEqual(drawn);
    const frame = readFileSync(join(ELEMENTS, 'frame-template.ts'), 'utf8');
    const reachable = new Set([...found(/exportparts="([^"]+)"/g, frame), ...found(/\spart="([^"]+)"/g, frame)]);
    expect(drawn.filter((part) => !reachable.has(part))).toEqual([]);
  });

  test('custom properties: those that styles read', () => {
    const written = found(/var\((--credit-phone-[a-z-]+)/g);
    const roles = Object.keys(ROLE_COLOURS).map((role) => `--credit-phone-${role}`);
    const read = [...new Set([...written.filter((name) => name !== '--credit-phone-'), ...roles])].sort();
    expect(names(element.cssProperties)).toEqual(read);
  });
});

describe('the tables of the README', () => {
  test('are put between their marks, and only there', () => {
    const made = withTables('A\n<!-- table:methods -->\nold\n<!-- /table:methods -->\nB', element);
    expect(made).toMatch(/^A\n<!-- table:methods -->\n\| Method \| Meaning \|\n/);
    expect(made).toContain('`dial()`');
    expect(made).not.toContain('old');
    expect(withTables(made, element)).toBe(made);
  });

  test('a table of another maker is left alone; one without an end is an error', () => {
    const other = '<!-- table:elsewhere -->kept<!-- /table:elsewhere -->';
    expect(withTables(other, element)).toBe(other);
    expect(() => withTables('<!-- table:events --> and no end', element)).toThrow('no end');
  });

  test.each(TABLED)('are up to date: %s', (path) => {
    const readme = readFileSync(path, 'utf8');
    expect(withTables(readme, element)).toBe(readme);
  });

  test('none is missing, none stands twice', () => {
    const marks = TABLED.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/<!-- table:([\w-]+) -->/g)]);
    const tables = [
      'attributes',
      'custom-properties',
      'environment',
      'events',
      'methods',
      'operator',
      'parts',
      'properties',
    ];
    expect(marks.map(([, name]) => name).sort()).toEqual(tables);
  });
});
