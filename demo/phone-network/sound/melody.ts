/** What the network plays: a soft music box, made here so that there is no recording with a licence. */
import { renderMuLaw } from './mu-law.ts';

const NOTE_SECONDS = 0.3;
/** A pentatonic tune in C: nothing in it can clash with itself. Null is a rest. */
const TUNE = [
  523.25,
  659.25,
  783.99,
  880,
  783.99,
  659.25,
  587.33,
  659.25,
  783.99,
  1046.5,
  880,
  783.99,
  659.25,
  587.33,
  523.25,
  null,
];
const DECAY = 4;
const ATTACK_SECONDS = 0.008;

/** Each note rings on into the next one, as on a music box. */
function musicBox(time: number): number {
  const now = Math.floor(time / NOTE_SECONDS);
  return pluck(now, time) + pluck(now - 1, time);
}

function pluck(note: number, time: number): number {
  const frequency = TUNE[note] ?? null;
  if (frequency === null) return 0;
  const age = time - note * NOTE_SECONDS;
  const loudness = 0.32 * Math.min(1, age / ATTACK_SECONDS) * Math.exp(-DECAY * age);
  const turn = 2 * Math.PI * frequency * age;
  return loudness * (Math.sin(turn) + 0.25 * Math.sin(2 * turn) + 0.1 * Math.sin(4 * turn));
}

let rendered: Buffer | null = null;

/** About five seconds that can be repeated. Rendered once. */
export function melody(): Buffer {
  rendered ??= renderMuLaw(TUNE.length * NOTE_SECONDS, musicBox);
  return rendered;
}
