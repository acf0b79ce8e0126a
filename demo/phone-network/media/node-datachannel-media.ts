/** MediaLeg on node-datachannel (libdatachannel): prebuilt, small, and it relays RTP as it is, so that an echo needs no codec. */
import { randomBytes } from 'node:crypto';
import { Audio, PeerConnection, type Track } from 'node-datachannel';
import type { AudioPacket, MediaBackend, MediaLeg } from './media-leg.ts';
import {
  answerAgain,
  type Codec,
  clockRateOf,
  codecsOf,
  iceUserFragment,
  inDirectionOf,
  maySend,
  mediaIdOf,
  payloadType,
  telephoneEventType,
} from './session-description.ts';

export interface NodeDatachannelOptions {
  /** Local address for media; all interfaces when null. */
  readonly bindAddress: string | null;
  /** One UDP port for the media of all calls (Docker, firewalls); null lets the system choose ports. */
  readonly udpPort: number | null;
}

export function createNodeDatachannelMedia(options: NodeDatachannelOptions): MediaBackend {
  return { createLeg: ({ codec }) => new NodeDatachannelLeg(options, codec) };
}

/** Offered payload types, as Chromium numbers them. */
const OFFERED = { opus: { type: 111, events: 110 }, pcmu: { type: 0, events: 126 } } as const;
const RTP_HEADER_BYTES = 12;

class NodeDatachannelLeg implements MediaLeg {
  telephoneEventType: number | null = null;
  onPacket: ((packet: AudioPacket) => void) | null = null;
  onFailed: (() => void) | null = null;
  readonly #options: NodeDatachannelOptions;
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #codec: Codec;
  #payloadType = 0;
  #sequence = randomBytes(2).readUInt16BE();
  #timestamp = randomBytes(4).readUInt32BE();
  #connection: PeerConnection | null = null;
  #track: Track | null = null;
  #localDescription: string | null = null;
  #remoteFragment: string | null = null;
  #maySend = true;
  #isClosed = false;

  constructor(options: NodeDatachannelOptions, codec: Codec) {
    this.#options = options;
    this.#codec = codec;
  }

  async answer(offer: string): Promise<string> {
    const fragment = iceUserFragment(offer);
    if (this.#localDescription !== null && fragment === this.#remoteFragment) {
      this.#localDescription = answerAgain(this.#localDescription, offer);
    } else {
      this.#localDescription = inDirectionOf(offer, await this.#answerAnew(offer));
      this.#remoteFragment = fragment;
    }
    this.#maySend = maySend(this.#localDescription);
    return this.#localDescription;
  }

  /** Also for an ICE restart: libdatachannel cannot restart, so a new connection takes over with the same SSRC and clock. */
  async #answerAnew(offer: string): Promise<string> {
    const offered = codecsOf(offer);
    const codec = offered.includes(this.#codec) ? this.#codec : offered[0];
    if (codec === undefined) throw new Error('The offer has none of our codecs.');
    const type = payloadType(offer, codec);
    if (type === null) throw new Error('The offer has no payload type for our codec.');
    this.#dropConnection();
    const connection = this.#open(mediaIdOf(offer), { codec, type, events: telephoneEventType(offer, codec) });
    connection.setRemoteDescription(offer, 'offer');
    return this.#describe(connection, 'answer');
  }

