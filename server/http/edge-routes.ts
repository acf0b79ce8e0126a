/** The SIP edge's side of the server: admissions and reports (server/edge/edge-contract.ts), authenticated by a shared secret. */
import type { Hono } from 'hono';
import type * as z from 'zod/mini';
import { callIdSchema } from '../../src/protocol/call.ts';
import {
  admissionRequestSchema,
  admissionSchema,
  answeredReportSchema,
  EDGE_PATHS,
  endedReportSchema,
  extraAnswerSchema,
  extraRequestSchema,
  reportAnswerSchema,
  ringingReportSchema,
} from '../edge/edge-contract.ts';
import type { EdgeService } from '../services.ts';
import { answerJson, inTime, refuse } from './answer.ts';
import { bearerSecret } from './bearer-secret.ts';
import type { Exchange, GateContext } from './exchange.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { readBody } from './read-input.ts';

export interface EdgeDependencies {
  readonly edge: EdgeService;
  readonly edgeSecret: string;
  /** Counts only those who do not know the secret. */
  readonly addressLimiter: RateLimiter;
  readonly checkAnswers: boolean;
}

export function bindEdge(app: Hono<{ Bindings: Exchange }>, dependencies: EdgeDependencies): void {
  const { edge } = dependencies;
  const report = { response: reportAnswerSchema, dependencies };
  app.post(
    EDGE_PATHS.admissions,
    edgeRoute('edgeAdmission', { ...report, body: admissionRequestSchema, response: admissionSchema }, (_, request) =>
      edge.admit(request),
    ),
  );
  app.post(
    EDGE_PATHS.ringing,
    edgeRoute('edgeRinging', { ...report, body: ringingReportSchema }, (callId, body) => edge.ringing(callId, body)),
  );
  app.post(
    EDGE_PATHS.answered,
    edgeRoute('edgeAnswered', { ...report, body: answeredReportSchema }, (callId, body) => edge.answered(callId, body)),
  );
  app.post(
    EDGE_PATHS.extras,
    edgeRoute('edgeExtra', { ...report, body: extraRequestSchema, response: extraAnswerSchema }, (callId, body) =>
      edge.extra(callId, body),
    ),
  );
  app.post(
    EDGE_PATHS.ended,
    edgeRoute('edgeEnded', { ...report, body: endedReportSchema }, (callId, body) => edge.ended(callId, body)),
  );
}

function edgeRoute<Schema extends z.ZodMiniType>(
  name: string,
  route: { readonly body: Schema; readonly response: z.ZodMiniType; readonly dependencies: EdgeDependencies },
  handle: (callId: string, body: z.output<Schema>) => Promise<unknown>,
) {
  const { addressLimiter, edgeSecret, checkAnswers } = route.dependencies;
  const isEdge = bearerSecret(edgeSecret);
  return async (context: GateContext): Promise<Response> => {
    context.env.route = name;
    if (!isEdge(context.req.raw.headers.get('authorization'))) {
      const retryInSeconds = addressLimiter.take(context.env.address);
      return retryInSeconds > 0 ? refuse(context, 'rate_limited') : refuse(context, 'edge_forbidden');
    }
    const callId = context.req.param('callId') ?? '';
    if (callId !== '' && !callIdSchema.safeParse(callId).success) {
      return refuse(context, 'request_invalid', { errors: [{ field: 'callId', reason: 'is not a call id' }] });
    }
    const body = await readBody(context.req.raw, route.body);
    if (!body.ok) return refuse(context, body.code, { errors: body.errors });
    return answerJson(await inTime(handle(callId, body.value)), checkAnswers ? route.response : undefined);
  };
}
