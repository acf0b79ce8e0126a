/**
 * Keeps one registered SIP socket, whatever the network does. Calls hang on the user agent, not on the socket, so they outlive it:
 *
 *   start -> mint credentials -> socket -> register -> registered
 *              ^                   ^          │ rejected: fresh credentials once, then `failed`
 *              └── near expiry ────┴── lost ──┘  back-off with jitter, at once when the network or the tab comes back
 */
import type { Invitation, Session, UserAgent } from 'sip.js';
import type { Clock, LineFault, LineStatus, Unsubscribe } from '../phone/ports.ts';
import { KEEP_CONNECTED, type ReconnectPolicy, retryDelayMs } from '../phone/reconnect-policy.ts';
import type { LineCredentials } from '../protocol/account.ts';
import type { Outcome } from '../protocol/problem.ts';
import type { LineLog } from './line-log.ts';
import type { MediaSession } from './media-session.ts';
import { takeSipInstance } from './sip-instance.ts';
import { SipRegistration } from './sip-registration.ts';
import { createUserAgent, failPendingRequests, sendOptions, webSocketOf } from './sip-user-agent.ts';
import { type SocketWatch, watchSocket } from './socket-watch.ts';

/** While somebody may be talking: quick, for a quarter of a minute. */
const RIGHT_AFTER_LOSS: ReconnectPolicy = { firstDelayMs: 100, maxDelayMs: 1000, giveUpAfterMs: 15_000 };
/** New credentials are minted when this share of their life is over. */
const RENEW_AT_SHARE = 0.75;
const RENEW_RETRY_MS = 10_000;
/** A registrar that is silent for so long is behind a dead socket; SIP.js would wait 32 s. */
const REGISTER_WITHIN_MS = 6000;

export interface SipConnectionOptions {
  readonly mintCredentials: () => Promise<Outcome<LineCredentials>>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: LineLog;
  readonly onStatus: (status: LineStatus, fault: LineFault | null) => void;
  readonly onInvite: (invitation: Invitation) => void;
  readonly onSocketLost: () => void;
  /** Requests can be sent again; also called when nothing was lost. */
  readonly onSocketRestored: () => void;
}

export class SipConnection {
  readonly #options: SipConnectionOptions;
  readonly #instance = takeSipInstance();
  readonly #mediaOf = new WeakMap<Session, MediaSession>();
  #status: LineStatus = 'off';
  #credentials: LineCredentials | null = null;
  #userAgent: UserAgent | null = null;
  #registration: SipRegistration | null = null;
  #watch: SocketWatch | null = null;
  /** Minted for this very registration: when these are refused, others will be as well. */
  #hasFreshCredentials = false;
  #isTrying = false;
  #isOver = false;
  #attempt = 0;
  #lostAtMs = 0;
  #cancelRetry: Unsubscribe = () => undefined;
  #cancelRenewal: Unsubscribe = () => undefined;
  #cancelPatience: Unsubscribe = () => undefined;

  constructor(options: SipConnectionOptions) {
    this.#options = options;
  }

  /** A stopped connection stays stopped; the next needs a new one. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Null while no SIP can be sent. */
  get liveUserAgent(): UserAgent | null {
    return this.#userAgent?.isConnected() === true ? this.#userAgent : null;
  }

