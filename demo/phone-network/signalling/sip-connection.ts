/** One accepted WebSocket of a browser: limits, keep-alive, and which endpoint gets what arrives on it. */
import type { RawData, WebSocket } from 'ws';
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';
import { DigestChallenge } from './digest-challenge.ts';
import { guardMessage } from './message-guard.ts';
import type { SipEndpoint } from './sip-endpoint.ts';

/** Messages in a burst and, after it, per second. A call needs about ten. */
const BURST_MESSAGES = 200;
const MESSAGES_PER_SECOND = 50;
/** A half-open socket is noticed after two of these. */
const PING_INTERVAL_MS = 20_000;
/** RFC 6455 section 7.4.1. */
const POLICY_VIOLATION = 1008;

export interface SipConnectionOptions {
  readonly socket: WebSocket;
  readonly domain: string;
  readonly clock: Clock;
  readonly endpoint: SipEndpoint;
  /** The endpoint that has a dialog of this user, null when the connection's own one is right. */
  readonly findOwner: (user: string, callId: string) => SipEndpoint | null;
  readonly onClosed: (connection: SipConnection) => void;
}

export class SipConnection {
  readonly endpoint: SipEndpoint;
  readonly challenge: DigestChallenge;
  readonly socket: WebSocket;
  /** The authenticated SIP user, null before the first good REGISTER. */
  user: string | null = null;
  readonly #options: SipConnectionOptions;
  readonly #endpoints = new Set<SipEndpoint>();
  #tokens = BURST_MESSAGES;
  #tokensAtMs: number;
  #isAlive = true;
  #stopPinging: Unsubscribe = () => undefined;

  constructor(options: SipConnectionOptions) {
    this.#options = options;
    this.endpoint = options.endpoint;
    this.challenge = new DigestChallenge(options.domain);
    this.socket = options.socket;
    this.#tokensAtMs = options.clock.monotonicMs();
    this.adopt(options.endpoint);
    this.socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.socket.on('pong', () => {
      this.#isAlive = true;
    });
    // A broken frame ends the connection; ws closes by itself after telling.
    this.socket.on('error', () => this.socket.terminate());
    this.socket.on('close', () => this.#close());
    this.#pingLater();
  }

  /** What the endpoint sends goes over this socket from now on. */
  adopt(endpoint: SipEndpoint): void {
    this.#endpoints.add(endpoint);
    endpoint.attach(this.socket);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#takeToken()) {
      this.socket.close(POLICY_VIOLATION, 'too many messages');
      return;
    }
    if (isBinary) return;
    const verdict = guardMessage(data.toString());
    if (verdict.verdict === 'reply') this.socket.send(verdict.text);
    if (verdict.verdict !== 'pass') return;
    const owner = this.user === null ? null : this.#options.findOwner(this.user, verdict.callId);
    if (owner && owner !== this.endpoint) this.adopt(owner);
    (owner ?? this.endpoint).receive(verdict.text, verdict.requestUri);
  }

  #takeToken(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const earned = ((nowMs - this.#tokensAtMs) / 1000) * MESSAGES_PER_SECOND;
    this.#tokens = Math.min(BURST_MESSAGES, this.#tokens + earned) - 1;
    this.#tokensAtMs = nowMs;
    return this.#tokens >= 0;
  }

  #pingLater(): void {
    this.#stopPinging = this.#options.clock.after(PING_INTERVAL_MS, () => {
      if (!this.#isAlive) {
        this.socket.terminate();
        return;
      }
      this.#isAlive = false;
      this.socket.ping();
      this.#pingLater();
    });
  }

  #close(): void {
    this.#stopPinging();
    for (const endpoint of this.#endpoints) endpoint.detach(this.socket);
    this.#options.onClosed(this);
  }
}
