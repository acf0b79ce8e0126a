/** Commands of the server to this edge (EDGE_COMMAND_PATHS): set the lease, end the call. A fetch-style handler, mountable anywhere. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { endCommandSchema, leaseCommandSchema } from '../../../server/edge/edge-contract.ts';
import type { CallRegister } from './call-register.ts';
import type { MeteredCall } from './metered-call.ts';

const MAX_BODY_BYTES = 4_096;
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
    const [, callId, command] = /^\/calls\/([A-Za-z0-9-]{8,64})\/(lease|end)$/.exec(path.slice(basePath.length)) ?? [];
    if (callId === undefined) return null;
    if (request.method !== (command === 'lease' ? 'PUT' : 'POST')) return answer(405, { error: 'method not allowed' });
    if (!isAuthorized(request, secret)) return answer(401, { error: 'the secret of the edge is needed' });
    const body = await readJson(request);
    const find: FindCall = ({ accountId }) => calls.find({ accountId, callId });
    return command === 'lease' ? setLease(find, body) : endCall(find, body);
  };
}

type FindCall = (command: { readonly accountId: string }) => MeteredCall | null;

function setLease(find: FindCall, body: unknown): Response {
  const command = leaseCommandSchema.safeParse(body);
  if (!command.success) return answer(400, { error: 'not a lease command' });
  const call = find(command.data);
  if (!call) return answer(404, NOT_HERE);
  const before = call.snapshot();
  call.setLease(command.data.leaseSeconds);
  return answer(200, call.snapshot() ?? before);
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

async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return null;
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
