import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ELEMENTS = resolve(import.meta.dirname, '../../src/elements');
const sources = readdirSync(ELEMENTS)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(ELEMENTS, name), 'utf8') }));

function filesWith(pattern: RegExp, files = sources): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

describe('the entry of the widget', () => {
  test('can be imported in Node, where there is no DOM', async () => {
    const entry = await import('../../src/index.ts');
    expect(entry.CreditPhone).toBeTypeOf('function');
  });
});

describe('the rules of the elements, held by reading their sources', () => {
  const names = [
    ...(sources.find(({ name }) => name === 'events.ts')?.text ?? '').matchAll(/^ {2}'(credit-phone-[a-z-]+)':/gm),
  ].map(([, name = '']) => name);

  test('one event name has one dispatcher', () => {
    expect(names.length).toBeGreaterThan(30);
    const dispatchers = names.map((name) => [
      name,
      filesWith(new RegExp(`(?:request|noticeEvent)\\(\\s*'${name}'`)).length,
    ]);
    expect(dispatchers.filter(([, count]) => count === 0)).toEqual([]);
    // credit-phone-error is told by <credit-phone> for facts of the phone and for code that could not be loaded. The others carry a choice:
    // each form of the billing room and each part of the statement has its own wishes, and a view is opened from wherever it is missed.
    const carriers = [
      'credit-phone-error',
      'credit-phone-alert-request',
      'credit-phone-billing-request',
      'credit-phone-open-request',
      'credit-phone-statement-request',
    ];
    expect(dispatchers.filter(([name, count]) => Number(count) > 1 && !carriers.includes(String(name)))).toEqual([]);
  });

  test('no element fetches, prices, keeps time or writes style attributes', () => {
    // The one exception is no element: whether the month on a card is over is a question to the browser's calendar.
    const elements = sources.filter(({ name }) => name !== 'billing-text.ts');
    expect(filesWith(/\bfetch\(|Date\.now|new Date\(\)|performance\.now|priceCall/, elements)).toEqual([]);
    expect(filesWith(/ style=|styleMap|unsafeHTML|innerHTML/)).toEqual([]);
  });

  test('no element carries words of its own: each is in messages', () => {
    const templates = sources.filter(({ name }) => !name.includes('styles') && !name.includes('messages'));
    expect(filesWith(/(?:aria-label|placeholder|title)="[A-Za-z]/, templates)).toEqual([]);
    // A capital word between tags of a template; <kbd>Enter</kbd> comes from a table, not from a template.
    expect(filesWith(/<(?:p|h[1-6]|b|span|button|label)[^>]*>[A-Z][a-z]+/, templates)).toEqual([]);
  });

  test('every message is used, and every message that is used exists', () => {
    const catalogue = sources.filter(({ name }) => /(^|-)messages\.ts$/.test(name)).map(({ text }) => text);
    const keys = catalogue.flatMap((text) => [...text.matchAll(/^ {2}'([\w.]+)':/gm)].map(([, key = '']) => key));
    const code = sources
      .filter(({ name }) => !/(^|-)messages\.ts$/.test(name))
      .map(({ text }) => text)
      .join('\n');
    // Literally, or made from its family (`paid.${state}`); plural forms follow their stem.
    const isUsed = (key: string) =>
      code.includes(`'${key}'`) ||
      /\.(one|other)$/.test(key) ||
      [...key.matchAll(/\./g)].some(({ index }) => code.includes(`\`${key.slice(0, index)}.\${`));
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
