/** The OpenAPI 3.1 document, made from the same table and schemas that the routes are made from, so it cannot tell anything else. */
import * as z from 'zod/mini';
import { alertEventSchema } from '../../src/protocol/alert.ts';
import { ENDPOINT_TABLES } from '../../src/protocol/endpoint-tables.ts';
import { ENDPOINTS, EVENTS_PATH } from '../../src/protocol/endpoints.ts';
import { serverEventSchema } from '../../src/protocol/events.ts';
import { INVOICE_FILE_NAME, INVOICE_FILE_PATH } from '../../src/protocol/invoice.ts';
import type { OfficeEndpoint } from '../../src/protocol/office-endpoint.ts';
import { type OfficeProblemCode, officeProblemSchema } from '../../src/protocol/office-problem.ts';
import { paymentEventSchema } from '../../src/protocol/payment.ts';
import { type ProblemCode, problemSchema } from '../../src/protocol/problem.ts';
import { PROBLEM_TITLES } from '../../src/protocol/problem-titles.ts';
import { statementFilterSchema } from '../../src/protocol/statement.ts';
import { STATEMENT_CSV_PATH, STATEMENT_ROWS_HEADER } from '../../src/protocol/statement-routes.ts';
import { PROBLEM_CONTENT_TYPE, statusOf } from './problem-response.ts';
import { PARAMETER_SCHEMAS } from './read-input.ts';

type Json = Record<string, unknown>;

/** Every address with an access token can answer with these. */
const IDENTITY_PROBLEMS: readonly ProblemCode[] = [
  'token_missing',
  'token_invalid',
  'token_expired',
  'role_forbidden',
  'office_forbidden',
  'rate_limited',
  'unavailable',
  'internal',
];
const OFFICE_PARAMETER = {
  name: 'X-Office',
  in: 'header',
  required: false,
  description: 'Another office of the same account; for roles company and host only.',
  schema: { type: 'string' },
};

const WHO_MAY: Readonly<Record<OfficeEndpoint['role'], string>> = {
  agent: 'For every role but host.',
  billing: 'For roles billing and company.',
  host: "For role host, the host application's own backend.",
};

const invoicePath = INVOICE_FILE_PATH.replace(':file', '{file}');

/** `serverUrl` is where this document is served from. */
export function openApiDocument(serverUrl: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'credit-phone',
      version: '1.0.0',
      summary: 'Calls that never cost more than the credit there is.',
      description:
        'Amounts are integer millionths of the currency unit. Everything that moves money is repeatable by an id of the caller.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: serverUrl }],
    security: [{ accessToken: [] }],
    tags: [{ name: 'phone', description: 'What the widget asks.' }],
    paths: {
      ...paths(),
      [EVENTS_PATH]: { get: eventsOperation() },
      [invoicePath]: { get: invoiceFileOperation() },
      [STATEMENT_CSV_PATH]: { get: statementCsvOperation() },
    },
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "Signed by the host application's backend.",
        },
      },
      schemas: {
        Problem: jsonSchema(problemSchema, 'output'),
        OfficeProblem: jsonSchema(officeProblemSchema, 'output'),
      },
    },
  };
}

function paths(): Record<string, Json> {
  const all: Record<string, Json> = {};
  for (const [name, endpoint] of ENDPOINT_TABLES.flatMap((table) => Object.entries(table))) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    all[path] = { ...all[path], [endpoint.method.toLowerCase()]: operation(name, endpoint) };
  }
  return all;
}

function operation(name: string, endpoint: OfficeEndpoint): Json {
  return {
    operationId: name,
    tags: ['phone'],
    summary: endpoint.summary,
    description: WHO_MAY[endpoint.role],
    parameters: [...pathParameters(endpoint), ...queryParameters(endpoint), OFFICE_PARAMETER],
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input') } } },
    }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: jsonSchema(endpoint.response, 'output') } },
      },
      ...problemResponses([...endpoint.problems, ...inputProblems(endpoint), ...IDENTITY_PROBLEMS], {
        schema: name in ENDPOINTS ? 'Problem' : 'OfficeProblem',
      }),
    },
  };
}

