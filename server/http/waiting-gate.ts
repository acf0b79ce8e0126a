/**
 * Answers while the server has no data yet: alive, not ready, and why. Nothing is looked up and nobody is identified; what a widget or
 * an edge asks is refused as `unavailable`, which both know to ask again.
 */
import { answerJson } from './answer.ts';
import { createCors } from './cors.ts';
import { problemResponse } from './problem-response.ts';
import { createRequestIds } from './request-id.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface WaitingGateOptions {
  readonly corsOrigins: readonly string[];
  /** What the server waits for, for operators: names places, never secrets. */
  readonly reason: () => string;
}

/** For everybody who is not an operator: where the data lies is none of their business. */
const REASON_FOR_ALL = 'This server cannot reach its data yet and asks for it again and again; /readyz says why.';

export function createWaitingGate({ corsOrigins, reason }: WaitingGateOptions): (request: Request) => Response {
  const cors = createCors(corsOrigins);
  const newRequestId = createRequestIds();
  return (request) => {
    const requestId = newRequestId(request.headers.get('x-request-id'));
    const headers = { ...SECURITY_HEADERS, ...cors.headers(request), 'x-request-id': requestId };
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    const { pathname } = new URL(request.url);
    if (pathname === '/healthz') return answerJson({ status: 'alive' }, undefined, headers);
    const detail = pathname === '/readyz' ? reason() : REASON_FOR_ALL;
    return problemResponse('unavailable', { detail, instance: requestId, headers });
  };
}
