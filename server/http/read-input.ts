/** Reads path parameters, query and body of a request by the endpoint's schemas; every wrong field is named with its reason. */
import * as z from 'zod/mini';
import { creditRequestIdSchema } from '../../src/protocol/account.ts';
import { callIdSchema } from '../../src/protocol/call.ts';
import type { Endpoint } from '../../src/protocol/endpoints.ts';
import { paymentIdSchema } from '../../src/protocol/payment.ts';
import { dialableNumberSchema } from '../../src/protocol/phone-number.ts';
import { serviceChargeIdSchema } from '../../src/protocol/service.ts';
import { statementSequenceSchema } from '../../src/protocol/statement.ts';
import type { FieldError } from './problem-response.ts';

// zod/mini says "Invalid input" to everything unless it is given a language. The widget has its own texts; these are for developers.
z.config(z.locales.en());

/** The longest request body, in bytes. The largest of ours are a few hundred. */
export const MAX_BODY_BYTES = 16_384;

/** What may stand in a path, by the parameter's name. */
export const PARAMETER_SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  callId: callIdSchema,
  requestId: creditRequestIdSchema,
  number: dialableNumberSchema,
  paymentId: paymentIdSchema,
  setupId: paymentIdSchema,
  sequence: statementSequenceSchema,
  chargeId: serviceChargeIdSchema,
};

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: 'request_invalid' | 'body_too_large'; readonly errors: readonly FieldError[] };

export interface RawRequest {
  readonly request: Request;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

type Part = 'parameter' | 'query' | 'body';

/** All of it in one object, or what is wrong with each part. */
export async function readInput(
  endpoint: Pick<Endpoint, 'query' | 'body'>,
  raw: RawRequest,
): Promise<Reading<Record<string, unknown>>> {
  const errors: FieldError[] = [];
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw.parameters)) {
    input[name] = parse(PARAMETER_SCHEMAS[name] ?? z.string(), value, { part: 'parameter', name, errors });
  }
  if (endpoint.query) Object.assign(input, parse(endpoint.query, raw.query, { part: 'query', errors }));
  if (endpoint.body) {
    const body = await readBody(raw.request, endpoint.body);
    if (body.ok) Object.assign(input, body.value);
    else if (body.code === 'body_too_large') return body;
    else errors.push(...body.errors);
  }
  return errors.length === 0 ? { ok: true, value: input } : { ok: false, code: 'request_invalid', errors };
}

/** Reads a JSON body by a schema. */
export async function readBody<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
): Promise<Reading<z.output<Schema>>> {
  const isJson = /^application\/json\b/i.test(request.headers.get('content-type') ?? '');
  if (!isJson) return invalid([{ field: 'content-type', reason: 'must be application/json' }]);
  const text = await readText(request);
  if (text === null) return { ok: false, code: 'body_too_large', errors: [] };
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success ? { ok: true, value: parsed.data } : invalid(fieldErrors(parsed.error.issues, 'body'));
}

/** Null when it is longer than `maxBytes`. A length that is announced is trusted (HTTP holds the sender to it), otherwise it is counted. */
export async function readText(request: Request, maxBytes = MAX_BODY_BYTES): Promise<string | null> {
  const announced = request.headers.get('content-length');
  if (announced !== null) return Number(announced) > maxBytes ? null : await request.text();
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): Reading<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return invalid([{ field: '', reason: 'is not JSON' }]);
  }
}

function parse(
  schema: z.ZodMiniType,
  value: unknown,
  context: { readonly part: Part; readonly name?: string; readonly errors: FieldError[] },
): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  context.errors.push(...fieldErrors(parsed.error.issues, context.part, context.name));
  return undefined;
}

function fieldErrors(issues: readonly z.core.$ZodIssue[], part: Part, name?: string): readonly FieldError[] {
  return issues.flatMap((issue) =>
    pathsOf(issue).map((path) => ({
      field: name ?? (part === 'body' ? jsonPointer(path) : String(path[0] ?? '')),
      reason: issue.message,
    })),
  );
}

/** Where it is wrong; a field that nobody knows is named itself, not what it stands in. */
function pathsOf(issue: z.core.$ZodIssue): readonly (readonly PropertyKey[])[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** RFC 6901. */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function invalid(errors: readonly FieldError[]): Reading<never> {
  return { ok: false, code: 'request_invalid', errors };
}
