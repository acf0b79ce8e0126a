/** Carries lease and end commands to the edges over HTTP (edge-contract.ts). An edge that does not answer in time is "unreachable". */
import {
  type CallAtEdge,
  EDGE_COMMAND_PATHS,
  type EdgeCommandOutcome,
  type EdgeCommands,
  edgeCallSchema,
  type LeaseList,
  leaseListAnswerSchema,
} from './edge-contract.ts';
import { type LeaseOfCall, type LeasesTold, tellLeasesTogether } from './leases-together.ts';

export interface EdgeAddress {
  /** For instance "http://127.0.0.1:8080/edge/embedded"; the command paths are put behind it. */
  readonly baseUrl: string;
  readonly secret: string;
}

export interface HttpEdgeOptions {
  readonly edges: ReadonlyMap<string, EdgeAddress>;
  readonly timeoutMs: number;
  /** The platform's own when left out; a test may watch it. */
  readonly fetch?: typeof fetch;
}

export function createHttpEdgeCommands(options: HttpEdgeOptions): EdgeCommands {
  return {
    setLease: tellLeasesTogether({
      tellOne: ({ target, command }) =>
        tellCall(options, { target, method: 'PUT', path: EDGE_COMMAND_PATHS.lease, command }),
      tellTogether: (edgeId, leases) => tellList(options, { edgeId, leases }),
    }),
    end: (target, command) => tellCall(options, { target, method: 'POST', path: EDGE_COMMAND_PATHS.end, command }),
  };
}

interface CallCommand {
  readonly target: CallAtEdge;
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly command: object;
}

async function tellCall(
  options: HttpEdgeOptions,
  { target, command, ...request }: CallCommand,
): Promise<EdgeCommandOutcome> {
  const path = request.path.replace(':callId', encodeURIComponent(target.callId));
  const body = { ...command, accountId: target.accountId };
  const answer = await send(options, { edgeId: target.edgeId, method: request.method, path, body });
  if ('cause' in answer) return { outcome: 'unreachable', cause: answer.cause };
  if (answer.status === 404) return { outcome: 'gone' };
  if (!isOk(answer)) return { outcome: 'unreachable', cause: statusCause(answer) };
  const call = edgeCallSchema.safeParse(answer.body);
  return call.success
    ? { outcome: 'done', call: call.data }
    : { outcome: 'unreachable', cause: 'the edge answered with something that is no call' };
}

/** What an edge answers that has no lists, or no list for this method. */
const NO_LISTS_STATUSES = [404, 405, 501];
/** The list itself was not liked: too long, or one lease in it that makes no sense to this edge. */
const BAD_LIST_STATUSES = [400, 413, 414, 415, 422];

async function tellList(
  options: HttpEdgeOptions,
  { edgeId, leases }: { readonly edgeId: string; readonly leases: readonly LeaseOfCall[] },
): Promise<LeasesTold> {
  const body: LeaseList = {
    leases: leases.map(({ target: { accountId, callId }, command }) => ({ ...command, accountId, callId })),
  };
  const answer = await send(options, { edgeId, method: 'PUT', path: EDGE_COMMAND_PATHS.leases, body });
  if ('cause' in answer) return { outcome: 'unreachable', cause: answer.cause };
  if (NO_LISTS_STATUSES.includes(answer.status)) return { outcome: 'no_lists' };
  if (BAD_LIST_STATUSES.includes(answer.status)) return { outcome: 'not_understood' };
  if (!isOk(answer)) return { outcome: 'unreachable', cause: statusCause(answer) };
  const outcomes = outcomesOf(answer.body, leases);
  return outcomes === null ? { outcome: 'not_understood' } : { outcome: 'told', outcomes };
}

/** Null when it is no answer to these leases: each call must stand in its place. */
function outcomesOf(body: unknown, leases: readonly LeaseOfCall[]): readonly EdgeCommandOutcome[] | null {
  const answer = leaseListAnswerSchema.safeParse(body);
  if (!answer.success) return null;
  const { calls } = answer.data;
  const isAboutThese =
    calls.length === leases.length &&
    calls.every((call, index) => call === null || call.callId === leases[index]?.target.callId);
  if (!isAboutThese) return null;
  return calls.map((call) => (call === null ? { outcome: 'gone' } : { outcome: 'done', call }));
}

interface EdgeRequest {
  readonly edgeId: string;
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: object;
}
/** `body` is undefined when it is no JSON, and when the status is no success. */
type EdgeAnswer = { readonly status: number; readonly body: unknown };

async function send(
  options: HttpEdgeOptions,
  { edgeId, method, path, body }: EdgeRequest,
): Promise<EdgeAnswer | { readonly cause: string }> {
  const address = options.edges.get(edgeId);
  if (!address) return { cause: `no address is configured for edge ${edgeId}` };
  try {
    const answer = await (options.fetch ?? fetch)(`${address.baseUrl.replace(/\/+$/, '')}${path}`, {
      method,
      headers: { authorization: `Bearer ${address.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeoutMs),
      redirect: 'error',
    });
    return { status: answer.status, body: await readBody(answer) };
  } catch (cause) {
    return { cause: cause instanceof Error ? cause.message : String(cause) };
  }
}

async function readBody(answer: Response): Promise<unknown> {
  if (answer.ok) {
    const text = await answer.text();
    try {
      return JSON.parse(text);
    } catch {
      // Every schema refuses undefined: what came is taken as no answer of an edge.
      return undefined;
    }
  }
  await answer.body?.cancel();
  return undefined;
}

function isOk({ status }: EdgeAnswer): boolean {
  return status >= 200 && status < 300;
}

function statusCause({ status }: EdgeAnswer): string {
  return `the edge answered with status ${status}`;
}
