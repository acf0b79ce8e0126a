/**
 * The gate as a plain (Request) => Promise<Response>, mountable in any application that speaks the web's own Request and Response.
 *
 *   request ── preflight? ── limit by address ── route ── who asks, which office ── limit by person ── input ── service ── answer
 */
import { Hono } from 'hono';
import { RegExpRouter } from 'hono/router/reg-exp-router';
import type { EventHub } from './events/event-hub.ts';
import type { EventStreams } from './events/event-streams.ts';
import { refuse } from './http/answer.ts';
import type { Authenticator } from './http/authenticate.ts';
import { clientAddress } from './http/client-address.ts';
import { createCors } from './http/cors.ts';
import { bindEdge } from './http/edge-routes.ts';
import { bindEndpoints } from './http/endpoint-routes.ts';
import { bindEvents } from './http/events-route.ts';
import type { Exchange } from './http/exchange.ts';
import { bindInvoiceFiles } from './http/invoice-route.ts';
import type { OfficeDirectory } from './http/office-directory.ts';
import { bindOperations } from './http/operations-routes.ts';
import { bindPayments } from './http/payment-routes.ts';
import { problemResponse } from './http/problem-response.ts';
import { RateLimiter } from './http/rate-limiter.ts';
import { createRequestIds } from './http/request-id.ts';
import { bindRooms, type EndpointRoom } from './http/room-routes.ts';
import { SECURITY_HEADERS } from './http/security-headers.ts';
import { bindStatementCsv } from './http/statement-route.ts';
import { bindStopMail, type StopMail } from './http/stop-mail-route.ts';
import { bindUnmatched } from './http/unmatched-routes.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { PaymentService } from './payments/payment-service.ts';
import type { SimulatedProvider } from './payments/simulated-provider.ts';
import type { EdgeService, EndpointHandlers, Identity, OfficeEvent, ServerClock } from './services.ts';
import type { StatementService } from './statements/statement-service.ts';
import type { Store } from './storage/store.ts';

/** What the transport knows and a Request does not tell. */
export interface Peer {
  /** IP address of the other side, for limits by address; null when unknown. */
  readonly address: string | null;
}

export interface Gate {
  fetch(request: Request, peer?: Peer): Promise<Response>;
  /** Ends every event stream; requests after that are answered `unavailable`. */
  close(): Promise<void>;
}

export interface GateDependencies {
  readonly handlers: EndpointHandlers;
  readonly edge: EdgeService;
  readonly payments: PaymentService;
  readonly statements: Pick<StatementService, 'exportCsv'>;
  /** Addresses beside those of `handlers`. */
  readonly rooms: readonly EndpointRoom[];
  /** Its own addresses are there when it is the provider. */
  readonly simulatedProvider: SimulatedProvider | null;
  readonly visibleEvent: (identity: Identity, event: OfficeEvent) => OfficeEvent;
  readonly hub: EventHub;
  readonly streams: EventStreams;
  readonly authenticator: Authenticator;
  readonly offices: OfficeDirectory;
  readonly clock: ServerClock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For /readyz. */
  readonly store: Pick<Store, 'place' | 'check'>;
  readonly stopMail: StopMail;
  /** True when the failure is an outage, which is logged once for all the requests that meet it. */
  readonly isOutage: (error: unknown) => boolean;
  readonly settings: GateSettings;
}

export interface GateSettings {
  readonly edgeSecret: string;
  readonly corsOrigins: readonly string[];
  readonly metricsToken: string | null;
  readonly trustedProxies: number;
  readonly personRequestsPerSecond: number;
  readonly hostRequestsPerSecond: number;
  readonly addressRequestsPerSecond: number;
  /** Checks every answer against the contract; for tests, since it costs time. */
  readonly checkAnswers?: boolean;
}

/** Where the data lies is told to operators only, by /readyz. */
const OUTAGE_DETAIL = 'The server cannot use its data now; /readyz says why. Asking again with the same ids is safe.';

