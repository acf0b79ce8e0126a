/**
 * Stripe on this machine, for the real SDK over HTTP: keys, idempotency and errors as Stripe's documents say, every request checked by
 * schemas of the SDK's own types. A test can lose answers, refuse, or slow it down.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { readForm } from './form-body.ts';
import { type RequestCheck, stripeRequestCheck } from './request-schemas.ts';
import { type LocalEvent, missing, newId, StripeRefusal, StripeState } from './stripe-state.ts';

export const STRIPE_KEY = 'sk_test_local';
export const WEBHOOK_SECRET = 'whsec_local';

export interface LocalRequest {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly params: Record<string, unknown>;
  readonly key: string | null;
}

/** before: never arrived. after: done, and the answer is lost. */
export interface LocalFault {
  readonly route: string;
  readonly mode: 'drop_before' | 'drop_after' | 'hang_after' | '500' | '429';
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An answer that another request with the same key will get, with what was asked. */
interface Remembered {
  readonly asked: string;
  answer: Answer | null;
}

let sharedCheck: RequestCheck | null = null;

export class LocalStripe {
  readonly state: StripeState;
  readonly requests: LocalRequest[] = [];
  readonly faults: LocalFault[] = [];
  readonly #check: RequestCheck;
  readonly #server: Server;
  readonly #remembered = new Map<string, Remembered>();

