/** For those who run the server: is it alive, is it ready, what does it do, how is it called. */
import type { Hono } from 'hono';
import type { Registry } from 'prom-client';
import { PROBLEM_TITLES } from '../../src/protocol/problem-titles.ts';
import { withoutSecrets } from '../observability/logger.ts';
import type { Store } from '../storage/store.ts';
import { answerJson, inTime, refuse } from './answer.ts';
import { bearerSecret } from './bearer-secret.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { openApiDocument } from './openapi-document.ts';
import { EXPLAINED_CODES, problemParagraphs } from './problem-page.ts';
import { PROBLEM_PATH } from './problem-response.ts';

/** Shorter than the patience of usual load balancers and orchestrators. */
const READY_TIMEOUT_MS = 2_000;

export interface OperationsDependencies {
  readonly store: Pick<Store, 'place' | 'check'>;
  readonly registry: Registry;
  /** "public": no token needed; null: /metrics is not there. */
  readonly metricsToken: string | null;
}

export function bindOperations(app: Hono<{ Bindings: Exchange }>, dependencies: OperationsDependencies): void {
  const document = openApiDocument('/');
  app.get('/healthz', (context: GateContext) => {
    context.env.route = 'healthz';
    return answerJson({ status: 'alive' });
  });
  app.get('/readyz', async (context: GateContext) => {
    context.env.route = 'readyz';
    const reason = await reasonNotReady(dependencies.store);
    return reason === null ? answerJson({ status: 'ready' }) : refuse(context, 'unavailable', { detail: reason });
  });
  app.get('/openapi.json', (context: GateContext) => {
    context.env.route = 'openapi';
    return answerJson(document);
  });
  app.get(`${PROBLEM_PATH}:code`, problemRoute());
  app.get('/metrics', metricsRoute(dependencies));
}

/** null: the store can commit. Otherwise a sentence that names the place and the cause. */
async function reasonNotReady(store: Pick<Store, 'place' | 'check'>): Promise<string | null> {
  try {
    await inTime(store.check(), READY_TIMEOUT_MS);
    return null;
  } catch (error) {
    const cause = withoutSecrets(error instanceof Error ? error.message : String(error));
    return cause.includes(store.place) ? cause : `${store.place}: ${cause}`;
  }
}

function problemRoute() {
  const paragraphs = problemParagraphs();
  return (context: GateContext): Response => {
    context.env.route = 'problem';
    const code = EXPLAINED_CODES.find((one) => one === context.req.param('code'));
    if (!code) return refuse(context, 'not_found');
    const text = `${code}\n\n${PROBLEM_TITLES[code]}\n\n${paragraphs.get(code) ?? ''}\n`;
    return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  };
}

function metricsRoute({ metricsToken, registry }: OperationsDependencies) {
  const isAllowed = metricsToken === null || metricsToken === 'public' ? null : bearerSecret(metricsToken);
  return async (context: GateContext): Promise<Response> => {
    context.env.route = 'metrics';
    if (metricsToken === null) return refuse(context, 'not_found');
    if (isAllowed && !isAllowed(context.req.raw.headers.get('authorization'))) return refuse(context, 'token_missing');
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
  };
}
