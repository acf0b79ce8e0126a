/** What outgoing and incoming calls have in common once there is a SIP session: reporting, hold, mute, digits, goodbye. */
import { type Bye, type Session, SessionState } from 'sip.js';
import type { Clock, LineEvent, Unsubscribe } from '../phone/ports.ts';
import type { EndReason } from '../protocol/call.ts';
import type { LineLog } from './line-log.ts';
import { MediaSession, type OfferOptions } from './media-session.ts';
import { freeMicrophone, takeMicrophone } from './microphone.ts';
import { watchQuality } from './quality.ts';
import { ReinviteQueue } from './reinvite-queue.ts';
import type { SipConnection } from './sip-connection.ts';
import { END_REASON_HEADER, endReasonOfGoodbye } from './sip-end-reason.ts';

export interface SipCallOptions {
  readonly callId: string;
  readonly connection: SipConnection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: LineLog;
  readonly report: (event: LineEvent) => void;
  /** Nothing is left to do for this call. */
  readonly onGone: () => void;
}

/** A dialog that the other side does not know any more (RFC 3261 section 12.2.1.2). */
const UNKNOWN_DIALOG = 481;

export abstract class SipCall {
  readonly callId: string;
  protected readonly options: SipCallOptions;
  protected session: Session | null = null;
  protected media: MediaSession | null = null;
  #reinvites: ReinviteQueue | null = null;
  #stopQuality: Unsubscribe = () => undefined;
  #isMuted = false;
  #isOver = false;
  #isAnswered = false;
  /** We hung up while the socket was away: the other side still has to be told. */
  #owesGoodbye = false;
  #isLinkLost = false;

  constructor(options: SipCallOptions) {
    this.options = options;
    this.callId = options.callId;
  }

  get isOver(): boolean {
    return this.#isOver;
  }
  get isAnswered(): boolean {
    return this.#isAnswered;
  }
  get isHeld(): boolean {
    return this.media?.isHeld ?? false;
  }
  get remoteStream(): MediaStream | null {
    return this.media?.remoteStream ?? null;
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.media?.setMuted(isMuted);
    this.options.report({ type: 'mute_changed', callId: this.callId, isMuted });
  }

