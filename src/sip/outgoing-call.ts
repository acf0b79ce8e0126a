/** A call of ours: microphone and ICE first, while the gate is asked; the INVITE only with the gate's grant. */
import { Inviter, SessionState, UserAgent } from 'sip.js';
import { GRANT_HEADER, REFUSAL_HEADER } from '../protocol/call.ts';
import { type DialableNumber, isE164 } from '../protocol/phone-number.ts';
import { SipCall } from './sip-call.ts';
import { END_REASON_HEADER, endReasonOfRejection } from './sip-end-reason.ts';

export interface Invitation {
  readonly number: DialableNumber;
  readonly grant: string;
}

type IncomingMessage = Parameters<NonNullable<InviteDelegate['onReject']>>[0]['message'];
type InviteDelegate = NonNullable<NonNullable<Parameters<Inviter['invite']>[0]>['requestDelegate']>;

const PAYMENT_REQUIRED = 402;
const SESSION_PROGRESS = 183;

export class OutgoingCall extends SipCall {
  #isPrepared = false;
  #hasEarlyMedia = false;
  #isRinging = false;
  /** Authorized before microphone and ICE were ready. */
  #invitation: Invitation | null = null;

  get isRinging(): boolean {
    return this.#isRinging && !this.#hasEarlyMedia && !this.isAnswered;
  }
  get hasEarlyMedia(): boolean {
    return this.#hasEarlyMedia;
  }

  async prepare(): Promise<void> {
    const media = await this.openMedia();
    if (media === null) {
      if (!this.isOver) this.giveUp();
      return;
    }
    await media.prepareOffer();
    if (this.isOver) return;
    this.#isPrepared = true;
    this.options.report({ type: 'prepared', callId: this.callId });
    if (this.#invitation !== null) await this.#send(this.#invitation);
  }

  async invite(invitation: Invitation): Promise<void> {
    if (this.isOver || this.session !== null) return;
    if (this.#isPrepared) await this.#send(invitation);
    else this.#invitation = invitation;
  }

  hangUp(): void {
    if (this.isOver) return;
    const { session } = this;
    this.finish(this.isAnswered ? 'hung_up' : 'cancelled');
    if (
      session instanceof Inviter &&
      (session.state === SessionState.Initial || session.state === SessionState.Establishing)
    ) {
      void session.cancel();
    } else void this.sayGoodbye();
  }

  async #send({ number, grant }: Invitation): Promise<void> {
    const { connection, callId } = this.options;
    const { media } = this;
    const userAgent = connection.liveUserAgent;
    const target =
      userAgent === null ? undefined : UserAgent.makeURI(targetOf(number, userAgent.configuration.uri.host));
    if (userAgent === null || target === undefined || media === null) return this.finish('line_lost');
    const inviter = new Inviter(userAgent, target, {
      // Kept by SIP.js when it repeats the INVITE with digest credentials.
      extraHeaders: [`${GRANT_HEADER}: ${grant}`],
      // Announcements come from the public network, through one gateway; an extension may ring in several tabs, and SIP.js cannot do both.
      earlyMedia: isE164(number),
    });
    connection.attach(inviter, media);
    this.follow(inviter, 'caller');
    await inviter.invite({ requestDelegate: this.#delegate() });
    if (!this.isOver) this.options.report({ type: 'invite_sent', callId });
  }

  #delegate(): InviteDelegate {
    return {
      onProgress: ({ message }) => this.#progress(message),
      onReject: ({ message }) => this.#rejected(message),
    };
  }

  #progress(message: IncomingMessage): void {
    if (this.isOver || this.isAnswered) return;
    this.#isRinging = true;
    if (message.statusCode === SESSION_PROGRESS && message.body !== '') this.#hasEarlyMedia = true;
    this.options.report({ type: 'ringing', callId: this.callId });
  }

  #rejected(message: IncomingMessage): void {
    const statusCode = message.statusCode ?? 0;
    if (this.options.connection.liveUserAgent === null) {
      this.finish('line_lost');
      return;
    }
    const refusalCode = message.getHeader(REFUSAL_HEADER) ?? null;
    const isRefused = statusCode === PAYMENT_REQUIRED || refusalCode !== null;
    const endReason = message.getHeader(END_REASON_HEADER);
    this.finish(isRefused ? 'refused' : endReasonOfRejection({ statusCode, endReason }), refusalCode);
  }
}

/** "+" and digits need no escaping in the user part of a SIP URI (RFC 3261 section 25.1). */
function targetOf(number: DialableNumber, host: string): string {
  return `sip:${number}@${host}`;
}