  get iceServers(): readonly RTCIceServer[] {
    return (this.#credentials?.iceServers ?? []).map(iceServerOf);
  }

  /** SIP.js asks for the media of a session when it needs a description. */
  attach(session: Session, media: MediaSession): void {
    this.#mediaOf.set(session, media);
  }

  start(): void {
    if (this.#isOver || (this.#status !== 'off' && this.#status !== 'failed')) return;
    const fault = missingAbility();
    if (fault !== null) {
      this.#setStatus('failed', fault);
      return;
    }
    addEventListener('pagehide', this.#instance.giveBack);
    addEventListener('online', this.#checkNow);
    document.addEventListener('visibilitychange', this.#checkNow);
    this.#setStatus('connecting', null);
    this.#lostAtMs = this.#options.clock.monotonicMs();
    void this.#tryOnce();
  }

  /** Resolves when the registrar knows, or a second later. */
  async stop(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#instance.giveBack();
    this.#stopTrying();
    this.#setStatus('off', null);
    const registration = this.#registration;
    const userAgent = this.#userAgent;
    this.#registration = null;
    this.#userAgent = null;
    this.#credentials = null;
    await registration?.unregister();
    await userAgent?.stop();
  }

  readonly #checkNow = (): void => {
    if (document.visibilityState === 'hidden') return;
    if (this.#status === 'failed') this.start();
    else if (this.liveUserAgent === null) this.#retryAfter(0);
    else this.#watch?.askNow();
  };

  /** One attempt at a time: a second registration over the same socket would take back the first one's contact. */
  async #tryOnce(): Promise<void> {
    if (this.#isTrying) return;
    this.#isTrying = true;
    try {
      if (!(await this.#haveCredentials())) return;
      await this.#openSocket();
    } catch (error) {
      if (this.#isOver) return;
      this.#options.log('the SIP socket did not open', { error: String(error) });
      this.#setStatus('reconnecting', 'unreachable');
      this.#retryLater();
    } finally {
      this.#isTrying = false;
    }
  }

  /** False when the gate will not give any; throws when it could not be asked. */
  async #haveCredentials(): Promise<boolean> {
    if (this.#credentials !== null) return true;
    const minted = await this.#options.mintCredentials();
    if (this.#isOver) return false;
    if (minted.ok) {
      this.#use(minted.value);
      this.#hasFreshCredentials = true;
      return true;
    }
    if (minted.refusal.code === 'unavailable') throw new Error('No SIP credentials: the gate cannot be reached.');
    this.#fail(minted.refusal.code);
    return false;
  }

  #use(credentials: LineCredentials): void {
    this.#credentials = credentials;
    if (this.#userAgent !== null) {
      // SIP.js reads them anew for every challenge.
      this.#userAgent.configuration.authorizationUsername = credentials.username;
      this.#userAgent.configuration.authorizationPassword = credentials.password;
    }
    this.#renewAfter(credentials.expiresInSeconds * 1000 * RENEW_AT_SHARE);
  }

  #renewAfter(delayMs: number): void {
    this.#cancelRenewal();
    this.#cancelRenewal = this.#options.clock.after(delayMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const minted = await this.#options.mintCredentials();
    if (this.#isOver) return;
    if (minted.ok) this.#use(minted.value);
    else this.#renewAfter(RENEW_RETRY_MS);
  }

  async #openSocket(): Promise<void> {
    if (this.#userAgent === null) {
      this.#userAgent = this.#createUserAgent();
      await this.#userAgent.start();
    } else if (!this.#userAgent.isConnected()) await this.#userAgent.reconnect();
    if (this.#isOver || this.#userAgent === null) return;
    this.#watch?.stop();
    this.#watch = this.#watchSocket(this.#userAgent);
    this.#register(this.#userAgent);
  }

  #createUserAgent(): UserAgent {
    if (this.#credentials === null) throw new Error('The SIP user agent needs credentials.');
    return createUserAgent({
      credentials: this.#credentials,
      instanceId: this.#instance.id,
      mediaOf: (session) => {
        const media = this.#mediaOf.get(session);
        if (media === undefined) throw new Error('A SIP session without media was asked for its description.');
        return media;
      },
      onInvite: this.#options.onInvite,
      onDisconnect: () => this.#lost(),
      log: this.#options.log,
    });
  }

  #watchSocket(userAgent: UserAgent): SocketWatch {
    const socket = {
      sendKeepAlive: () => void userAgent.transport.send('\r\n\r\n').catch(() => this.#giveUpSocket()),
      sendOptions: () => sendOptions(userAgent),
      onArrival: (listener: () => void) => {
        const webSocket = webSocketOf(userAgent);
        webSocket?.addEventListener('message', listener);
        return () => webSocket?.removeEventListener('message', listener);
      },
    };
    return watchSocket(socket, this.#options.clock, () => this.#giveUpSocket());
  }

  /** SIP.js reports the loss at once; the browser's own closing handshake with a dead peer takes as long as it likes. */
  #giveUpSocket(): void {
    this.#options.log('the SIP socket is silent and given up');
    // Rejected when the next socket opens before this one has closed.
    this.#userAgent?.transport.disconnect().catch(() => undefined);
  }

  #register(userAgent: UserAgent): void {
    this.#registration?.abandon();
    this.#cancelPatience();
    this.#registration = new SipRegistration({
      userAgent,
      instanceId: this.#instance.id,
      clock: this.#options.clock,
      onRegistered: () => {
        this.#cancelPatience();
        this.#attempt = 0;
        this.#hasFreshCredentials = false;
        this.#setStatus('registered', null);
        this.#options.onSocketRestored();
      },
      onFailed: (statusCode) => void this.#registrationFailed(statusCode),
    });
    this.#cancelPatience = this.#options.clock.after(REGISTER_WITHIN_MS, () => this.#giveUpSocket());
    void this.#registration.register();
  }

  /** Credentials that were good may have run out; new ones that are refused are a fault that repeating does not mend. */
  async #registrationFailed(statusCode: number | null): Promise<void> {
    this.#cancelPatience();
    this.#options.log('the registration failed', { statusCode });
    if (this.liveUserAgent === null) return;
    // Calls that run do not depend on being reachable for others.
    this.#options.onSocketRestored();
    const isRefused = statusCode === null || statusCode === 401 || statusCode === 403 || statusCode === 407;
    if (isRefused && this.#hasFreshCredentials) return this.#fail('registration rejected');
    if (isRefused) this.#credentials = null;
    this.#setStatus('reconnecting', 'unreachable');
    this.#retryLater();
  }

  #lost(): void {
    const userAgent = this.#userAgent;
    if (userAgent === null || this.#isOver) return;
    this.#watch?.stop();
    this.#watch = null;
    this.#cancelPatience();
    failPendingRequests(userAgent);
    this.#registration?.abandon();
    this.#registration = null;
    this.#lostAtMs = this.#options.clock.monotonicMs();
    this.#options.onSocketLost();
    if (this.#status === 'failed') return;
    this.#setStatus('reconnecting', 'unreachable');
    this.#retryLater();
  }

  #retryLater(): void {
    const context = {
      attempt: this.#attempt,
      elapsedMs: this.#options.clock.monotonicMs() - this.#lostAtMs,
      random: this.#options.random(),
    };
    this.#attempt += 1;
    this.#retryAfter(retryDelayMs(RIGHT_AFTER_LOSS, context) ?? retryDelayMs(KEEP_CONNECTED, context) ?? 0);
  }

  #retryAfter(delayMs: number): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.after(delayMs, () => void this.#tryOnce());
  }

  #fail(cause: string): void {
    this.#options.log('the line was refused', { cause });
    this.#cancelRetry();
    this.#credentials = null;
    this.#setStatus('failed', 'credentials_rejected');
  }

  #stopTrying(): void {
    this.#cancelRetry();
    this.#cancelRenewal();
    this.#cancelPatience();
    this.#watch?.stop();
    this.#watch = null;
    removeEventListener('pagehide', this.#instance.giveBack);
    removeEventListener('online', this.#checkNow);
    document.removeEventListener('visibilitychange', this.#checkNow);
  }

  #setStatus(status: LineStatus, fault: LineFault | null): void {
    this.#status = status;
    this.#options.onStatus(status, fault);
  }
}

function missingAbility(): LineFault | null {
  if (!globalThis.isSecureContext) return 'insecure_context';
  return typeof RTCPeerConnection === 'undefined' ? 'no_webrtc' : null;
}

function iceServerOf(server: LineCredentials['iceServers'][number]): RTCIceServer {
  const { urls, username, credential } = server;
  return { urls, ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) };
}