  async setHeld(isHeld: boolean): Promise<void> {
    const canReinvite = this.options.connection.liveUserAgent !== null;
    const isAccepted = canReinvite && (await this.#reinvite({ isHeld }));
    if (this.#isOver) return;
    const { callId } = this;
    this.options.report(isAccepted ? { type: 'hold_changed', callId, isHeld } : { type: 'hold_failed', callId });
  }

  sendDigits(digits: string): void {
    if (this.media?.sendDtmf(digits) !== true) this.options.log('digits were not sent: the call is not up');
  }

  /** The socket is gone. An answered call talks on and waits for the next one; one that rings cannot be answered any more. */
  linkLost(): void {
    if (this.#isOver || this.session === null) return;
    if (this.#isAnswered) {
      this.#isLinkLost = true;
      this.options.report({ type: 'call_link', callId: this.callId, isLost: true });
    } else {
      this.finish('line_lost');
      void this.session.dispose();
      this.options.onGone();
    }
  }

  /** The socket is back: a re-INVITE tells the edge our new address and finds a new media path (RFC 8839 section 4.4.3.1.1). */
  linkRestored(): void {
    if (this.#owesGoodbye) void this.#sayGoodbye();
    else if (this.#isLinkLost && !this.#isOver) void this.#restore();
  }

  abstract hangUp(): void;

  /** False when the microphone could not be had; that has been reported then. */
  protected async openMedia(): Promise<MediaSession | null> {
    const microphone = await takeMicrophone();
    if (!microphone.ok) {
      if (!this.#isOver)
        this.options.report({ type: 'microphone_failed', callId: this.callId, fault: microphone.fault });
      return null;
    }
    const media = new MediaSession({
      microphone: microphone.stream,
      iceServers: this.options.connection.iceServers,
      clock: this.options.clock,
      // With the socket gone as well, its return starts ICE anew anyway.
      onPathLost: () => {
        if (this.options.connection.liveUserAgent !== null) void this.#reinvite({ iceRestart: true });
      },
      onMicrophoneLost: () => void this.#findMicrophone(),
    });
    if (this.#isOver) {
      media.close();
      return null;
    }
    this.media = media;
    media.setMuted(this.#isMuted);
    return media;
  }

  /** From here on the session's own events drive the call. */
  protected follow(session: Session, side: 'caller' | 'called'): void {
    this.session = session;
    session.delegate = {
      ...session.delegate,
      onBye: (bye) => this.#heardGoodbye(bye),
      // Following a REFER would let the other side place calls at our cost.
      onRefer: (referral) => void referral.reject({ statusCode: 603 }),
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#answered(session, side);
      // SIP.js tells why right after the state, so whoever knows the reason comes first.
      if (state === SessionState.Terminated) queueMicrotask(() => this.#sessionGone());
    });
  }

  /** Ends the call on this side: microphone and connection are freed now, the event is sent once. */
  protected finish(reason: EndReason, refusalCode: string | null = null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopQuality();
    this.media?.close();
    this.options.report({ type: 'ended', callId: this.callId, reason, refusalCode });
    if (this.session === null || this.session.state === SessionState.Terminated) this.options.onGone();
  }

  /** Ends a call without a word to the phone, which was told already why it failed. */
  protected giveUp(): void {
    this.#isOver = true;
    this.media?.close();
    this.options.onGone();
  }

  protected async sayGoodbye(): Promise<void> {
    if (this.options.connection.liveUserAgent === null) this.#owesGoodbye = true;
    else await this.#sayGoodbye();
  }

  async #sayGoodbye(): Promise<void> {
    this.#owesGoodbye = false;
    if (this.session?.state === SessionState.Established) await this.session.bye();
  }

  /** Another one at once, or as soon as one is plugged in. */
  async #findMicrophone(): Promise<void> {
    if (this.#isOver) return;
    const microphone = await takeMicrophone();
    const { callId, media } = this;
    if (microphone.ok && (this.#isOver || media === null)) return freeMicrophone(microphone.stream);
    if (microphone.ok) await media?.useMicrophone(microphone.stream).catch(this.#logFailure);
    else navigator.mediaDevices.addEventListener('devicechange', () => void this.#findMicrophone(), { once: true });
    const fault = microphone.ok ? null : microphone.fault;
    if (!this.#isOver) this.options.report({ type: 'microphone_changed', callId, fault });
  }

  readonly #logFailure = (error: unknown): void =>
    this.options.log('the microphone could not be changed', { error: String(error) });

  #answered(session: Session, side: 'caller' | 'called'): void {
    const { media } = this;
    if (media === null || this.#isOver) return;
    this.#isAnswered = true;
    const { clock, random } = this.options;
    this.#reinvites = new ReinviteQueue({ session, media, side, clock, random });
    this.#stopQuality = watchQuality({ getStats: () => media.getStats(), clock }, (quality, level) =>
      this.options.report({ type: 'quality', callId: this.callId, quality, level }),
    );
    this.options.report({ type: 'answered', callId: this.callId });
  }

  async #restore(): Promise<void> {
    await this.#reinvite({ iceRestart: true });
    // Lost again meanwhile: the next socket brings the next attempt.
    if (this.#isOver || this.options.connection.liveUserAgent === null) return;
    this.#isLinkLost = false;
    this.options.report({ type: 'call_link', callId: this.callId, isLost: false });
  }

  /** True when the other side agreed. A call that it does not know any more ends here. */
  async #reinvite(offer: OfferOptions): Promise<boolean> {
    const outcome = await this.#reinvites?.run(offer);
    if (outcome?.outcome !== 'rejected') return outcome?.outcome === 'accepted';
    this.options.log('a re-INVITE was refused', { statusCode: outcome.statusCode });
    if (outcome.statusCode === UNKNOWN_DIALOG && !this.#isOver) {
      this.finish('line_lost');
      void this.sayGoodbye();
    }
    return false;
  }

  #heardGoodbye(bye: Bye): void {
    void bye.accept();
    const { request } = bye;
    this.finish(
      endReasonOfGoodbye({ endReason: request.getHeader(END_REASON_HEADER), reason: request.getHeader('Reason') }),
    );
  }

  #sessionGone(): void {
    if (this.#isOver) this.options.onGone();
    else this.finish(this.options.connection.liveUserAgent === null ? 'line_lost' : 'failed');
  }
}
