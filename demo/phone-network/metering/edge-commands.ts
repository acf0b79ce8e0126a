/**
 * Commands of the server to this edge (EDGE_COMMAND_PATHS): set one lease or several, end the call. A fetch-style handler, mountable
 * anywhere.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  EDGE_COMMAND_PATHS,
  type EdgeCall,
  endCommandSchema,
  type LeaseListAnswer,
  leaseCommandSchema,
  leaseListSchema,
} from '../../../server/edge/edge-contract.ts';
import type { CallRegister } from './call-register.ts';
import type { MeteredCall } from './metered-call.ts';

const MAX_BODY_BYTES = 4_096;
const MAX_LIST_BYTES = 65_536;
const NOT_HERE = { error: 'no such call here' };

export interface EdgeCommandOptions {
  readonly secret: string;
  /** Path below which commands are taken, "" for the root. The address that the server knows this edge by ends with it. */
  readonly basePath: string;
  readonly calls: CallRegister;
}

export type EdgeCommandHandler = (request: Request) => Promise<Response | null>;

/** The handler answers null when the address is none of its own. */
export function createEdgeCommandHandler({ secret, basePath, calls }: EdgeCommandOptions): EdgeCommandHandler {
  return async (request) => {
    const path = new URL(request.url).pathname;
    if (!path.startsWith(`${basePath}/`)) return null;
    if (path === `${basePath}${EDGE_COMMAND_PATHS.leases}`) return await takeList(request, { secret, calls });
    const [, callId, command] = /^\/calls\/([A-Za-z0-9-]{8,64})\/(lease|end)$/.exec(path.slice(basePath.length)) ?? [];
    if (callId === undefined) return null;
    if (request.method !== (command === 'lease' ? 'PUT' : 'POST')) return answer(405, { error: 'method not allowed' });
    if (!isAuthorized(request, secret)) return answer(401, { error: 'the secret of the edge is needed' });
    const body = await readJson(request, MAX_BODY_BYTES);
    const find: FindCall = ({ accountId }) => calls.find({ accountId, callId });
    return command === 'lease' ? setLease(find, body) : endCall(find, body);
  };
}

type FindCall = (command: { readonly accountId: string }) => MeteredCall | null;

function setLease(find: FindCall, body: unknown): Response {
  const command = leaseCommandSchema.safeParse(body);
  if (!command.success) return answer(400, { error: 'not a lease command' });
  const call = find(command.data);
  return call ? answer(200, withLease(call, command.data.leaseSeconds)) : answer(404, NOT_HERE);
}

async function takeList(
  request: Request,
  { secret, calls }: Pick<EdgeCommandOptions, 'secret' | 'calls'>,
): Promise<Response> {
  if (request.method !== 'PUT') return answer(405, { error: 'method not allowed' });
  if (!isAuthorized(request, secret)) return answer(401, { error: 'the secret of the edge is needed' });
  const list = leaseListSchema.safeParse(await readJson(request, MAX_LIST_BYTES));
  if (!list.success) return answer(400, { error: 'not a list of leases' });
  const told = list.data.leases.map((lease) => {
    const call = calls.find(lease);
    return call && withLease(call, lease.leaseSeconds);
  });
  return answer(200, { calls: told } satisfies LeaseListAnswer);
}

/** The call afterwards; as it was before where the lease was used up and so has ended it. */
function withLease(call: MeteredCall, leaseSeconds: number): EdgeCall | null {
  const before = call.snapshot();
  call.setLease(leaseSeconds);
  return call.snapshot() ?? before;
}

function endCall(find: FindCall, body: unknown): Response {
  const command = endCommandSchema.safeParse(body);
  if (!command.success) return answer(400, { error: 'not an end command' });
  const call = find(command.data);
  if (!call) return answer(404, NOT_HERE);
  const before = call.snapshot();
  call.end(command.data);
  return answer(200, before);
}

function isAuthorized(request: Request, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(`Bearer ${secret}`));
}

async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null;
  try {
    return JSON.parse(await request.text());
  } catch {
    // The schemas refuse null with 400.
    return null;
  }
}

function answer(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}
