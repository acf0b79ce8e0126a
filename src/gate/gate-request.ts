/** One request to the server: address, token, time limit, and the answer read by the contract. */
import type { Clock } from '../phone/ports.ts';
import { granted, type Outcome, refusal, refused } from '../protocol/problem.ts';
import { type EndpointName, ROUTES, type Route } from '../protocol/routes.ts';
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
  /** Of the caller: an aborted request comes back as `unavailable`. */
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly isKeptAlive?: boolean;
  /** How long the answer may take; ANSWER_PATIENCE_MS when nothing is said. */
  readonly patienceMs?: number;
}

/** What the schema of this name makes of an answer. */
export type EndpointOutput<Name extends EndpointName> = Extract<
  ReturnType<(typeof ROUTES)[Name]['response']['safeParse']>,
  { readonly success: true }
>['data'];

/** A server that has not answered by then will not answer in time. */
const ANSWER_PATIENCE_MS = 6_000;

/** Asks once; with a new token once more when the server says that the token has expired. Never throws. */
export async function askGate<Name extends EndpointName>(
  name: Name,
  request: GateInput & { readonly options: GateRequestOptions },
): Promise<Outcome<EndpointOutput<Name>>> {
  const first = await askOnce(name, request);
  return !first.ok && first.refusal.code === 'token_expired' ? await askOnce(name, request) : first;
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

async function askOnce<Name extends EndpointName>(
  name: Name,
  request: GateInput & { readonly options: GateRequestOptions },
): Promise<Outcome<EndpointOutput<Name>>> {
  const { clock, log } = request.options;
  const limit = new AbortController();
  const cancelLimit = clock.after(request.patienceMs ?? ANSWER_PATIENCE_MS, () =>
    limit.abort(new Error('No answer in time')),
  );
  try {
    return await readAnswer(name, { response: await send(name, { ...request, limit: limit.signal }), log });
  } catch (cause) {
    if (request.signal?.aborted !== true)
      log('The gate server cannot be reached.', { endpoint: name, cause: `${cause}` });
    return refused(refusal('unavailable'));
  } finally {
    cancelLimit();
  }
}

async function send(
  name: EndpointName,
  request: GateInput & { readonly options: GateRequestOptions; readonly limit: AbortSignal },
): Promise<Response> {
  const { options, body } = request;
  const { method, path }: Route = ROUTES[name];
  const address = addressOf(options.gateUrl, fillPath(path, request.params ?? {}) + queryText(request.query ?? {}));
  return (options.fetch ?? fetch)(address, {
    ...PRIVATE_FETCH,
    method,
    keepalive: request.isKeptAlive ?? false,
    signal: request.signal ? AbortSignal.any([request.signal, request.limit]) : request.limit,
    headers: {
      ...(await authorizationOf(options)),
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function readAnswer<Name extends EndpointName>(
  name: Name,
  answer: { readonly response: Response; readonly log: GateLog },
): Promise<Outcome<EndpointOutput<Name>>> {
  const { response, log } = answer;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) return refused(refusalOfProblem(body));
  const read = ROUTES[name].response.safeParse(body);
  // The schema of this very name has read it; TypeScript does not follow a name through the table.
  if (read.success) return granted(read.data as EndpointOutput<Name>);
  log('The gate server answers in words that this widget does not know.', { endpoint: name });
  return refused(refusal('unavailable'));
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const fields = Object.entries(query).filter((field): field is [string, string] => field[1] !== undefined);
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields)}`;
}
