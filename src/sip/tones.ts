/** The phone's own sounds, computed, so that no file has to be fetched. Pure: samples in, samples out; audio.ts plays them. */

export interface ToneSegment {
  /** Sounding at the same time; empty is silence. */
  readonly frequenciesHz: readonly number[];
  readonly durationMs: number;
}
export interface Tone {
  readonly segments: readonly ToneSegment[];
  readonly isLooping: boolean;
  /** 0 to 1. */
  readonly volume: number;
}

const FADE_MS = 5;

/** DTMF pairs, ITU-T Q.23. */
const DTMF_ROWS_HZ = [697, 770, 852, 941] as const;
const DTMF_COLUMNS_HZ = [1209, 1336, 1477, 1633] as const;
const DTMF_KEYS = '123A456B789C*0#D';
const KEY_TONE_MS = 120;

/** Null when there is no such key. */
export function keyTone(digit: string): Tone | null {
  const index = digit.length === 1 ? DTMF_KEYS.indexOf(digit.toUpperCase()) : -1;
  const row = DTMF_ROWS_HZ[Math.floor(index / 4)];
  const column = DTMF_COLUMNS_HZ[index % 4];
  if (row === undefined || column === undefined) return null;
  return { segments: [{ frequenciesHz: [row, column], durationMs: KEY_TONE_MS }], isLooping: false, volume: 0.15 };
}

const silence = (durationMs: number): ToneSegment => ({ frequenciesHz: [], durationMs });

/** ETSI TR 101 041: 425 Hz, one second on, four off. */
export const RINGBACK: Tone = {
  segments: [{ frequenciesHz: [425], durationMs: 1000 }, silence(4000)],
  isLooping: true,
  volume: 0.12,
};
export const RINGTONE: Tone = {
  segments: [
    { frequenciesHz: [659, 830], durationMs: 180 },
    { frequenciesHz: [880, 1108], durationMs: 220 },
    silence(120),
    { frequenciesHz: [659, 830], durationMs: 180 },
    { frequenciesHz: [880, 1108], durationMs: 220 },
    silence(2080),
  ],
  isLooping: true,
  volume: 0.3,
};
/** Somebody calls while we talk: quiet, and seldom. */
export const CALL_WAITING: Tone = {
  segments: [
    { frequenciesHz: [425], durationMs: 200 },
    silence(200),
    { frequenciesHz: [425], durationMs: 200 },
    silence(4400),
  ],
  isLooping: true,
  volume: 0.08,
};
/** Credit is about to end; only this side hears it. */
export const WARNING: Tone = {
  segments: [{ frequenciesHz: [880], durationMs: 140 }, silence(90), { frequenciesHz: [880], durationMs: 140 }],
  isLooping: false,
  volume: 0.2,
};

/** Samples between -1 and 1. Each segment is faded in and out, because a tone that is cut off clicks. */
export function renderTone(tone: Tone, sampleRateHz: number): Float32Array<ArrayBuffer> {
  const lengths = tone.segments.map((segment) => Math.round((segment.durationMs * sampleRateHz) / 1000));
  const samples = new Float32Array(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  tone.segments.forEach((segment, index) => {
    const length = lengths[index] ?? 0;
    renderSegment(samples.subarray(start, start + length), segment, { volume: tone.volume, sampleRateHz });
    start += length;
  });
  return samples;
}

function renderSegment(
  target: Float32Array,
  segment: ToneSegment,
  { volume, sampleRateHz }: { readonly volume: number; readonly sampleRateHz: number },
): void {
  const fadeSamples = (FADE_MS * sampleRateHz) / 1000;
  for (let i = 0; i < target.length; i += 1) {
    const fade = Math.min(1, i / fadeSamples, (target.length - 1 - i) / fadeSamples);
    const wave = segment.frequenciesHz.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / sampleRateHz), 0);
    target[i] = (volume * fade * wave) / Math.max(1, segment.frequenciesHz.length);
  }
}
