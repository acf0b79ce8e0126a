import { describe, expect, test } from 'vitest';
import { CALL_WAITING, keyTone, RINGBACK, RINGTONE, renderTone, type Tone, WARNING } from '../../../src/sip/tones.ts';

const SAMPLE_RATE_HZ = 48_000;

/** The strength of one frequency in the samples (Goertzel). */
function strengthOf(frequencyHz: number, samples: Float32Array): number {
  let [cosine, sine] = [0, 0];
  samples.forEach((sample, i) => {
    cosine += sample * Math.cos((2 * Math.PI * frequencyHz * i) / SAMPLE_RATE_HZ);
    sine += sample * Math.sin((2 * Math.PI * frequencyHz * i) / SAMPLE_RATE_HZ);
  });
  return Math.hypot(cosine, sine) / samples.length;
}

function toneOf(digit: string): Tone {
  const tone = keyTone(digit);
  if (tone === null) throw new Error(`no tone for ${digit}`);
  return tone;
}

describe('key tones', () => {
  test.each([
    ['1', 697, 1209],
    ['5', 770, 1336],
    ['9', 852, 1477],
    ['0', 941, 1336],
    ['*', 941, 1209],
    ['#', 941, 1477],
    ['A', 697, 1633],
    ['d', 941, 1633],
  ])('%s sounds as %i and %i Hz (ITU-T Q.23)', (digit, row, column) => {
    const samples = renderTone(toneOf(digit), SAMPLE_RATE_HZ);
    const others = [697, 770, 852, 941, 1209, 1336, 1477, 1633].filter((hz) => hz !== row && hz !== column);
    const loudestOther = Math.max(...others.map((hz) => strengthOf(hz, samples)));
    for (const hz of [row, column]) expect(strengthOf(hz, samples)).toBeGreaterThan(3 * loudestOther);
  });

  test.each(['', 'x', '12', '+'])('there is none for "%s"', (text) => {
    expect(keyTone(text)).toBeNull();
  });
});

describe('every tone', () => {
  test.each([
    ['ringback', RINGBACK, 5000],
    ['ringtone', RINGTONE, 3000],
    ['call waiting', CALL_WAITING, 5000],
    ['warning', WARNING, 370],
  ])('%s is as long as its segments, never louder than it says, and starts and ends without a click', (_, tone, ms) => {
    const samples = renderTone(tone, SAMPLE_RATE_HZ);
    expect(samples).toHaveLength((ms * SAMPLE_RATE_HZ) / 1000);
    expect(Math.max(...[samples[0] ?? 1, samples.at(-1) ?? 1].map(Math.abs))).toBeLessThan(0.001);
    expect(samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0)).toBeLessThanOrEqual(
      Math.fround(tone.volume),
    );
  });

  test('is silent where it says silence', () => {
    const pause = renderTone(RINGBACK, SAMPLE_RATE_HZ).subarray(SAMPLE_RATE_HZ);
    expect(pause.every((sample) => sample === 0)).toBe(true);
  });
});
