/** How the production build is cut: who loads what, so that nobody waits for, or depends on, what is not needed. */
import { resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { BILLING_MESSAGES } from '../../../src/elements/billing-messages.ts';
import { PANEL_MESSAGES } from '../../../src/elements/panel-messages.ts';
import { USAGE_MESSAGES } from '../../../src/elements/usage-messages.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
let chunks: readonly Rolldown.OutputChunk[] = [];

beforeAll(async () => {
  const output = await build({ root, logLevel: 'error', build: { write: false } });
  chunks = (Array.isArray(output) ? output : [output])
    .filter((bundle) => 'output' in bundle)
    .flatMap((bundle) => bundle.output.filter((file) => file.type === 'chunk'));
});

function chunk(name: string): Rolldown.OutputChunk {
  const found = chunks.find((one) => one.name === name && !one.isEntry);
  if (found === undefined) throw new Error(`The build has no chunk "${name}".`);
  return found;
}

function importsOf(name: string): (string | undefined)[] {
  return chunk(name).imports.map((file) => chunks.find((one) => one.fileName === file)?.name);
}

describe('the production build', () => {
  test('gives who imports the phone alone no element, no SIP.js and no Dexie', () => {
    expect(importsOf('phone')).toEqual(['money']);
    expect(importsOf('money')).toEqual([]);
    const modules = [...chunk('phone').moduleIds, ...chunk('money').moduleIds];
    expect(modules.filter((id) => /elements|lit|sip\.js|node_modules\/dexie/.test(id))).toEqual([]);
  });

  test('paints first without the phone, and without what calls are drawn with', () => {
    expect(importsOf('first-paint')).toEqual(['money']);
    expect(importsOf('calling')).toContain('first-paint');
  });

  test('brings nothing of paying along with a call, and nothing of Stripe with the Credit tab', () => {
    for (const name of ['phone', 'money', 'first-paint', 'calling'])
      expect(
        chunk(name).moduleIds.filter((id) => /payment|billing|checkout|stripe/.test(id)),
        name,
      ).toEqual([]);
    expect(chunk('credit-stage').moduleIds.filter((id) => /stripe/.test(id))).toEqual([]);
    expect(chunk('stripe-desk').moduleIds.some((id) => /@stripe/.test(id))).toBe(true);
  });

  test('brings no statement along with a call, and no chart with the Credit tab', () => {
    for (const name of ['phone', 'money', 'first-paint', 'calling', 'credit-stage'])
      expect(
        chunk(name).moduleIds.filter((id) => /usage-|statement|spend-|uplot/.test(id)),
        name,
      ).toEqual([]);
    expect(chunk('usage-stage').moduleIds.filter((id) => /uplot/.test(id))).toEqual([]);
    expect(chunk('spend-chart').moduleIds.some((id) => /uplot/.test(id))).toBe(true);
  });

  test('keeps the line apart from what is drawn', () => {
    expect(importsOf('sip-line').filter((name) => name !== 'phone' && name !== 'money')).toEqual([]);
  });

  test('says nothing while calling that stands in panel-messages.ts, billing-messages.ts or usage-messages.ts', () => {
    const said = (name: string): string[] =>
      Object.keys({ ...PANEL_MESSAGES, ...BILLING_MESSAGES, ...USAGE_MESSAGES }).filter((key) =>
        new RegExp(`[\`'"]${key.replace(/\.(one|other)$/, '')}[\`'"]`).test(chunk(name).code),
      );
    expect([...said('calling'), ...said('first-paint')]).toEqual([]);
    expect(said('credit-stage').length).toBeGreaterThan(10);
  });
});
