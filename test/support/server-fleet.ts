/**
 * Several servers on one PostgreSQL database, as an operator starts them behind a load balancer: in this process, or each in one of its
 * own that can be killed. With an edge that takes commands and remembers them, and widgets that listen to real event streams.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createParser } from 'eventsource-parser';
import * as z from 'zod/mini';
import { readConfig } from '../../server/config.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { createLogger } from '../../server/observability/logger.ts';
import type { OfficeEvent } from '../../server/services.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { alertEventSchema } from '../../src/protocol/alert.ts';
import { serverEventSchema } from '../../src/protocol/events.ts';
import { paymentEventSchema } from '../../src/protocol/payment.ts';
import { EDGE_SECRET } from './gate-fixture.ts';
import { homeToken, type ServerHome } from './server-home.ts';

const SERVER = fileURLToPath(new URL('./server-process.ts', import.meta.url));
/** Payments are told to those who manage credit. */
const eventSchema = z.union([serverEventSchema, paymentEventSchema, alertEventSchema]);
export const EDGE_ID = 'edge-1';
export const GERMAN_NUMBER = '+4915123456789';

/** A server of the fleet, as a load balancer knows it. */
export interface FleetServer {
  readonly url: string;
}

export class CommandedEdge {
  /** In the order of arrival. */
  readonly leases: { readonly callId: string; readonly leaseSeconds: number; readonly atMs: number }[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CommandedEdge> {
    const edge = new CommandedEdge(
      createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => response.end(edge.#obey(request.url ?? '', body)));
      }),
    );
    edge.#server.listen(0, '127.0.0.1');
    await once(edge.#server, 'listening');
    return edge;
  }

  get url(): string {
    // It listens on TCP, so its address has a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  leasesOf(callId: string): readonly number[] {
    return this.leases.filter((lease) => lease.callId === callId).map(({ leaseSeconds }) => leaseSeconds);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #obey(url: string, body: string): string {
    const [, callId = '', command] = /^\/calls\/([^/]+)\/(lease|end)$/.exec(url) ?? [];
    const { leaseSeconds = 0 } = JSON.parse(body);
    if (command === 'lease') this.leases.push({ callId, leaseSeconds, atMs: performance.now() });
    return JSON.stringify({ callId, state: 'answered', elapsedMs: null, leaseSeconds });
  }
}

/** The environment of each server; without a policy file, so that the one in the database is in force. */
export function fleetEnvironment(home: ServerHome, edge: CommandedEdge): Readonly<Record<string, string>> {
  const { POLICY_FILE: _none, ...environment } = home.environment;
  return { ...environment, EDGES: `${EDGE_ID}=${edge.url}` };
}

export function startInProcess(environment: Readonly<Record<string, string>>): Promise<RunningServer> {
  return startServer(readConfig(environment, { isDemo: true }), { logger: createLogger('silent') });
}

export interface ServerProcess extends FleetServer {
  readonly process: ChildProcess;
}

export async function startProcess(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { process: child, url: String(line).trim() };
}

export async function ask(
  { url }: FleetServer,
  request: { readonly token: string; readonly path: string; readonly body?: unknown; readonly method?: string },
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await fetch(`${url}${request.path}`, {
    method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${request.token}`, 'content-type': 'application/json' },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** One person of an office: what it asks may go to any server. */
export class FleetPerson {
  readonly personId: string;
  readonly token: string;

  constructor(personId: string, token: string) {
    this.personId = personId;
    this.token = token;
  }

  static async of(personId: string, officeId: string, role = 'agent'): Promise<FleetPerson> {
    return new FleetPerson(personId, await homeToken({ personId, officeId, role }));
  }

  ask(server: FleetServer, path: string, body?: unknown, method?: string) {
    return ask(server, { token: this.token, path, body, ...(method === undefined ? {} : { method }) });
  }

  async authorize(server: FleetServer, callId: string = randomUUID()) {
    const body = { to: GERMAN_NUMBER, callerNumber: null };
    const answer = await this.ask(server, `/v1/calls/${callId}/authorize`, body);
    return { ...answer, callId, grant: String(answer.body.grant) };
  }

  admit(server: FleetServer, call: { readonly callId: string; readonly grant: string }) {
    const body = {
      direction: 'outbound',
      edgeId: EDGE_ID,
      sipCallId: `sip-${call.callId}`,
      callerUser: sipUserOf({ accountId: 'acme', personId: this.personId }),
      calledNumber: GERMAN_NUMBER,
      grant: call.grant,
    };
    return ask(server, { token: EDGE_SECRET, path: '/edge/v1/admissions', body });
  }
}

export function report(
  server: FleetServer,
  callId: string,
  happened: { readonly kind: 'answered' } | { readonly kind: 'ended'; readonly durationMs: number },
) {
  const end = happened.kind === 'ended' ? { durationMs: happened.durationMs, reason: 'hung_up' } : {};
  const body = { accountId: 'acme', edgeId: EDGE_ID, happenedAgoMs: 0, ...end };
  return ask(server, { token: EDGE_SECRET, path: `/edge/v1/calls/${callId}/${happened.kind}`, body });
}

/** A widget's event stream. It does not come back by itself. */
export class Listening {
  readonly events: OfficeEvent[] = [];
  readonly #abort = new AbortController();
  lastEventId: string | null = null;
  hasEnded = false;

  static async to(server: FleetServer, token: string, lastEventId: string | null = null): Promise<Listening> {
    const listening = new Listening();
    const response = await fetch(`${server.url}/v1/events`, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) },
      signal: listening.#abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`No event stream: ${response.status}`);
    void listening.#read(response.body);
    return listening;
  }

  ofType<Type extends OfficeEvent['type']>(type: Type): Extract<OfficeEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<OfficeEvent, { type: Type }> => event.type === type);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({
      onEvent: ({ data, id }) => {
        if (id !== undefined) this.lastEventId = id;
        this.events.push(eventSchema.parse(JSON.parse(data)));
      },
    });
    try {
      const decoder = new TextDecoder();
      for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
    } catch {
      // Closed by the test or cut by a server that died: the end either way.
    }
    this.hasEnded = true;
  }
}
