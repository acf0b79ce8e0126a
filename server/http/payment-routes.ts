/** Payment addresses without an access token: the provider's reports, and the simulated provider's own two. */
import type { Hono } from 'hono';
import type * as z from 'zod/mini';
import { WEBHOOK_PATH } from '../../src/protocol/payment-routes.ts';
import {
  SIMULATED_PAYMENT_PATHS,
  type SimulatedAnswer,
  simulatedAuthenticateSchema,
  simulatedConfirmSchema,
} from '../../src/protocol/simulated-payment.ts';
import type { PaymentService } from '../payments/payment-service.ts';
import type { SimulatedProvider } from '../payments/simulated-provider.ts';
import { answer, answerJson, inTime, refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { readBody, readText } from './read-input.ts';

export interface PaymentRouteDependencies {
  readonly payments: PaymentService;
  /** Its addresses are there only when it is the provider. */
  readonly simulatedProvider: SimulatedProvider | null;
}

/** Stripe's largest events are some 50 kB. */
const MAX_REPORT_BYTES = 256 * 1024;
const SIGNATURE_HEADER = 'stripe-signature';

export function bindPayments(
  app: Hono<{ Bindings: Exchange }>,
  { payments, simulatedProvider }: PaymentRouteDependencies,
): void {
  app.post(WEBHOOK_PATH, webhookRoute(payments));
  if (!simulatedProvider) return;
  const { confirm, authenticate } = SIMULATED_PAYMENT_PATHS;
  app.post(
    confirm,
    simulatedRoute(simulatedConfirmSchema, (given) => simulatedProvider.confirm(given)),
  );
  app.post(
    authenticate,
    simulatedRoute(simulatedAuthenticateSchema, (given) => simulatedProvider.authenticate(given)),
  );
}

/** Answered with 200 once the report is stored; anything else makes the provider send it again. */
function webhookRoute(payments: PaymentService) {
  return async (context: GateContext): Promise<Response> => {
    context.env.route = 'webhook';
    const body = await readText(context.req.raw, MAX_REPORT_BYTES);
    if (body === null) return refuse(context, 'body_too_large');
    const provider = context.req.param('provider') ?? '';
    const signature = context.req.raw.headers.get(SIGNATURE_HEADER);
    return answer(context, await inTime(payments.takeReport({ provider, body, signature })));
  };
}

function simulatedRoute<Schema extends z.ZodMiniType>(
  schema: Schema,
  handle: (given: z.output<Schema>) => Promise<SimulatedAnswer | null>,
) {
  return async (context: GateContext): Promise<Response> => {
    context.env.route = 'simulatedPayment';
    const body = await readBody(context.req.raw, schema);
    if (!body.ok) return refuse(context, body.code, { errors: body.errors });
    const done = await inTime(handle(body.value));
    return done === null ? refuse(context, 'payment_unknown') : answerJson(done);
  };
}