  async offer(): Promise<string> {
    this.#dropConnection();
    const { type, events } = OFFERED[this.#codec];
    const connection = this.#open('0', { codec: this.#codec, type, events });
    this.#localDescription = beginningDtlsOurselves(await this.#describe(connection, 'offer'));
    return this.#localDescription;
  }

  accept(answer: string): void {
    this.#remoteFragment = iceUserFragment(answer);
    try {
      this.#connection?.setRemoteDescription(answer, 'answer');
    } catch {
      // libdatachannel can finish DTLS before it has stored the answer, misses the fingerprint and closes, and then refuses the
      // candidates. The connection is lost but the call is not.
      this.onFailed?.();
    }
  }

  send(payload: Buffer, samples: number): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + samples) >>> 0;
    this.echo({
      payload,
      payloadType: this.#payloadType,
      isMarked: false,
      sequence: this.#sequence,
      timestamp: this.#timestamp,
    });
  }

  echo({ payload, payloadType, isMarked, sequence, timestamp }: AudioPacket): void {
    if (!this.#maySend || !this.#track?.isOpen()) return;
    const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + payload.length);
    packet[0] = 0x80;
    packet[1] = (isMarked ? 0x80 : 0) | payloadType;
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    payload.copy(packet, RTP_HEADER_BYTES);
    this.#track.sendMessageBinary(packet);
  }

  close(): void {
    this.#isClosed = true;
    this.onPacket = null;
    this.onFailed = null;
    this.#dropConnection();
  }

  #open(
    mediaId: string,
    { codec, type, events }: { codec: Codec; type: number; events: number | null },
  ): PeerConnection {
    if (this.#isClosed) throw new Error('The media leg is closed.');
    const { bindAddress, udpPort } = this.#options;
    const connection = new PeerConnection('phone-network', {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      ...(bindAddress === null ? {} : { bindAddress }),
      ...(udpPort === null ? {} : { enableIceUdpMux: true, portRangeBegin: udpPort, portRangeEnd: udpPort }),
    });
    connection.onStateChange((state) => {
      if (state === 'failed' && this.#connection === connection) this.onFailed?.();
    });
    const audio = new Audio(mediaId, 'SendRecv');
    if (codec === 'opus') audio.addOpusCodec(type);
    else audio.addAudioCodec(type, 'PCMU/8000/1');
    if (events !== null) audio.addAudioCodec(events, `telephone-event/${clockRateOf(codec)}`);
    audio.addSSRC(this.#ssrc, 'phone-network', 'phone-network', 'audio');
    const track = connection.addTrack(audio);
    track.onMessage((bytes) => this.#receive(bytes));
    this.telephoneEventType = events;
    this.#codec = codec;
    this.#payloadType = type;
    this.#connection = connection;
    this.#track = track;
    return connection;
  }

  #describe(connection: PeerConnection, type: 'offer' | 'answer'): Promise<string> {
    return new Promise((resolve, reject) => {
      connection.onGatheringStateChange((state) => {
        if (state !== 'complete') return;
        const description = connection.localDescription();
        if (description) resolve(inBrowserSpelling(description.sdp));
        else reject(new Error('No local description.'));
      });
      connection.setLocalDescription(type);
    });
  }

  #receive(bytes: Buffer): void {
    const packet = readPacket(bytes);
    if (packet) this.onPacket?.(packet);
  }

  #dropConnection(): void {
    const [track, connection] = [this.#track, this.#connection];
    this.#track = null;
    this.#connection = null;
    track?.close();
    connection?.close();
  }
}

/**
 * Offers that we open DTLS (RFC 4145 section 4), so that we do it when the answer is there. Left to choose, the browser opens it as soon as
 * it has answered, which can be before its answer has reached us by SIP: libdatachannel then misses the fingerprint and closes.
 */
function beginningDtlsOurselves(offer: string): string {
  return offer.replace(/^a=setup:actpass/m, 'a=setup:active');
}

/** Null for RTCP (RFC 5761 section 4) and for what is no RTP. */
function readPacket(bytes: Buffer): AudioPacket | null {
  const [first = 0, second = 0] = bytes;
  const type = second & 0x7f;
  if (bytes.length < RTP_HEADER_BYTES || (type >= 64 && type <= 95)) return null;
  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10 && bytes.length >= start + 4) start += 4 + bytes.readUInt16BE(start + 2) * 4;
  return {
    payload: bytes.subarray(start),
    payloadType: type,
    isMarked: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
  };
}

/** libdatachannel writes formats into rtpmap lines that Chromium does not accept for these two. */
function inBrowserSpelling(description: string): string {
  return description
    .replace(/^(a=rtpmap:\d+ )PCMU\/8000.*$/gm, '$1PCMU/8000\r')
    .replace(/^(a=rtpmap:\d+ telephone-event\/\d+).*$/gm, '$1\r')
    .replace(/\r+\n/g, '\r\n');
}
