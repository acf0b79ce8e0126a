/** What a leg does once it is answered: play, echo, or play first and echo then; a tone can come between. */
import type { MediaLeg } from '../media/media-leg.ts';
import type { Codec } from '../media/session-description.ts';
import { melody } from './melody.ts';
import { play } from './player.ts';
import { createTelephoneEventReader } from './telephone-events.ts';

const SOUNDS = ['echo', 'melody', 'melody_then_echo'] as const;
export type Sound = (typeof SOUNDS)[number];

/** Our melody is mu-law; an echo takes the better codec, since it sends back what it gets. */
export function codecFor(sound: Sound): Codec {
  return sound === 'echo' ? 'opus' : 'pcmu';
}

export interface Entertainment {
  /** Plays mu-law on a PCMU leg, then goes on. */
  interrupt(tone: Buffer): void;
  stop(): void;
}

/** Starts the sound. Keys are taken out of the audio and reported. */
export function entertain(
  leg: MediaLeg,
  { sound, onKey }: { sound: Sound; onKey: (key: string) => void },
): Entertainment {
  let isEchoing = false;
  let stopPlaying: () => void = () => undefined;
  const echo = () => {
    isEchoing = true;
    goOn = echo;
  };
  const playMelody = () => {
    stopPlaying = play(leg, { sound: melody(), isRepeated: sound === 'melody', onEnd: echo });
  };
  let goOn = sound === 'echo' ? echo : playMelody;
  goOn();
  const readEvents = createTelephoneEventReader(onKey);
  leg.onPacket = (packet) => {
    if (packet.payloadType === leg.telephoneEventType) readEvents(packet);
    else if (isEchoing) leg.echo(packet);
  };
  return {
    interrupt: (tone) => {
      stopPlaying();
      isEchoing = false;
      stopPlaying = play(leg, { sound: tone, isRepeated: false, onEnd: () => goOn() });
    },
    stop: () => {
      leg.onPacket = null;
      stopPlaying();
    },
  };
}
