/**
 * re-INVITEs of one call, one at a time: SIP allows a single offer in flight (RFC 3261 section 14.1), and SIP.js throws at the second.
 * A 491 (both sides asked at once) and a 500 with Retry-After (the other side has not digested the last one, section 14.2) are tried
 * again after the random wait that the RFC prescribes.
 */
import { type Core, type Session, SessionState } from 'sip.js';
import type { Clock } from '../phone/ports.ts';
import type { MediaSession, OfferOptions } from './media-session.ts';

export type ReinviteOutcome =
  | { readonly outcome: 'accepted' }
  /** The call stands as it stood before; `statusCode` 503 also when the socket went away meanwhile. */
  | { readonly outcome: 'rejected'; readonly statusCode: number; readonly isTooEarly: boolean }
  | { readonly outcome: 'call_over' };

const REQUEST_PENDING = 491;
const SERVER_ERROR = 500;
const MAX_RETRIES = 3;
/** Section 14.1: the caller's side waits 2.1 to 4 s, the called side 0 to 2 s. */
const GLARE_WAIT_MS = { caller: { from: 2100, to: 4000 }, called: { from: 0, to: 2000 } } as const;

/** After an answer, so that its ACK and the next INVITE do not arrive as one piece: SIP.js, for one, refuses the INVITE then. */
const SETTLE_MS = 100;

export interface ReinviteQueueOptions {
  readonly session: Session;
  readonly media: MediaSession;
  readonly side: 'caller' | 'called';
  readonly clock: Clock;
  readonly random: () => number;
}

export class ReinviteQueue {
  readonly #options: ReinviteQueueOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ReinviteQueueOptions) {
    this.#options = options;
  }

  run(offer: OfferOptions): Promise<ReinviteOutcome> {
    const outcome = this.#last.then(() => this.#withRetries(offer));
    this.#last = outcome.then(() => this.#wait(SETTLE_MS));
    return outcome;
  }

  async #withRetries(offer: OfferOptions): Promise<ReinviteOutcome> {
    for (let retries = 0; ; retries += 1) {
      const outcome = await this.#send(offer);
      if (outcome.outcome !== 'rejected' || !outcome.isTooEarly || retries >= MAX_RETRIES) return outcome;
      const { from, to } = GLARE_WAIT_MS[this.#options.side];
      await this.#wait(from + this.#options.random() * (to - from));
    }
  }

  #send(offer: OfferOptions): Promise<ReinviteOutcome> {
    const { session } = this.#options;
    if (session.state !== SessionState.Established) return Promise.resolve({ outcome: 'call_over' });
    return new Promise((resolve) => {
      session
        .invite({
          sessionDescriptionHandlerOptions: offer,
          requestDelegate: {
            onAccept: () => resolve({ outcome: 'accepted' }),
            onReject: ({ message }) => resolve(rejectionOf(message)),
          },
        })
        .catch(() => this.#takeBack().then(resolve));
    });
  }

  /** SIP.js threw before anything was sent: the other side's re-INVITE is under way, the same as a 491. */
  async #takeBack(): Promise<ReinviteOutcome> {
    if (this.#options.session.state !== SessionState.Established) return { outcome: 'call_over' };
    await this.#options.media.rollbackDescription();
    return { outcome: 'rejected', statusCode: REQUEST_PENDING, isTooEarly: true };
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(delayMs, resolve));
  }
}

function rejectionOf(message: Core.IncomingResponseMessage): ReinviteOutcome {
  const statusCode = message.statusCode ?? SERVER_ERROR;
  // SIP.js makes the message of a dead socket itself, without any header.
  const isUnfinished = statusCode === SERVER_ERROR && message.hasHeader('Retry-After');
  return { outcome: 'rejected', statusCode, isTooEarly: statusCode === REQUEST_PENDING || isUnfinished };
}