  private constructor(nowMs: () => number) {
    this.state = new StripeState(nowMs);
    sharedCheck ??= stripeRequestCheck();
    this.#check = sharedCheck;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async open(nowMs: () => number = Date.now): Promise<LocalStripe> {
    const stripe = new LocalStripe(nowMs);
    await new Promise<void>((resolve) => stripe.#server.listen(0, '127.0.0.1', resolve));
    return stripe;
  }

  get address() {
    // A listening server on a port has an address of this form.
    const { port } = this.#server.address() as AddressInfo;
    return { host: '127.0.0.1', port, protocol: 'http' as const };
  }

  /** A delivery as Stripe signs it. */
  signed(event: LocalEvent, { secret = WEBHOOK_SECRET, atMs = this.state.nowMs() } = {}) {
    const body = JSON.stringify(event);
    const timestamp = Math.floor(atMs / 1_000);
    const signature = new Stripe(STRIPE_KEY).webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    return { body, signature };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    this.requests.push(asked);
    const at = this.faults.findIndex(({ route }) => route === asked.route);
    const fault = at < 0 ? null : this.faults.splice(at, 1)[0]?.mode;
    if (fault === 'drop_before') return void request.socket.destroy();
    const answer = this.#refusedByFault(fault ?? null) ?? this.#answer(asked, request.headers.authorization);
    if (fault === 'drop_after') return void request.socket.destroy();
    if (fault === 'hang_after') return;
    response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': newId('req') });
    response.end(JSON.stringify(answer.body));
  }

  #refusedByFault(fault: LocalFault['mode'] | null): Answer | null {
    if (fault === '500') return { status: 500, body: { error: { type: 'api_error', message: 'boom' } } };
    if (fault !== '429') return null;
    return {
      status: 429,
      body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'slow down' } },
    };
  }

  #answer(asked: LocalRequest, authorization: string | undefined): Answer {
    if (authorization !== `Bearer ${STRIPE_KEY}`) {
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key' } } };
    }
    const content = asked.method + asked.path + JSON.stringify(asked.params);
    const known = asked.key === null ? undefined : this.#remembered.get(asked.key);
    if (known && known.asked !== content) {
      const message = 'Keys for idempotent requests can only be used with the same parameters';
      return { status: 400, body: { error: { type: 'idempotency_error', message } } };
    }
    if (known?.answer) return known.answer;
    const answer = this.#decide(asked);
    // What fails before it begins is not kept; a decline is.
    const isKept = asked.key !== null && asked.method === 'POST' && (answer.status < 400 || answer.status === 402);
    if (isKept) this.#remembered.set(asked.key ?? '', { asked: content, answer: structuredClone(answer) });
    return answer;
  }

  #decide(asked: LocalRequest): Answer {
    try {
      const wrong = this.#check(asked.route, asked.params);
      if (wrong !== null) {
        throw new StripeRefusal(400, { type: 'invalid_request_error', code: 'parameter_unknown', message: wrong });
      }
      return { status: 200, body: this.#route(asked) };
    } catch (error) {
      if (error instanceof StripeRefusal) return { status: error.status, body: { error: error.body } };
      return { status: 500, body: { error: { type: 'api_error', message: String(error) } } };
    }
  }

  #route({ route, path, params }: LocalRequest): unknown {
    const { state } = this;
    const id = path.split('/')[3] ?? '';
    switch (route) {
      case 'POST /v1/customers':
        return { id: newId('cus'), object: 'customer', metadata: params.metadata };
      case 'POST /v1/payment_intents':
        return this.#expanded(state.createIntent('payment_intent', params), params);
      case 'GET /v1/payment_intents':
        return list(path, [...state.intents.values()].filter((one) => this.#isListed(one, params)).reverse());
      case 'POST /v1/setup_intents':
        return this.#expanded(state.createIntent('setup_intent', params), params);
      case 'GET /v1/payment_intents/:id':
      case 'GET /v1/setup_intents/:id':
        return this.#expanded(state.intent(id), params);
      case 'POST /v1/payment_intents/:id/cancel':
        return state.cancel(id);
      case 'GET /v1/payment_methods/:id':
        return state.cards.get(id) ?? missing(`No such PaymentMethod: '${id}'`);
      case 'POST /v1/payment_methods/:id/detach':
        return state.detach(id);
      case 'POST /v1/refunds':
        return state.refund(params);
      case 'GET /v1/refunds':
        return list(
          path,
          [...state.refunds.values()].filter((one) => one.payment_intent === params.payment_intent),
        );
      case 'GET /v1/refunds/:id':
        return state.refunds.get(id) ?? missing(`No such refund: '${id}'`);
      case 'GET /v1/disputes/:id':
        return state.disputes.get(id) ?? missing(`No such dispute: '${id}'`);
      case 'GET /v1/events':
        return list(path, this.#listedEvents(params));
      default:
        return missing(`Unrecognized request URL (${route})`);
    }
  }

  #isListed(intent: { customer: string | null; created: number; object: string }, params: Record<string, unknown>) {
    const since = Number((params.created as { gte?: string } | undefined)?.gte ?? 0);
    return intent.object === 'payment_intent' && intent.customer === params.customer && intent.created >= since;
  }

  #listedEvents(params: Record<string, unknown>): readonly LocalEvent[] {
    const since = Number((params.created as { gte?: string } | undefined)?.gte ?? 0);
    const types = params.types as readonly string[] | undefined;
    return this.state.events
      .filter(({ created, type }) => created >= since && (types?.includes(type) ?? true))
      .toReversed();
  }

  #expanded(intent: { payment_method: string | null }, params: Record<string, unknown>): unknown {
    const isAsked = (params.expand as readonly string[] | undefined)?.includes('payment_method');
    const card = this.state.cards.get(intent.payment_method ?? '');
    return isAsked && card ? { ...intent, payment_method: card } : intent;
  }
}

async function readRequest(request: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, search } = new URL(request.url ?? '/', 'http://local');
  const method = request.method ?? '';
  const text = method === 'POST' ? Buffer.concat(chunks).toString() : search.slice(1);
  const route = `${method} ${pathname.replace(/(\/v1\/\w+\/)[^/]+/, '$1:id')}`;
  const key = request.headers['idempotency-key'];
  return { method, path: pathname, route, params: readForm(text), key: typeof key === 'string' ? key : null };
}

function list(url: string, data: readonly unknown[]) {
  return { object: 'list', url, has_more: false, data };
}