export function createGate(dependencies: GateDependencies): Gate {
  const { logger, metrics, settings, streams } = dependencies;
  const app = createApp(dependencies);
  const cors = createCors(settings.corsOrigins);
  const newRequestId = createRequestIds();
  let isClosed = false;
  return {
    async fetch(request, peer = { address: null }) {
      const startedMs = performance.now();
      const requestId = newRequestId(request.headers.get('x-request-id'));
      const exchange: Exchange = {
        requestId,
        headers: { ...SECURITY_HEADERS, ...cors.headers(request), 'x-request-id': requestId },
        hasHeaders: false,
        address: clientAddress(request, { peerAddress: peer.address, trustedProxies: settings.trustedProxies }),
        route: 'none',
        personId: null,
        problem: null,
      };
      const response = isClosed
        ? problemResponse('unavailable', { instance: exchange.requestId })
        : (cors.preflight(request) ?? (await app.fetch(request, exchange)));
      if (!exchange.hasHeaders) addHeaders(response, exchange.headers);
      const durationMs = performance.now() - startedMs;
      metrics.countRequest({ route: exchange.route, status: response.status, durationMs });
      logRequest(logger, { exchange, request, status: response.status, durationMs });
      return response;
    },
    async close() {
      isClosed = true;
      streams.endAll();
    },
  };
}

function addHeaders(response: Response, headers: Exchange['headers']): void {
  for (const name in headers) response.headers.set(name, headers[name] ?? '');
}

function createApp(dependencies: GateDependencies): Hono<{ Bindings: Exchange }> {
  const { clock, logger, metrics, settings } = dependencies;
  const addressLimiter = new RateLimiter(settings.addressRequestsPerSecond, clock);
  const personLimiter = new RateLimiter(settings.personRequestsPerSecond, clock);
  const hostLimiter = new RateLimiter(settings.hostRequestsPerSecond, clock);
  const checkAnswers = settings.checkAnswers ?? false;
  // Named, because what it cannot tell apart (a word and a parameter in one place) would else be left to a router three times as slow.
  const app = new Hono<{ Bindings: Exchange }>({ router: new RegExpRouter() });
  // Edges come first: they prove who they are with each request and must not be slowed down by anybody's limit.
  bindEdge(app, { edge: dependencies.edge, edgeSecret: settings.edgeSecret, addressLimiter, checkAnswers });
  app.use(async (context, next) => {
    const retryInSeconds = addressLimiter.take(context.env.address);
    if (retryInSeconds > 0) return refuse(context, { code: 'rate_limited', whoCanFix: 'nobody', retryInSeconds });
    return next();
  });
  bindEndpoints(app, { ...dependencies, personLimiter, hostLimiter, checkAnswers });
  bindRooms(app, { ...dependencies, personLimiter, hostLimiter, checkAnswers });
  bindPayments(app, dependencies);
  bindInvoiceFiles(app, { ...dependencies, personLimiter, hostLimiter });
  bindStatementCsv(app, { ...dependencies, personLimiter, hostLimiter });
  bindEvents(app, { ...dependencies, personLimiter, hostLimiter });
  bindStopMail(app, dependencies);
  bindOperations(app, { ...dependencies, registry: metrics.registry, metricsToken: settings.metricsToken });
  bindUnmatched(app);
  app.onError((error, context) => {
    if (dependencies.isOutage(error)) return refuse(context, 'unavailable', { detail: OUTAGE_DETAIL });
    logger.error({ requestId: context.env.requestId, route: context.env.route, error }, 'request failed');
    return refuse(context, 'internal');
  });
  return app;
}

/** What went well is only worth a line to somebody who debugs; the metrics count it. */
function logRequest(
  logger: Logger,
  facts: {
    readonly exchange: Exchange;
    readonly request: Request;
    readonly status: number;
    readonly durationMs: number;
  },
): void {
  const level = levelOf(facts.status);
  if (!logger.isLevelEnabled(level)) return;
  const { requestId, route, personId, problem, address } = facts.exchange;
  const { method } = facts.request;
  const durationMs = Math.round(facts.durationMs * 10) / 10;
  // The address without its query: what somebody dials is nobody's business in a log.
  const path = new URL(facts.request.url).pathname;
  logger[level](
    { requestId, method, path, route, status: facts.status, durationMs, personId, problem, address },
    'request',
  );
}

/** An outage has its own line; each request that it met is no more worth than one that was refused. */
function levelOf(status: number): 'error' | 'info' | 'debug' {
  if (status === 503) return 'info';
  return status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
}
