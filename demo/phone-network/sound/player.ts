/** One 20 ms clock for every leg that plays, corrected for drift, instead of a timer per call. */
import type { MediaLeg } from '../media/media-leg.ts';

const PACKET_MS = 20;
/** 20 ms of mu-law. */
const PACKET_SAMPLES = 160;

const playing = new Set<() => void>();
let timer: NodeJS.Timeout | null = null;
let nextAtMs = 0;

function tick(): void {
  for (const send of playing) send();
  nextAtMs = Math.max(nextAtMs + PACKET_MS, performance.now() - 5 * PACKET_MS);
  timer = setTimeout(tick, Math.max(0, nextAtMs - performance.now()));
}

function start(send: () => void): () => void {
  playing.add(send);
  if (timer === null) {
    nextAtMs = performance.now() + PACKET_MS;
    timer = setTimeout(tick, PACKET_MS);
  }
  return () => {
    playing.delete(send);
    if (playing.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
  };
}

export interface Playback {
  readonly sound: Buffer;
  readonly isRepeated: boolean;
  /** After the last packet; never when the sound is repeated. */
  readonly onEnd?: () => void;
}

/** Plays mu-law on a PCMU leg; the returned function stops it. */
export function play(leg: MediaLeg, { sound, isRepeated, onEnd }: Playback): () => void {
  let position = 0;
  const stop = start(() => {
    if (position + PACKET_SAMPLES > sound.length) {
      if (!isRepeated) {
        stop();
        onEnd?.();
        return;
      }
      position = 0;
    }
    leg.send(sound.subarray(position, position + PACKET_SAMPLES), PACKET_SAMPLES);
    position += PACKET_SAMPLES;
  });
  return stop;
}
