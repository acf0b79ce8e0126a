/**
 * Leaves out of the browser build what zod can do and this widget never asks of it: to check what arrives later (promises), to write instead of
 * read (codecs, "backward"), to make numbers of texts (coerce), to stop at the first fault, to be called by other
 * libraries ("~standard"). src/gate reads answers by `safeParse`, by schemas of src/protocol that have no asynchronous check.
 *
 * The server, the development server and the tests run zod as it is published.
 */
import { type Plugin, Visitor } from 'vite';
import { type FixedValues, withFixedValues } from './fixed-values.ts';
import { type Edit, edited, program } from './source-edits.ts';

const ZOD = '/node_modules/zod/v4/';

/** Path in the package -> what its expressions always are here. Exact texts, so that an update of zod that changes one fails the build. */
export const FIXED_VALUES: Readonly<Record<string, FixedValues>> = {
  'core/parse.js': { 'result instanceof Promise': false },
  'core/schemas.js': {
    '_ instanceof Promise': false,
    'canary instanceof Promise': false,
    'checkResult instanceof Promise': false,
    'left instanceof Promise': false,
    'r instanceof Promise': false,
    'result instanceof Promise': false,
    'right instanceof Promise': false,
    'ctx.direction === "backward"': false,
    'ctx?.direction !== "backward"': true,
    'ctx.direction !== "backward"': true,
    'ctx.skipChecks': false,
    'ctx?.skipChecks': false,
    'ctx?.abortEarly': false,
    'def.coerce': false,
  },
};

/** Path in the package -> what every schema brings along and nobody here calls. */
export const LEFT_OUT_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'core/schemas.js': ['~standard'],
  'mini/schemas.js': ['with', 'parse', 'parseAsync', 'safeParseAsync', 'brand', 'register', 'apply'],
};

export function slimZod(): Plugin {
  return {
    name: 'slim-zod',
    apply: 'build',
    transform(code, id) {
      const path = pathInZod(id);
      if (path === null || !(path in FIXED_VALUES || path in LEFT_OUT_PROPERTIES)) return null;
      const read = withoutProperties(path, code, LEFT_OUT_PROPERTIES[path] ?? []);
      return { code: withFixedValues(path, read, FIXED_VALUES[path] ?? {}), map: null };
    },
  };
}

function pathInZod(id: string): string | null {
  const at = id.indexOf(ZOD);
  return at < 0 ? null : (id.slice(at + ZOD.length).split('?')[0] ?? null);
}

/** The module without the methods and accessors of these names in its object literals. Throws when one of them is not there. */
export function withoutProperties(path: string, code: string, names: readonly string[]): string {
  const edits: Edit[] = [];
  const missing = new Set(names);
  new Visitor({
    Property({ key, kind, method, start, end }) {
      const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : null;
      const isCalled = method || kind !== 'init';
      if (!isCalled || typeof name !== 'string' || !names.includes(name)) return;
      missing.delete(name);
      const comma = code.slice(end).match(/^\s*,/)?.[0].length ?? 0;
      edits.push({ start, end: end + comma, text: '' });
    },
  }).visit(program(path, code));
  if (missing.size > 0) throw new Error(`${path} has no ${[...missing].join(', ')} any more.`);
  return edited(code, edits);
}
