/** One accepted WebSocket of a browser: limits, keep-alive, and which endpoint gets what arrives on it. */
import type { RawData, WebSocket } from 'ws';
import type { Clock, Unsubscribe } from '../../../src/phone/ports.ts';
import { DigestChallenge } from './digest-challenge.ts';
import { guardMessage } from './message-guard.ts';
import type { SipEndpoint } from './sip-endpoint.ts';

/**
 * In a burst and, after it, per second. A message takes one token, and one more for each kilobyte, since reading it takes the time of
 * all others. A call needs about thirty.
 */
const BURST_TOKENS = 200;
const TOKENS_PER_SECOND = 50;
const BYTES_PER_TOKEN = 1_000;
/** Answers that wait for a peer that does not read them. */
const MAX_UNREAD_BYTES = 1_000_000;
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
  #tokens = BURST_TOKENS;
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
    const text = data.toString();
    if (!this.#takeTokens(1 + Buffer.byteLength(text) / BYTES_PER_TOKEN)) {
      this.socket.close(POLICY_VIOLATION, 'too many messages');
      return;
    }
    if (this.socket.bufferedAmount > MAX_UNREAD_BYTES) {
      this.socket.terminate();
      return;
    }
    if (isBinary) return;
    const verdict = guardMessage(text);
    if (verdict.verdict === 'reply') this.socket.send(verdict.text);
    if (verdict.verdict !== 'pass') return;
    const owner = this.user === null ? null : this.#options.findOwner(this.user, verdict.callId);
    if (owner && owner !== this.endpoint) this.adopt(owner);
    (owner ?? this.endpoint).receive(verdict.text, verdict.requestUri);
  }

  #takeTokens(price: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const earned = ((nowMs - this.#tokensAtMs) / 1000) * TOKENS_PER_SECOND;
    this.#tokens = Math.min(BURST_TOKENS, this.#tokens + earned) - price;
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
