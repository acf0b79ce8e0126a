/**
 * The embedded phone network: the SIP edge that `npm start` brings along. It speaks SIP over WebSocket with browsers, asks the gate
 * server before every call, meters and cuts calls by its own clock (server/edge/edge-contract.ts), and plays the far end.
 *
 *   const network = createPhoneNetwork({ domain, edgeId, gate, passwordOf });
 *   network.attach(httpServer);              // ws://host/sip
 *   network.handleEdgeCommand(request);      // commands of the server, null when the address is another one
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../src/phone/ports.ts';
import { callUser, type UserCallOutcome } from './calls/call-user.ts';
import { placeCall } from './calls/place-call.ts';
import type { Problem, Switchboard } from './calls/switchboard.ts';
import type { MediaBackend } from './media/media-leg.ts';
import { createNodeDatachannelMedia } from './media/node-datachannel-media.ts';
import { CallRegister } from './metering/call-register.ts';
import { createEdgeCommandHandler, type EdgeCommandHandler } from './metering/edge-commands.ts';
import type { EdgeGate } from './metering/edge-gate.ts';
import { HttpGate } from './metering/http-gate.ts';
import { monotonicClock } from './metering/monotonic-clock.ts';
import { ReportQueue } from './metering/report-queue.ts';
import type { PasswordOf } from './signalling/digest-challenge.ts';
import { FlowTable } from './signalling/flow-table.ts';
import { MAX_MESSAGE_BYTES } from './signalling/message-guard.ts';
import { answerRegister } from './signalling/register-request.ts';
import { Registrar } from './signalling/registrar.ts';
import { SipConnection } from './signalling/sip-connection.ts';
import { SipEndpoint } from './signalling/sip-endpoint.ts';
import type { Sound } from './sound/entertain.ts';

const DEFAULT_GRACE_MS = 15_000;
const DEFAULT_MAX_CONNECTIONS = 1_000;
const DEFAULT_MAX_CALLS = 200;

export interface PhoneNetworkOptions {
  /** SIP domain and digest realm: what stands after the @ of the widgets' addresses. */
  readonly domain: string;
  /** This edge's name in reports. */
  readonly edgeId: string;
  readonly gate: {
    readonly baseUrl: string;
    /** Shared with the server: bearer of reports and of commands. */
    readonly secret: string;
    /** In one process with the server, its own handler. */
    readonly fetch?: (request: Request) => Promise<Response>;
  };
  readonly passwordOf: PasswordOf;
  /** Path below which commands of the server are taken. */
  readonly commandPath?: string;
  /** Origins that may open the WebSocket; null for any (the digest protects calls, this protects from embedding by strangers). */
  readonly allowedOrigins?: readonly string[] | null;
  /** How long an answered call waits for a browser whose WebSocket was lost. */
  readonly graceMs?: number;
  readonly maxConnections?: number;
  readonly maxCalls?: number;
  /** One UDP port for all media, null for any; and the address to bind. */
  readonly mediaUdpPort?: number | null;
  readonly mediaAddress?: string | null;
  readonly media?: MediaBackend;
  readonly clock?: Clock;
  /** A key pressed during a call, by RFC 4733 or INFO. */
  readonly onKey?: (callId: string, key: string) => void;
  readonly onProblem?: (problem: Problem) => void;
}

export interface PhoneNetworkStats {
  readonly connections: number;
  readonly registrations: number;
  readonly calls: number;
  readonly unacknowledgedReports: number;
}

export interface PhoneNetwork {
  /** Takes over every upgrade of this server's that is for the path. */
  attach(server: Server, path?: string): void;
  /** One upgrade, for servers that hand them out themselves. False when it is for another path: nothing was done to the socket. */
  handleUpgrade(
    request: IncomingMessage,
    connection: { readonly socket: Duplex; readonly head: Buffer },
    path?: string,
  ): boolean;
  readonly handleEdgeCommand: EdgeCommandHandler;
  /** Somebody out there calls a widget. */
  callUser(user: string, call: IncomingCall): Promise<UserCallOutcome>;
  close(): Promise<void>;
  readonly stats: PhoneNetworkStats;
}

export interface IncomingCall {
  readonly from: string;
  readonly fromName?: string | null;
  readonly calledNumber?: string | null;
  readonly sound?: Sound;
}

export function createPhoneNetwork(options: PhoneNetworkOptions): PhoneNetwork {
  return new EmbeddedNetwork(options);
}

function createHttpGate({ gate, edgeId }: PhoneNetworkOptions, onProblem: (problem: Problem) => void): EdgeGate {
  const { baseUrl, secret, fetch } = gate;
  return new HttpGate({ baseUrl, secret, edgeId, onProblem, ...(fetch ? { fetch } : {}) });
}

class EmbeddedNetwork implements PhoneNetwork {
  readonly handleEdgeCommand: EdgeCommandHandler;
  readonly #options: PhoneNetworkOptions;
  readonly #switchboard: Switchboard;
  readonly #reports: ReportQueue;
  readonly #connections = new Map<SipEndpoint, SipConnection>();
  readonly #endpoints = new Set<SipEndpoint>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  });
  readonly #detachServers: (() => void)[] = [];

