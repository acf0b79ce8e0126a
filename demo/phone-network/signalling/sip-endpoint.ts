/**
 * One sip.js user agent on the server side, and the calls that live in it. It usually has the life of one WebSocket; when that is
 * lost while people talk, the endpoint waits for the browser to come back on another one (`attach`), for a limited time.
 */
import { randomBytes } from 'node:crypto';
import {
  type Core,
  type Invitation,
  Inviter,
  type InviterOptions,
  type Session,
  type SessionDescriptionHandler,
  URI,
  UserAgent,
} from 'sip.js';
import type { WebSocket } from 'ws';
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';
import type { MeteredCall } from '../metering/metered-call.ts';
import { AcceptedTransport } from './accepted-transport.ts';

/** Rings are limited by the admission; this only has to be longer than any of them. */
const LONGEST_RING_SECONDS = 600;
/** An endpoint without socket and calls stays for the last answers of its dialogs (RFC 3261 timers H and J, shortened). */
const LINGER_MS = 5_000;
const LINE_LOST = { reason: 'line_lost', text: 'the line was lost' } as const;

export interface SipEndpointOptions {
  readonly domain: string;
  readonly clock: Clock;
  /** How long an answered call waits for its browser. */
  readonly graceMs: number;
  readonly onInvite: (endpoint: SipEndpoint, invitation: Invitation) => void;
  readonly onRegister: (endpoint: SipEndpoint, request: Core.IncomingRegisterRequest) => void;
  readonly onDisposed: (endpoint: SipEndpoint) => void;
  readonly onProblem: (problem: { readonly what: string; readonly cause: string }) => void;
}

export class SipEndpoint {
  readonly #options: SipEndpointOptions;
  readonly #agent: UserAgent;
  readonly #transport: AcceptedTransport;
  readonly #handlers = new WeakMap<Session, SessionDescriptionHandler>();
  readonly #calls = new Set<MeteredCall>();
  #stopWaiting: Unsubscribe = () => undefined;
  #isDisposed = false;

  constructor(options: SipEndpointOptions) {
    this.#options = options;
    this.#agent = this.#createAgent();
    // The agent was given this very class to construct its transport with.
    this.#transport = this.#agent.transport as AcceptedTransport;
    void this.#agent.start();
  }

  attach(socket: WebSocket): void {
    this.#stopWaiting();
    this.#transport.attach(socket);
  }

  /** The socket is gone: ringing calls end, answered ones get their time of grace. */
  detach(socket: WebSocket): void {
    this.#transport.detach(socket);
    if (this.#transport.isAttached() || this.#isDisposed) return;
    this.#stopWaiting();
    for (const call of [...this.#calls]) if (!call.isAnswered()) call.end(LINE_LOST);
    const { clock, graceMs } = this.#options;
    if (this.#calls.size === 0) this.#lingerThenDispose();
    else this.#stopWaiting = clock.after(graceMs, () => this.#giveUp());
  }

  /** Gives a message to sip.js. Its core throws on some requests; a peer must not be able to end the process with one. */
  receive(text: string, requestUri: URI | null): void {
    // The core answers 404 unless the Request-URI is its own address of record. This network is every address of its domain, so
    // the address follows the request.
    if (requestUri) this.#agent.userAgentCore.configuration.aor = requestUri;
    try {
      this.#transport.onMessage?.(text);
    } catch (error) {
      this.#options.onProblem({ what: 'a message was dropped', cause: String(error) });
    }
  }

  /** Keeps the endpoint for the call until the call is over. */
  carry(call: MeteredCall): void {
    this.#calls.add(call);
    call.onEnded(() => {
      this.#calls.delete(call);
      if (this.#calls.size === 0 && !this.#transport.isAttached()) this.#lingerThenDispose();
    });
  }

  /** Says how a session's offers and answers are made; must be set before it is accepted or sent. */
  describe(session: Session, handler: SessionDescriptionHandler): void {
    this.#handlers.set(session, handler);
  }

  createInviter(target: URI, options: InviterOptions): Inviter {
    return new Inviter(this.#agent, target, options);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#stopWaiting();
    for (const call of [...this.#calls]) call.end(LINE_LOST);
    this.#agent.stop().catch((error: unknown) => {
      this.#options.onProblem({ what: 'a user agent did not stop cleanly', cause: String(error) });
    });
    this.#options.onDisposed(this);
  }

  #giveUp(): void {
    for (const call of [...this.#calls]) call.end(LINE_LOST);
  }

  #lingerThenDispose(): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#options.clock.after(LINGER_MS, () => this.dispose());
  }

  #createAgent(): UserAgent {
    const { domain, onInvite, onRegister, onProblem } = this.#options;
    return new UserAgent({
      uri: new URI('sip', 'network', domain),
      viaHost: `${randomBytes(8).toString('hex')}.invalid`,
      contactName: 'network',
      contactParams: { transport: 'ws' },
      userAgentString: 'credit-phone network',
      transportConstructor: AcceptedTransport,
      sessionDescriptionHandlerFactory: (session) => this.#handlerOf(session),
      noAnswerTimeout: LONGEST_RING_SECONDS,
      gracefulShutdown: false,
      sendInitialProvisionalResponse: false,
      logBuiltinEnabled: false,
      logConfiguration: false,
      logConnector: (level, category, _label, content) => {
        if (level === 'error') onProblem({ what: String(category), cause: String(content).slice(0, 500) });
      },
      delegate: {
        onInvite: (invitation) => onInvite(this, invitation),
        onRegisterRequest: (request) => onRegister(this, request),
      },
    });
  }

  #handlerOf(session: Session): SessionDescriptionHandler {
    const handler = this.#handlers.get(session);
    if (!handler) throw new Error('A session was answered before it was said how.');
    return handler;
  }
}
