/** Carries lease and end commands to the edges over HTTP (edge-contract.ts). An edge that does not answer in time is "unreachable". */
import {
  type CallAtEdge,
  EDGE_COMMAND_PATHS,
  type EdgeCommandOutcome,
  type EdgeCommands,
  type EndCommand,
  edgeCallSchema,
  type LeaseCommand,
} from './edge-contract.ts';

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
    setLease: (target, command) =>
      send(options, { target, method: 'PUT', path: EDGE_COMMAND_PATHS.lease, body: command }),
    end: (target, command) => send(options, { target, method: 'POST', path: EDGE_COMMAND_PATHS.end, body: command }),
  };
}

interface Command {
  readonly target: CallAtEdge;
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: LeaseCommand | EndCommand;
}

async function send(options: HttpEdgeOptions, command: Command): Promise<EdgeCommandOutcome> {
  const address = options.edges.get(command.target.edgeId);
  if (!address) return { outcome: 'unreachable', cause: `no address is configured for edge ${command.target.edgeId}` };
  try {
    const answer = await (options.fetch ?? fetch)(urlOf(address, command), {
      method: command.method,
      headers: { authorization: `Bearer ${address.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...command.body, accountId: command.target.accountId }),
      signal: AbortSignal.timeout(options.timeoutMs),
      redirect: 'error',
    });
    return await outcomeOf(answer);
  } catch (cause) {
    return { outcome: 'unreachable', cause: cause instanceof Error ? cause.message : String(cause) };
  }
}

function urlOf(address: EdgeAddress, command: Command): string {
  const path = command.path.replace(':callId', encodeURIComponent(command.target.callId));
  return `${address.baseUrl.replace(/\/+$/, '')}${path}`;
}

async function outcomeOf(answer: Response): Promise<EdgeCommandOutcome> {
  if (answer.status === 404) {
    await answer.body?.cancel();
    return { outcome: 'gone' };
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    return { outcome: 'unreachable', cause: `the edge answered with status ${answer.status}` };
  }
  const call = edgeCallSchema.safeParse(await answer.json());
  return call.success
    ? { outcome: 'done', call: call.data }
    : { outcome: 'unreachable', cause: 'the edge answered with something that is no call' };
}