  constructor(options: PhoneNetworkOptions) {
    this.#options = options;
    const clock = options.clock ?? monotonicClock;
    const onProblem = options.onProblem ?? (() => undefined);
    const gate = createHttpGate(options, onProblem);
    this.#reports = new ReportQueue({
      gate,
      clock,
      onProblem,
      onAnswer: (call, answer) => calls.apply(call, answer),
    });
    const calls = new CallRegister({ clock, report: (report) => this.#reports.add(report) });
    const { mediaAddress = null, mediaUdpPort = null } = options;
    this.#switchboard = {
      domain: options.domain,
      edgeId: options.edgeId,
      clock,
      gate,
      media: options.media ?? createNodeDatachannelMedia({ bindAddress: mediaAddress, udpPort: mediaUdpPort }),
      calls,
      registrar: new Registrar(),
      flows: new FlowTable(),
      onKey: options.onKey ?? (() => undefined),
      onProblem,
    };
    const {
      commandPath = '',
      gate: { secret },
    } = options;
    this.handleEdgeCommand = createEdgeCommandHandler({ secret, basePath: commandPath, calls });
    this.#sockets.on('connection', (socket) => this.#accept(socket));
  }

  get stats(): PhoneNetworkStats {
    const { registrar, calls } = this.#switchboard;
    return {
      connections: this.#connections.size,
      registrations: registrar.size,
      calls: calls.size,
      unacknowledgedReports: this.#reports.size,
    };
  }

  attach(server: Server, path = '/sip'): void {
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.handleUpgrade(request, { socket, head }, path);
    };
    server.on('upgrade', upgrade);
    this.#detachServers.push(() => server.off('upgrade', upgrade));
  }

  handleUpgrade(
    request: IncomingMessage,
    connection: { readonly socket: Duplex; readonly head: Buffer },
    path = '/sip',
  ): boolean {
    // Not parsed as a URL: a request line such as "//" must not throw here.
    if ((request.url ?? '/').split('?')[0] !== path) return false;
    const { socket, head } = connection;
    const status = this.#refusalOf(request);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return true;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#sockets.emit('connection', webSocket, request);
    });
    return true;
  }

  callUser(user: string, call: IncomingCall): Promise<UserCallOutcome> {
    const { from, fromName = null, calledNumber = null, sound = 'melody_then_echo' } = call;
    return callUser(this.#switchboard, { user, from, fromName, calledNumber, sound });
  }

  /** Ends all calls and sockets; reports that were not acknowledged yet are lost, and the server settles by the lease. */
  async close(): Promise<void> {
    for (const detach of this.#detachServers.splice(0)) detach();
    this.#switchboard.calls.endAll('the network is closing');
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const endpoint of [...this.#endpoints]) endpoint.dispose();
    this.#reports.close();
    this.#sockets.close();
  }

  #refusalOf(request: IncomingMessage): string | null {
    const { allowedOrigins = null, maxConnections = DEFAULT_MAX_CONNECTIONS } = this.#options;
    const { origin } = request.headers;
    if (allowedOrigins && origin !== undefined && !allowedOrigins.includes(origin)) return '403 Forbidden';
    const offersSip = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).includes('sip');
    if (!offersSip) return '400 Bad Request';
    const isFull = this.#sockets.clients.size >= maxConnections;
    return isFull && !this.#makeRoom() ? '503 Service Unavailable' : null;
  }

  /** Whoever has not said who it is for longest goes: a phone does so at once, and strangers must not keep phones out. */
  #makeRoom(): boolean {
    const connections = [...this.#connections.values()];
    const stranger = connections.find(({ user, socket }) => user === null && socket.readyState === socket.OPEN);
    stranger?.socket.terminate();
    return stranger !== undefined;
  }

  #accept(socket: WebSocket): void {
    const { clock, flows, registrar } = this.#switchboard;
    const { domain } = this.#options;
    const endpoint = this.#createEndpoint();
    const connection = new SipConnection({
      socket,
      domain,
      clock,
      endpoint,
      findOwner: (user, callId) => flows.findOwner(user, callId),
      onClosed: (closed) => {
        if (closed.user !== null) registrar.unbind(closed.user, closed);
      },
    });
    this.#connections.set(endpoint, connection);
  }

  #createEndpoint(): SipEndpoint {
    const { clock, flows, onProblem } = this.#switchboard;
    const { domain, graceMs = DEFAULT_GRACE_MS, maxCalls = DEFAULT_MAX_CALLS } = this.#options;
    const endpoint = new SipEndpoint({
      domain,
      clock,
      graceMs,
      onProblem,
      onRegister: (from, request) => this.#register(from, request),
      onInvite: (from, invitation) => {
        const isFull = this.#switchboard.calls.size >= maxCalls;
        const work = isFull
          ? invitation.reject({ statusCode: 503, reasonPhrase: 'The demo network is full' })
          : placeCall(this.#switchboard, {
              endpoint: from,
              invitation,
              user: this.#connections.get(from)?.user ?? null,
            });
        work.catch((error: unknown) => onProblem({ what: 'a call was not placed', cause: String(error) }));
      },
      onDisposed: (disposed) => {
        flows.forget(disposed);
        this.#endpoints.delete(disposed);
        this.#connections.delete(disposed);
      },
    });
    this.#endpoints.add(endpoint);
    return endpoint;
  }

  #register(endpoint: SipEndpoint, request: Parameters<typeof answerRegister>[0]): void {
    const connection = this.#connections.get(endpoint);
    if (!connection) return;
    const { registrar, clock } = this.#switchboard;
    const { passwordOf } = this.#options;
    const onReturn = (returned: SipConnection, key: string) => this.#takeOver(returned, key);
    answerRegister(request, { connection, context: { passwordOf, registrar, clock, onReturn } });
  }

  /** The tab is back on a new socket: calls that wait for it are told there, and the old socket is closed. */
  #takeOver(connection: SipConnection, key: string): void {
    const { flows } = this.#switchboard;
    const { user } = connection;
    if (user === null) return;
    for (const endpoint of flows.endpointsOf(user, key)) {
      if (endpoint === connection.endpoint) continue;
      connection.adopt(endpoint);
      const before = this.#connections.get(endpoint);
      if (before && before.socket !== connection.socket) before.socket.terminate();
    }
    flows.belongsTo(user, key, connection.endpoint);
  }
}
