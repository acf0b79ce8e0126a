/**
 * One registration over one socket. Every socket gets a new one: SIP.js's Registerer waits 32 s for the answer to a request that went
 * into a dead socket, and refuses to register meanwhile.
 */
import { Registerer, RegistererState, type UserAgent } from 'sip.js';
import type { Clock } from '../phone/ports.ts';

const EXPIRES_SECONDS = 300;
/** In percent of what the registrar granted; SIP.js's own 99 % leaves a throttled tab no time. */
const REFRESH_AT_PERCENT = 60;
/** The longest wait for the goodbye to be acknowledged. */
const UNREGISTER_WITHIN_MS = 1000;

export interface SipRegistrationOptions {
  readonly userAgent: UserAgent;
  readonly instanceId: string;
  readonly clock: Clock;
  readonly onRegistered: () => void;
  /** Rejected, or lapsed because a refresh failed; the status is null when the registrar did not say. */
  readonly onFailed: (statusCode: number | null) => void;
}

export class SipRegistration {
  readonly #options: SipRegistrationOptions;
  readonly #registerer: Registerer;
  #statusCode: number | null = null;
  #isAbandoned = false;

  constructor(options: SipRegistrationOptions) {
    this.#options = options;
    this.#registerer = new Registerer(options.userAgent, {
      expires: EXPIRES_SECONDS,
      refreshFrequency: REFRESH_AT_PERCENT,
      instanceId: options.instanceId,
      regId: 1,
      logConfiguration: false,
    });
    this.#registerer.stateChange.addListener((state) => this.#changed(state));
  }

  get isRegistered(): boolean {
    return this.#registerer.state === RegistererState.Registered;
  }

  async register(): Promise<void> {
    await this.#registerer.register({
      requestDelegate: {
        onReject: ({ message }) => {
          this.#statusCode = message.statusCode ?? null;
        },
      },
    });
  }

  /** The socket is gone, or this registration was refused: whatever it still hears is of no interest. */
  abandon(): void {
    this.#isAbandoned = true;
    void this.#registerer.dispose();
  }

  /** Says goodbye; resolves when it is acknowledged, or after a second. */
  async unregister(): Promise<void> {
    this.#isAbandoned = true;
    if (!this.isRegistered) return;
    await new Promise<void>((resolve) => {
      const cancelPatience = this.#options.clock.after(UNREGISTER_WITHIN_MS, resolve);
      void this.#registerer.dispose().then(() => {
        cancelPatience();
        resolve();
      });
    });
  }

  #changed(state: RegistererState): void {
    if (this.#isAbandoned) return;
    if (state === RegistererState.Registered) this.#options.onRegistered();
    // SIP.js changes the state first and tells the status code right after it.
    else if (state === RegistererState.Unregistered) queueMicrotask(() => this.#failed());
  }

  #failed(): void {
    if (!this.#isAbandoned) this.#options.onFailed(this.#statusCode);
  }
}