/** A file, not JSON: it stands in no table. */
function invoiceFileOperation(): Json {
  return {
    operationId: 'invoiceFile',
    tags: ['phone'],
    summary: 'A receipt, invoice or credit note as PDF. The papers of others are not there.',
    description: WHO_MAY.billing,
    parameters: [
      {
        name: 'file',
        in: 'path',
        required: true,
        description: 'Name of the paper and ".pdf", for instance acme-000012.pdf.',
        schema: { type: 'string', pattern: INVOICE_FILE_NAME.source },
      },
      OFFICE_PARAMETER,
    ],
    responses: {
      200: {
        description: 'The paper, to be saved.',
        content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
      },
      ...problemResponses(['not_found', ...IDENTITY_PROBLEMS]),
    },
  };
}

/** Sent as it is read, so it stands in no table either. */
function statementCsvOperation(): Json {
  return {
    operationId: 'statementCsv',
    tags: ['phone'],
    summary:
      'The lines of a statement as CSV (RFC 4180), oldest first, safe in a spreadsheet, with the links that prove them.',
    description: WHO_MAY.billing,
    parameters: [...queryParameters({ query: statementFilterSchema }), OFFICE_PARAMETER],
    responses: {
      200: {
        description: 'The file, to be saved.',
        headers: {
          [STATEMENT_ROWS_HEADER]: {
            description: 'Rows that follow the header row; left out where counting would mean reading them all.',
            schema: { type: 'integer' },
          },
        },
        content: { 'text/csv': { schema: { type: 'string' } } },
      },
      ...problemResponses(['request_invalid', ...IDENTITY_PROBLEMS]),
    },
  };
}

function eventsOperation(): Json {
  return {
    operationId: 'events',
    tags: ['phone'],
    summary: 'Server-sent events of the office; each carries the whole new state of one thing.',
    description:
      'Resumable by Last-Event-ID; ends when the access token expires. A company admin may name several offices, separated by commas.',
    parameters: [
      OFFICE_PARAMETER,
      {
        name: 'Last-Event-ID',
        in: 'header',
        required: false,
        description: 'Id of the last event seen.',
        schema: { type: 'string' },
      },
    ],
    responses: {
      200: {
        description: 'A stream; the data of each event is as described.',
        content: {
          'text/event-stream': {
            schema: jsonSchema(z.union([serverEventSchema, paymentEventSchema, alertEventSchema]), 'output'),
          },
        },
      },
      ...problemResponses(IDENTITY_PROBLEMS),
    },
  };
}

function pathParameters(endpoint: OfficeEndpoint): readonly Json[] {
  return [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: jsonSchema(PARAMETER_SCHEMAS[name] ?? z.string(), 'input'),
  }));
}

function queryParameters(endpoint: Pick<OfficeEndpoint, 'query'>): readonly Json[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = endpoint.query?.def.shape ?? {};
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !(schema instanceof z.ZodMiniOptional),
    schema: jsonSchema(schema, 'input'),
  }));
}

function inputProblems(endpoint: OfficeEndpoint): readonly ProblemCode[] {
  if (endpoint.body) return ['request_invalid', 'body_too_large'];
  return endpoint.query || endpoint.path.includes(':') ? ['request_invalid'] : [];
}

/** One answer a status, naming all codes that have it. */
function problemResponses(
  codes: readonly (ProblemCode | OfficeProblemCode)[],
  { schema }: { readonly schema: string } = { schema: 'Problem' },
): Record<string, Json> {
  const byStatus = new Map<number, (ProblemCode | OfficeProblemCode)[]>();
  for (const code of new Set(codes)) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  const answers = [...byStatus].map(([status, group]) => [
    String(status),
    {
      description: group.map((code) => `\`${code}\`: ${PROBLEM_TITLES[code]}`).join('\n'),
      content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: `#/components/schemas/${schema}` } } },
    },
  ]);
  return Object.fromEntries(answers);
}

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  // A pipe into a transform (branded numbers) has no JSON schema of its output; what goes in has the same form.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: unwrapTransform });
  return rest;
}

function unwrapTransform(context: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: Json }): void {
  const { def } = context.zodSchema._zod;
  if (def.type !== 'pipe' || def.out._zod.def.type !== 'transform') return;
  const { $schema, ...inner } = z.toJSONSchema(def.in, { io: 'input' });
  Object.assign(context.jsonSchema, inner);
}
