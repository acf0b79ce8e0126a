/** What a leg does once it is answered: play, echo, or play first and echo then. */
import type { MediaLeg } from '../media/media-leg.ts';
import type { Codec } from '../media/session-description.ts';
import { melody } from './melody.ts';
import { play } from './player.ts';
import { createTelephoneEventReader } from './telephone-events.ts';

export const SOUNDS = ['echo', 'melody', 'melody_then_echo'] as const;
export type Sound = (typeof SOUNDS)[number];

/** Our melody is mu-law; an echo takes the better codec, since it sends back what it gets. */
export function codecFor(sound: Sound): Codec {
  return sound === 'echo' ? 'opus' : 'pcmu';
}

/** Starts the sound; the returned function stops it. Keys are taken out of the audio and reported. */
export function entertain(leg: MediaLeg, { sound, onKey }: { sound: Sound; onKey: (key: string) => void }): () => void {
  let isEchoing = sound === 'echo';
  let stopPlaying: () => void = () => undefined;
  if (!isEchoing) {
    stopPlaying = play(leg, {
      sound: melody(),
      isRepeated: sound === 'melody',
      onEnd: () => {
        isEchoing = true;
      },
    });
  }
  const readEvents = createTelephoneEventReader(onKey);
  leg.onPacket = (packet) => {
    if (packet.payloadType === leg.telephoneEventType) readEvents(packet);
    else if (isEchoing) leg.echo(packet);
  };
  return () => {
    leg.onPacket = null;
    stopPlaying();
  };
}
