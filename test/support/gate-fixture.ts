/** A gate with sample services behind it, a clock that tests move, and tokens signed by a host of its own. */
import { createSecretKey } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { EventHub } from '../../server/events/event-hub.ts';
import { EventStreams } from '../../server/events/event-streams.ts';
import { createGate, type Gate, type GateDependencies, type GateSettings } from '../../server/gate.ts';
import { createAuthenticator } from '../../server/http/authenticate.ts';
import { OfficeDirectory } from '../../server/http/office-directory.ts';
import { endpointRoom } from '../../server/http/room-routes.ts';
import { tokenKeys } from '../../server/http/token-keys.ts';
import { stopKeyOf } from '../../server/mail/mail-links.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createMetrics } from '../../server/observability/metrics.ts';
import type { PaymentService } from '../../server/payments/payment-service.ts';
import { UnavailableError } from '../../server/storage/store.ts';
import { officeRefusal } from '../../src/protocol/office-problem.ts';
import { PAYMENT_ENDPOINTS } from '../../src/protocol/payment-endpoints.ts';
import { refusal } from '../../src/protocol/problem.ts';
import { MovingClock } from './moving-clock.ts';
import { sampleEdge, sampleHandlers } from './sample-answers.ts';

export const TOKEN_SECRET = 'a-shared-secret-of-the-host-0123456789';
export const EDGE_SECRET = 'a-shared-secret-of-the-edge-0123456789';
export const ISSUER = 'https://host.example';
export const AUDIENCE = 'credit-phone';

const OFFICES = new Set(['acme/berlin', 'acme/austin', 'other/berlin']);

export interface GateFixture {
  readonly gate: Gate;
  readonly hub: EventHub;
  readonly streams: EventStreams;
  readonly clock: MovingClock;
  readonly logLines: string[];
  /** A token of Sam, agent of Acme's Berlin office, with other claims where given. */
  token(claims?: JWTPayload & { readonly lifetimeSeconds?: number }): Promise<string>;
  send(method: string, path: string, more?: SendOptions): Promise<Response>;
}

export interface SendOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

export function gateFixture(
  options: {
    readonly dependencies?: Partial<GateDependencies>;
    readonly settings?: Partial<GateSettings>;
    readonly clock?: MovingClock;
  } = {},
): GateFixture {
  const clock = options.clock ?? new MovingClock();
  const hub = new EventHub();
  const streams = new EventStreams();
  const logLines: string[] = [];
  const authenticator = createAuthenticator({
    keys: tokenKeys({ tokenSecret: TOKEN_SECRET, jwksUrl: null }),
    issuer: ISSUER,
    audience: AUDIENCE,
    maxSeconds: 3_600,
    clock,
  });
  const payments = options.dependencies?.payments ?? noPayments();
  const gate = createGate({
    handlers: sampleHandlers(),
    edge: sampleEdge(),
    payments,
    statements: { exportCsv: async () => ({ ok: false, refusal: refusal('office_forbidden') }) },
    rooms: [endpointRoom(PAYMENT_ENDPOINTS, payments.handlers)],
    simulatedProvider: null,
    visibleEvent: (_identity, event) => event,
    hub,
    streams,
    authenticator,
    offices: new OfficeDirectory(async (accountId, officeId) => OFFICES.has(`${accountId}/${officeId}`), clock),
    clock,
    logger: createLogger('trace', { write: (line) => logLines.push(line) }),
    metrics: createMetrics({ openStreams: () => streams.count }),
    store: { place: 'a store of the test', check: async () => undefined },
    stopMail: { key: stopKeyOf(EDGE_SECRET), choose: async () => true },
    isOutage: (error) => error instanceof UnavailableError,
    ...options.dependencies,
    settings: {
      edgeSecret: EDGE_SECRET,
      corsOrigins: [],
      metricsToken: 'public',
      trustedProxies: 0,
      personRequestsPerSecond: 100,
      hostRequestsPerSecond: 100,
      addressRequestsPerSecond: 1_000,
      checkAnswers: true,
      ...options.settings,
    },
  });
  const token: GateFixture['token'] = ({ lifetimeSeconds = 600, ...claims } = {}) =>
    signToken(claims, { clock, lifetimeSeconds });
  return { gate, hub, streams, clock, logLines, token, send: sender(gate, token) };
}

/** A server that takes no payments. */
function noPayments(): PaymentService {
  const off = async () => ({ ok: false, refusal: officeRefusal('payments_off') }) as const;
  const names = Object.keys(PAYMENT_ENDPOINTS);
  // Every name of the table gets the same answer.
  const handlers = Object.fromEntries(names.map((name) => [name, off])) as unknown as PaymentService['handlers'];
  return {
    handlers,
    takeReport: off,
    invoiceFile: async () => null,
    rechargeNow: async () => false,
    works: [],
    workOnce: async () => undefined,
  };
}

function sender(gate: Gate, token: GateFixture['token']): GateFixture['send'] {
  return async (method, path, { token: given, body, headers, address = '192.0.2.1' } = {}) => {
    const bearer = given === undefined ? await token() : given;
    const request = new Request(`http://gate.example${path}`, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return gate.fetch(request, { address });
  };
}

async function signToken(
  claims: JWTPayload,
  { clock, lifetimeSeconds }: { readonly clock: MovingClock; readonly lifetimeSeconds: number },
): Promise<string> {
  const issuedAt = Math.floor(clock.nowMs() / 1_000);
  return new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'sam',
    name: 'Sam',
    account: 'acme',
    office: 'berlin',
    role: 'agent',
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(createSecretKey(Buffer.from(TOKEN_SECRET)));
}
