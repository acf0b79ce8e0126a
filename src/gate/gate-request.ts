/** One request to the server: address, token, time limit, and the answer read by the contract. */
import type { Clock } from '../phone/ports.ts';
import { granted, type Outcome, type Refusal, refusal, refused } from '../protocol/problem.ts';
import { ROUTES, type Route, type RouteName } from '../protocol/routes.ts';
import { type GateLog, refusalOfProblem } from './gate-error.ts';

export interface GateRequestOptions {
  /** Base address of the gate server, for instance "https://phone.example.org". */
  readonly gateUrl: string;
  /** Called for every request; returns the host page's current access token. */
  readonly token: () => string | Promise<string>;
  readonly clock: Clock;
  readonly log: GateLog;
  readonly fetch?: typeof fetch;
}

export interface GateInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the caller: an aborted request comes back as `unavailable`. */
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly isKeptAlive?: boolean;
  /** How long the answer may take; ANSWER_PATIENCE_MS when nothing is said. */
  readonly patienceMs?: number;
}

/** What the schema of a route makes of an answer. */
export type RouteOutput<R extends Route> = Extract<
  ReturnType<R['response']['safeParse']>,
  { readonly success: true }
>['data'];

export interface RouteRequest<R extends Route, No> extends GateInput {
  readonly route: R;
  readonly options: GateRequestOptions;
  /** The "no" in an error answer. */
  readonly readRefusal: (body: unknown) => No;
}

/** Either what the route promises, or why not. */
export type RouteOutcome<R extends Route, No> =
  | { readonly ok: true; readonly value: RouteOutput<R> }
  | { readonly ok: false; readonly refusal: No | Refusal };

/** A server that has not answered by then will not answer in time. */
const ANSWER_PATIENCE_MS = 6_000;

/** Asks once; with a new token once more when the server says that the token has expired. Never throws. */
export async function askRoute<R extends Route, No extends { readonly code: string }>(
  request: RouteRequest<R, No>,
): Promise<RouteOutcome<R, No>> {
  const first = await askOnce(request);
  return !first.ok && first.refusal.code === 'token_expired' ? await askOnce(request) : first;
}

/** An address that every widget knows. */
export function askGate<Name extends RouteName>(
  name: Name,
  request: GateInput & { readonly options: GateRequestOptions },
): Promise<Outcome<RouteOutput<(typeof ROUTES)[Name]>>> {
  return askRoute({ ...request, route: ROUTES[name], readRefusal: refusalOfProblem });
}

/** The headers that every request carries. The token travels here and never in an address, where it would end up in logs. */
export async function authorizationOf({ token }: GateRequestOptions): Promise<{ readonly authorization: string }> {
  return { authorization: `Bearer ${await token()}` };
}

/** What a browser would otherwise add or follow by itself. */
export const PRIVATE_FETCH = {
  cache: 'no-store',
  credentials: 'omit',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
} as const satisfies RequestInit;

export function addressOf(gateUrl: string, path: string): string {
  return gateUrl.replace(/\/+$/, '') + path;
}

async function askOnce<R extends Route, No>(request: RouteRequest<R, No>): Promise<RouteOutcome<R, No>> {
  const { clock, log } = request.options;
  const limit = new AbortController();
  const cancelLimit = clock.after(request.patienceMs ?? ANSWER_PATIENCE_MS, () =>
    limit.abort(new Error('No answer in time')),
  );
  try {
    return await readAnswer(request, await send(request, limit.signal));
  } catch (cause) {
    if (request.signal?.aborted !== true)
      log('The gate server cannot be reached.', { endpoint: request.route.path, cause: `${cause}` });
    return refused(refusal('unavailable'));
  } finally {
    cancelLimit();
  }
}

async function send(request: RouteRequest<Route, unknown>, limit: AbortSignal): Promise<Response> {
  const { options, body } = request;
  const { method, path } = request.route;
  const address = addressOf(options.gateUrl, fillPath(path, request.params ?? {}) + queryText(request.query ?? {}));
  return (options.fetch ?? fetch)(address, {
    ...PRIVATE_FETCH,
    method,
    keepalive: request.isKeptAlive ?? false,
    signal: request.signal ? AbortSignal.any([request.signal, limit]) : limit,
    headers: {
      ...(await authorizationOf(options)),
      accept: 'application/json',
      ...request.headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function readAnswer<R extends Route, No>(
  request: RouteRequest<R, No>,
  response: Response,
): Promise<RouteOutcome<R, No>> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) return { ok: false, refusal: request.readRefusal(body) };
  const read = request.route.response.safeParse(body);
  // The schema of this very route has read it; TypeScript does not follow the route through its table.
  if (read.success) return granted(read.data as RouteOutput<R>);
  request.options.log('The gate server answers in words that this widget does not know.', {
    endpoint: request.route.path,
  });
  return refused(refusal('unavailable'));
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
}

/** "?from=2026-11-01", or nothing. */
export function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const fields = Object.entries(query).filter((field): field is [string, string] => field[1] !== undefined);
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields)}`;
}
