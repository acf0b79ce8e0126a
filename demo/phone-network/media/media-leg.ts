/**
 * The network's side of one call's audio. The backend is node-datachannel; anything that can answer a browser's offer and hand out
 * RTP packets can take its place (werift was tried with this very port).
 */
import type { Codec } from './session-description.ts';

/** One RTP packet without its header. */
export interface AudioPacket {
  readonly payload: Buffer;
  readonly payloadType: number;
  readonly isMarked: boolean;
  readonly sequence: number;
  readonly timestamp: number;
}

export interface MediaLeg {
  /** Answers the first offer, or a later one: hold and resume keep the connection, an ICE restart makes a new one. */
  answer(offer: string): Promise<string>;
  /** Offers, for a call that the network makes. */
  offer(): Promise<string>;
  accept(answer: string): void;
  /** Payload type of telephone events, null when none were negotiated. */
  readonly telephoneEventType: number | null;
  onPacket: ((packet: AudioPacket) => void) | null;
  /** The connection broke and will not come back by itself; a new offer may help. */
  onFailed: (() => void) | null;
  /** Sends 20 ms of our own audio; `samples` is what the timestamp moves by. */
  send(payload: Buffer, samples: number): void;
  /** Sends a packet back as it came. */
  echo(packet: AudioPacket): void;
  /** Ends the audio at once in both directions, whatever the browser goes on doing. */
  close(): void;
}

export interface MediaBackend {
  createLeg(preference: { readonly codec: Codec }): MediaLeg;
}
