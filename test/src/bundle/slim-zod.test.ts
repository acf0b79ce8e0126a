/** What the browser build leaves out of zod, and that answers of the gate are read, and refused, as before. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { describe, expect, test } from 'vitest';
import { withFixedValues } from '../../../src/bundle/fixed-values.ts';
import { FIXED_VALUES, LEFT_OUT_PROPERTIES, slimZod, withoutProperties } from '../../../src/bundle/slim-zod.ts';
import { SAM } from '../../support/office-rig.ts';
import { sampleBalance, sampleCall, sampleQuote } from '../../support/sample-answers.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const zod = join(root, 'node_modules/zod/v4');
const ENTRY = join(root, 'entry-of-slim-zod.js');
const PROTOCOL = ['account', 'call', 'events', 'number'].map((file) => `${root}/src/protocol/${file}.ts`);

interface Schema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly data?: unknown;
    readonly error?: { issues: unknown };
  };
}

/** Schemas of the protocol by name, with zod as the browser has it or as it is published. */
async function schemas(isSlim: boolean): Promise<Readonly<Record<string, Schema>>> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      ...(isSlim ? [slimZod()] : []),
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? PROTOCOL.map((file) => `export * from '${file}';`).join('') : null),
      },
    ],
    build: { write: false, minify: false, lib: { entry: ENTRY, formats: ['es'] } },
  });
  const [bundle] = (Array.isArray(output) ? output : [output]).filter((result) => 'output' in result);
  const code = bundle?.output[0].code ?? '';
  expect(code.includes('instanceof Promise')).toBe(!isSlim);
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  // The names are those of the protocol, and each ends as its kind does.
  return module as Readonly<Record<string, Schema>>;
}

const WRONG = [undefined, null, '', 'x', -1, 1.5, Number.NaN, Number.MAX_VALUE, true, [], [null], {}, { type: 'x' }];

/** The value with each of its parts, however deep, replaced by each of the wrong ones, left out, or with one too many. */
function spoiled(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [...WRONG];
  if (Array.isArray(value)) return [...WRONG, ...spoiled(value[0]).map((part) => [part]), Array(3_000).fill(value[0])];
  const deeper = Object.entries(value).flatMap(([name, part]) => [
    ...spoiled(part).map((wrong) => ({ ...value, [name]: wrong })),
    Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
  ]);
  return [...WRONG, { ...value, notKnown: 1 }, ...deeper];
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  quoteSchema: sampleQuote,
  balanceSchema: sampleBalance('berlin'),
  callRecordSchema: sampleCall('call-0001', SAM),
  serverEventSchema: { type: 'balance', balance: sampleBalance('berlin') },
  numberSearchSchema: { country: 'US', areaCode: '415', contains: '5' },
};

describe('zod in the browser build', () => {
  test('reads and refuses the same answers as the published one, for the same reasons', async () => {
    const [slim, published] = [await schemas(true), await schemas(false)];
    for (const [name, sample] of Object.entries(SAMPLES)) {
      const outcomes = new Set<boolean>();
      for (const value of [sample, ...spoiled(sample)]) {
        const [read, expected] = [slim[name]?.safeParse(value), published[name]?.safeParse(value)];
        expect(read?.success, name).toBe(expected?.success);
        expect(read?.data).toEqual(expected?.data);
        expect(JSON.stringify(read?.error?.issues)).toBe(JSON.stringify(expected?.error?.issues));
        outcomes.add(read?.success === true);
      }
      expect(outcomes, name).toEqual(new Set([true, false]));
    }
  });

  test('has in this version what is left out', () => {
    for (const path of Object.keys({ ...FIXED_VALUES, ...LEFT_OUT_PROPERTIES })) {
      const published = readFileSync(join(zod, path), 'utf8');
      const read = withoutProperties(path, published, LEFT_OUT_PROPERTIES[path] ?? []);
      expect(withFixedValues(path, read, FIXED_VALUES[path] ?? {}).length).toBeLessThan(published.length);
    }
  });

  test('is asked by no file of the widget for what it has not', () => {
    const files = ['src/protocol', 'src/gate', 'src/phone'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => ({ file, source: readFileSync(join(root, folder, file), 'utf8') })),
    );
    expect(files.filter(({ source }) => source.includes('safeParse')).length).toBeGreaterThan(0);
    const wish =
      /\b(safeParseAsync|parseAsync|codec)\(|z\.(coerce|encode|decode|codec)|[sS]chema\.(parse|brand|register|apply|with)\(/;
    expect(files.filter(({ source }) => wish.test(source)).map(({ file }) => file)).toEqual([]);
    expect(files.filter(({ source }) => /z\.(refine|check)\(async/.test(source)).map(({ file }) => file)).toEqual([]);
  });
});

describe('methods of an object', () => {
  test('go with their comma, and data of the same name stay', () => {
    const code = 'a = { b() {}, get c() { return 1 }, set c(x) {}, d: 1, "~e"() {} }; f = { b: 2, d() {} };';
    expect(withoutProperties('a.js', code, ['b', 'c', '~e'])).toBe('a = {    d: 1,  }; f = { b: 2, d() {} };');
  });

  test('must be looked at again when they are not there', () => {
    expect(() => withoutProperties('a.js', 'a = { b: 1 };', ['b'])).toThrow('has no b any more');
  });
});
