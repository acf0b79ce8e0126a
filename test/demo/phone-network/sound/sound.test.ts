import { describe, expect, test } from 'vitest';
import type { AudioPacket, MediaLeg } from '../../../../demo/phone-network/media/media-leg.ts';
import { ANSWER_TONES } from '../../../../demo/phone-network/sound/answer-tones.ts';
import { codecFor, entertain } from '../../../../demo/phone-network/sound/entertain.ts';
import { melody } from '../../../../demo/phone-network/sound/melody.ts';
import { fromMuLaw, renderMuLaw, SAMPLE_RATE, toMuLaw } from '../../../../demo/phone-network/sound/mu-law.ts';
import { play } from '../../../../demo/phone-network/sound/player.ts';
import { createTelephoneEventReader } from '../../../../demo/phone-network/sound/telephone-events.ts';

class FakeLeg implements MediaLeg {
  readonly telephoneEventType = 101;
  readonly sent: Buffer[] = [];
  readonly echoed: AudioPacket[] = [];
  onPacket: ((packet: AudioPacket) => void) | null = null;
  onFailed: (() => void) | null = null;
  async answer(): Promise<string> {
    return '';
  }
  async offer(): Promise<string> {
    return '';
  }
  accept(): void {
    this.sent.length = 0;
  }
  send(payload: Buffer): void {
    this.sent.push(payload);
  }
  echo(packet: AudioPacket): void {
    this.echoed.push(packet);
  }
  close(): void {
    this.onPacket = null;
  }
}

function packet(overrides: Partial<AudioPacket> = {}): AudioPacket {
  return { payload: Buffer.from([1, 2]), payloadType: 0, isMarked: false, sequence: 1, timestamp: 1, ...overrides };
}

describe('mu-law', () => {
  test('knows the values of the standard (ITU-T G.711, table 2a)', () => {
    expect([toMuLaw(0), toMuLaw(32_635), toMuLaw(-32_635)]).toEqual([0xff, 0x80, 0x00]);
  });

  test('every code survives the way there and back', () => {
    for (let code = 0; code < 256; code += 1) {
      // 0x7f is minus zero, which comes back as zero.
      expect(toMuLaw(fromMuLaw(code))).toBe(code === 0x7f ? 0xff : code);
    }
  });

  test('loses at most one part in sixteen', () => {
    for (let sample = -32_000; sample <= 32_000; sample += 37) {
      expect(Math.abs(fromMuLaw(toMuLaw(sample)) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 8);
    }
  });

  test('does not overflow', () => {
    expect(renderMuLaw(0.001, () => 7)).toEqual(Buffer.alloc(8, 0x80));
  });
});

describe('the melody', () => {
  test('is about five seconds, loud enough to hear and nowhere clipped', () => {
    const samples = [...melody()].map(fromMuLaw);
    expect(samples.length / SAMPLE_RATE).toBeCloseTo(4.8, 1);
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    expect(loudness).toBeGreaterThan(1_500);
    expect(Math.max(...samples.map(Math.abs))).toBeLessThan(32_000);
  });

  test('fades out before it begins again, so that the seam does not click', () => {
    const samples = [...melody()].map(fromMuLaw);
    expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(1_500);
    expect(Math.abs(samples[0] ?? 0)).toBeLessThan(200);
  });
});

describe('the tones that answer a key', () => {
  test.each(Object.entries(ANSWER_TONES))('%s can be heard, and neither clips nor clicks', (_change, tone) => {
    const samples = [...tone].map(fromMuLaw);
    expect(samples.length % 160).toBe(0);
    expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(5_000);
    expect(Math.max(...samples.map(Math.abs))).toBeLessThan(12_000);
    expect(Math.abs(samples[0] ?? 1_000)).toBeLessThan(500);
    expect(Math.abs(samples.at(-1) ?? 1_000)).toBeLessThan(500);
  });

  test('no two are alike', () => {
    const { started, stopped, refused } = ANSWER_TONES;
    expect(started.equals(stopped)).toBe(false);
    expect(refused.equals(stopped)).toBe(false);
    expect(refused.equals(started)).toBe(false);
  });
});

describe('playing', () => {
  test('sends 20 ms at a time, all of it, and then says so', async () => {
    const leg = new FakeLeg();
    const sound = Buffer.alloc(800, 1);
    await new Promise<void>((onEnd) => play(leg, { sound, isRepeated: false, onEnd }));
    expect(leg.sent.map(({ length }) => length)).toEqual([160, 160, 160, 160, 160]);
  });

  test('an echo sends back what it hears, but not the keys', () => {
    const leg = new FakeLeg();
    const keys: string[] = [];
    const { stop } = entertain(leg, { sound: 'echo', onKey: (key) => keys.push(key) });
    leg.onPacket?.(packet());
    leg.onPacket?.(packet({ payloadType: 101, payload: Buffer.from([5, 0x80, 0, 160]) }));
    expect(leg.echoed).toHaveLength(1);
    expect(keys).toEqual(['5']);
    stop();
    expect(leg.onPacket).toBeNull();
  });

  test('a tone comes between, and then the sound goes on', async () => {
    const leg = new FakeLeg();
    const { interrupt, stop } = entertain(leg, { sound: 'melody', onKey: () => undefined });
    const tone = Buffer.alloc(320, 1);
    interrupt(tone);
    await expect.poll(() => leg.sent.length).toBeGreaterThan(2);
    stop();
    const [first, second, third] = leg.sent;
    expect([first, second]).toEqual([tone.subarray(160), tone.subarray(160)]);
    expect(third).toEqual(melody().subarray(0, 160));
  });

  test('an echo falls silent for a tone, and hears again after it', async () => {
    const leg = new FakeLeg();
    const { interrupt, stop } = entertain(leg, { sound: 'echo', onKey: () => undefined });
    interrupt(Buffer.alloc(320, 1));
    leg.onPacket?.(packet());
    expect(leg.echoed).toEqual([]);
    await expect
      .poll(() => {
        leg.onPacket?.(packet());
        return leg.echoed.length;
      })
      .toBeGreaterThan(0);
    stop();
    expect(leg.sent).toHaveLength(2);
  });

  test('a tone that is cut off by another one does not play below it', async () => {
    const leg = new FakeLeg();
    const { interrupt, stop } = entertain(leg, { sound: 'melody', onKey: () => undefined });
    interrupt(Buffer.alloc(1_600, 1));
    interrupt(Buffer.alloc(320, 2));
    await expect.poll(() => leg.sent.length).toBeGreaterThan(2);
    stop();
    expect(leg.sent.slice(0, 2).map(([byte]) => byte)).toEqual([2, 2]);
  });

  test('an echo takes Opus, our melody is mu-law', () => {
    expect([codecFor('echo'), codecFor('melody'), codecFor('melody_then_echo')]).toEqual(['opus', 'pcmu', 'pcmu']);
  });

  test('a key counts once, at its end, however often the end is sent (RFC 4733 section 2.5.1.4)', () => {
    const keys: string[] = [];
    const read = createTelephoneEventReader((key) => keys.push(key));
    const event = (code: number, flags: number, timestamp: number) =>
      read(packet({ payload: Buffer.from([code, flags, 0, 160]), timestamp }));
    event(11, 0, 1);
    event(11, 0x80, 1);
    event(11, 0x80, 1);
    event(11, 0x80, 1);
    event(0, 0x80, 2);
    event(99, 0x80, 3);
    read(packet({ payload: Buffer.alloc(0) }));
    expect(keys).toEqual(['#', '0']);
  });
});
