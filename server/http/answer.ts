/** Answers as JSON or as problem documents, and what happens when one takes too long. */
import type * as z from 'zod/mini';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { UnavailableError } from '../storage/store.ts';
import type { GateContext } from './exchange.ts';
import { type ProblemContext, type ProblemReason, problemResponse } from './problem-response.ts';

/** A request that is not answered by then is refused as `unavailable`; asking again with the same ids is safe. */
export const REQUEST_TIMEOUT_MS = 10_000;

const JSON_HEADERS = { 'content-type': 'application/json' };

export function refuse(
  context: GateContext,
  reason: ProblemReason,
  more: Omit<ProblemContext, 'instance'> = {},
): Response {
  context.env.problem = typeof reason === 'string' ? reason : reason.code;
  return problemResponse(reason, { ...more, instance: context.env.requestId });
}

/** `schema` checks our own answer (in tests): an answer that breaks the contract is a bug, whatever the widget makes of it. */
export function answer<T>(context: GateContext, outcome: OfficeOutcome<T>, schema?: z.ZodMiniType): Response {
  if (!outcome.ok) return refuse(context, outcome.refusal);
  // With all headers from the start: set one after the other they are a tenth of the time of a request.
  context.env.hasHeaders = true;
  return answerJson(outcome.value, schema, context.env.headers);
}

export function answerJson(
  value: unknown,
  schema?: z.ZodMiniType,
  headers: Readonly<Record<string, string>> = {},
): Response {
  if (schema) assertAnswer(value, schema);
  return new Response(JSON.stringify(value), { headers: { ...headers, ...JSON_HEADERS } });
}

function assertAnswer(value: unknown, schema: z.ZodMiniType): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`The answer breaks the contract: ${JSON.stringify(parsed.error.issues)}`);
}

/** Rejects with UnavailableError when the work takes longer. The work itself goes on. */
export function inTime<T>(work: Promise<T>, timeoutMs = REQUEST_TIMEOUT_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new UnavailableError('The request took too long')), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
