/**
 * Says what is wrong with a request, by JSON schemas made from the SDK's own types: what the pinned version does not know is refused, as
 * Stripe would. Making them takes some 10 s, so they are kept in the folder for temporary files, by SDK version and request types.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { createGenerator, type Schema } from 'ts-json-schema-generator';

const TYPES = resolve(import.meta.dirname, 'request-types.ts');
const ROOT = resolve(import.meta.dirname, '../../..');

export type RequestCheck = (route: string, params: Record<string, unknown>) => string | null;

/**
 * Null when the request fits; otherwise what does not. Numbers and flags come as text, as in a form, and are read as what they should be.
 */
export function stripeRequestCheck(): RequestCheck {
  const { properties = {}, definitions = {} } = requestSchemas();
  const ajv = new Ajv({ strict: false, allErrors: false, coerceTypes: true });
  // All at once and before anybody waits: the largest takes seconds.
  const checks = new Map(
    Object.entries(properties).map(([route, schema]) => [
      route,
      ajv.compile({ $ref: '#/it', it: schema, definitions }),
    ]),
  );
  return (route, params) => {
    const check = checks.get(route);
    if (!check) return `no such address: ${route}`;
    if (check(structuredClone(params))) return null;
    return (check.errors ?? [])
      .map(({ instancePath, message, params: more }) => `${instancePath} ${message} ${JSON.stringify(more)}`)
      .join('; ');
  };
}

function requestSchemas(): Schema {
  const file = join(tmpdir(), `credit-phone-stripe-requests-${versionKey()}.json`);
  if (!existsSync(file)) {
    // Several test files may come here at once: each writes its own, the last rename wins.
    const mine = join(mkdtempSync(join(tmpdir(), 'credit-phone-stripe-')), 'schemas.json');
    writeFileSync(mine, JSON.stringify(generate()));
    renameSync(mine, file);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function generate(): Schema {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-stripe-'));
  const tsconfig = join(folder, 'tsconfig.json');
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files: [TYPES] }));
  const options = { path: TYPES, tsconfig, skipTypeCheck: true, expose: 'none', topRef: false } as const;
  return createGenerator({ ...options, additionalProperties: false }).createSchema('StripeRequests');
}

function versionKey(): string {
  const sdk = readFileSync(join(ROOT, 'node_modules/stripe/package.json'), 'utf8');
  return createHash('sha256').update(sdk).update(readFileSync(TYPES)).digest('hex').slice(0, 16);
}
