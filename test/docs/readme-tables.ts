/**
 * `npm run docs:tables`: writes the tables of the element's surface into README.md, those of the server's settings and of the operator's commands
 * into server/README.md, between <!-- table:NAME --> and <!-- /table:NAME -->. With --check it only says whether they are up to date, and fails
 * when not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { SETTINGS, type Setting } from '../../server/config.ts';
import { createOperatorProgram } from '../../server/operator/operator-program.ts';
import { type Described, type ElementManifest, publicMembers, readElementManifest } from './element-manifest.ts';

export const TABLED = ['README.md', 'server/README.md'].map((path) => resolve(import.meta.dirname, '../..', path));

type TableName =
  | 'attributes'
  | 'properties'
  | 'methods'
  | 'events'
  | 'parts'
  | 'custom-properties'
  | 'environment'
  | 'operator';

const TABLES: Readonly<Record<TableName, (element: ElementManifest) => string>> = {
  attributes: (element) => table(['Attribute', 'Meaning'], element.attributes.map(row)),
  properties: (element) => table(['Property', 'Meaning'], publicMembers(element, 'field').map(row)),
  methods: (element) =>
    table(
      ['Method', 'Meaning'],
      publicMembers(element, 'method').map((member) => row({ ...member, name: `${member.name}()` })),
    ),
  events: (element) => table(['Event', 'When'], element.events.map(row)),
  parts: (element) => table(['Part', 'What it is'], element.cssParts.map(row)),
  'custom-properties': (element) =>
    table(
      ['Custom property', 'Default', 'What it changes'],
      element.cssProperties.map(({ name, description, default: initial }) => [
        code(name),
        initial ? code(initial) : '',
        cell(description),
      ]),
    ),
  environment: () =>
    table(
      ['Variable', 'Default', 'What it is'],
      SETTINGS.map(({ name, byDefault, isOptional, isSecret, what }) => [
        code(name),
        shownDefault({ byDefault, isOptional }),
        `${cell(what)}${isSecret ? ' Secret.' : ''}`,
      ]),
    ),
  operator: () => table(['Command', 'What it does'], operatorCommands()),
};

/** Every command that does something, with its arguments and the options that it cannot do without. */
function operatorCommands(): readonly (readonly string[])[] {
  const silent = { environment: {}, print: () => undefined, setExitCode: () => undefined };
  const program = createOperatorProgram(silent);
  const doing = (command: Command, names: readonly string[]): readonly (readonly string[])[] =>
    command.commands.length > 0
      ? command.commands.flatMap((child) => doing(child, [...names, child.name()]))
      : [[code([...names, ...needsOf(command)].join(' ')), cell(command.description())]];
  return doing(program, []);
}

function needsOf(command: Command): readonly string[] {
  const options = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  return [...command.registeredArguments.map((argument) => `<${argument.name()}>`), ...options];
}

/** The text with each table that it has a place for replaced. A table of another name is left alone. Throws when a place has no end. */
export function withTables(readme: string, element: ElementManifest): string {
  return readme.replace(
    /<!-- table:([\w-]+) -->[\s\S]*?(<!-- \/table:\1 -->|$)/g,
    (match, name: string, end: string) => {
      const make = TABLES[name as TableName];
      if (end === '') throw new Error(`The table "${name}" has no end.`);
      if (!make) return match;
      return `<!-- table:${name} -->\n${make(element)}\n${end}`;
    },
  );
}

function shownDefault({ byDefault, isOptional }: Pick<Setting, 'byDefault' | 'isOptional'>): string {
  if (byDefault === null) return isOptional ? 'optional' : 'must be set';
  return byDefault === '' ? 'none' : code(byDefault);
}

function row({ name, description }: Described): string[] {
  return [code(name), cell(description)];
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text = ''): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const element = readElementManifest();
  for (const path of TABLED) {
    const before = readFileSync(path, 'utf8');
    const after = withTables(before, element);
    if (before === after) continue;
    if (process.argv.includes('--check')) {
      console.error(`${path}: the tables are out of date. Run: npm run docs:tables`);
      process.exitCode = 1;
    } else writeFileSync(path, after);
  }
}
