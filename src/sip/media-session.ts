/**
 * One call's peer connection, as SIP.js wants to see it. SIP.js's own handler waits up to 5 s for ICE, asks a foreign STUN server, and
 * cannot take back an offer that was refused, after which hold and ICE restart fail for good; this one
 *
 *   - makes its first offer before any SIP is sent, while the gate is still being asked;
 *   - sends what it has gathered after 500 ms at the latest;
 *   - rolls a refused offer back, direction included (RFC 8829 section 4.1.10.2).
 */
import type { BodyAndContentType, SessionDescriptionHandler, SessionDescriptionHandlerOptions } from 'sip.js';
import type { Clock } from '../phone/ports.ts';
import { freeMicrophone } from './microphone.ts';

/** Longest wait for ICE candidates before an offer or answer leaves. */
const ICE_GATHERING_CAP_MS = 500;
const DTMF_TONE_MS = 160;
const DTMF_GAP_MS = 70;

/** What SIP.js hands through to getDescription. */
export interface OfferOptions extends SessionDescriptionHandlerOptions {
  readonly iceRestart?: boolean;
  readonly isHeld?: boolean;
}

export interface MediaSessionOptions {
  readonly microphone: MediaStream;
  readonly iceServers: readonly RTCIceServer[];
  readonly clock: Clock;
  /** ICE gave up: the path between the two sides is gone. */
  readonly onPathLost: () => void;
  /** Unplugged, or taken back by the person; never because this session let go of it. */
  readonly onMicrophoneLost: () => void;
}

export class MediaSession implements SessionDescriptionHandler {
  readonly remoteStream = new MediaStream();
  readonly #connection: RTCPeerConnection;
  readonly #transceiver: RTCRtpTransceiver;
  readonly #clock: Clock;
  readonly #onMicrophoneLost: () => void;
  #microphone: MediaStream;
  #directionBeforeOffer: RTCRtpTransceiverDirection = 'sendrecv';
  #isOfferPrepared = false;
  #isMuted = false;

  constructor(options: MediaSessionOptions) {
    this.#clock = options.clock;
    this.#onMicrophoneLost = options.onMicrophoneLost;
    this.#microphone = this.#watched(options.microphone);
    this.#connection = new RTCPeerConnection({ iceServers: [...options.iceServers], bundlePolicy: 'max-bundle' });
    this.#transceiver = audioTransceiver(this.#connection, options.microphone);
    this.remoteStream.addTrack(this.#transceiver.receiver.track);
    this.#connection.addEventListener('connectionstatechange', () => {
      if (this.#connection.connectionState === 'failed') options.onPathLost();
    });
  }

  /** Makes the offer that the INVITE will carry. */
  async prepareOffer(): Promise<void> {
    await this.#offer({});
    this.#isOfferPrepared = true;
  }

  async getDescription(options: OfferOptions = {}): Promise<BodyAndContentType> {
    if (this.#isOfferPrepared) this.#isOfferPrepared = false;
    else if (this.#connection.signalingState === 'have-remote-offer') await this.#answer();
    else await this.#offer(options);
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp === undefined) throw new Error('The media session was closed while it was described.');
    return { body: sdp, contentType: 'application/sdp' };
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async setDescription(sdp: string): Promise<void> {
    const isAnswer = this.#connection.signalingState === 'have-local-offer';
    await this.#connection.setRemoteDescription({ type: isAnswer ? 'answer' : 'offer', sdp });
  }

  async rollbackDescription(): Promise<void> {
    this.#transceiver.direction = this.#directionBeforeOffer;
    this.#silence();
    switch (this.#connection.signalingState) {
      case 'have-local-offer':
        return this.#connection.setLocalDescription({ type: 'rollback' });
      case 'have-remote-offer':
        return this.#connection.setRemoteDescription({ type: 'rollback' });
      default:
        return undefined;
    }
  }

  /** RFC 4733 telephone events, behind those that are still being sent. False before the call is answered. */
  sendDtmf(digits: string): boolean {
    const sender = this.#transceiver.sender.dtmf;
    if (sender === null || !sender.canInsertDTMF) return false;
    sender.insertDTMF(sender.toneBuffer + digits, DTMF_TONE_MS, DTMF_GAP_MS);
    return true;
  }

  /** The held side must not hear us either, so a held call is silent whether muted or not. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#silence();
  }

  /** Goes on with another microphone, as silent as the last one was. The other side notices nothing. */
  async useMicrophone(microphone: MediaStream): Promise<void> {
    freeMicrophone(this.#microphone);
    this.#microphone = this.#watched(microphone);
    this.#silence();
    await this.#transceiver.sender.replaceTrack(microphone.getAudioTracks()[0] ?? null);
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isHeld(): boolean {
    return this.#transceiver.direction === 'sendonly' || this.#transceiver.direction === 'inactive';
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  /** May be called again: SIP.js closes what the call closed already. */
  close(): void {
    freeMicrophone(this.#microphone);
    this.#connection.close();
  }

  async #offer({ iceRestart = false, isHeld = this.isHeld }: OfferOptions): Promise<void> {
    this.#directionBeforeOffer = this.#transceiver.direction;
    this.#transceiver.direction = isHeld ? 'sendonly' : 'sendrecv';
    this.#silence();
    await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart }));
    // Right after a restart the state still tells of the gathering before it.
    if (iceRestart || this.#connection.iceGatheringState !== 'complete') await this.#gathered();
  }

  async #answer(): Promise<void> {
    this.#directionBeforeOffer = this.#transceiver.direction;
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    if (this.#connection.iceGatheringState !== 'complete') await this.#gathered();
  }

  #watched(microphone: MediaStream): MediaStream {
    for (const track of microphone.getTracks()) track.addEventListener('ended', this.#onMicrophoneLost);
    return microphone;
  }

  #silence(): void {
    for (const track of this.#microphone.getAudioTracks()) track.enabled = !this.#isMuted && !this.isHeld;
  }

  #gathered(): Promise<void> {
    const connection = this.#connection;
    return new Promise((resolve) => {
      const done = (): void => {
        cancelCap();
        connection.removeEventListener('icegatheringstatechange', check);
        resolve();
      };
      const check = (): void => {
        if (connection.iceGatheringState === 'complete') done();
      };
      const cancelCap = this.#clock.after(ICE_GATHERING_CAP_MS, done);
      connection.addEventListener('icegatheringstatechange', check);
    });
  }
}

/** Made by addTrack, not by addTransceiver: only those are joined with the m-line of an offer that comes in (RFC 8829 section 5.10). */
function audioTransceiver(connection: RTCPeerConnection, microphone: MediaStream): RTCRtpTransceiver {
  for (const track of microphone.getAudioTracks()) connection.addTrack(track, microphone);
  const [transceiver] = connection.getTransceivers();
  if (transceiver === undefined) throw new Error('The microphone gave no audio track.');
  return transceiver;
}
