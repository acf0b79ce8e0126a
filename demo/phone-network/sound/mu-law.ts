/** G.711 mu-law by hand: forty lines are less than a codec library, and PCMU is in every browser (RFC 7874 section 3). */

const BIAS = 0x84;
const CLIP = 32_635;
export const SAMPLE_RATE = 8_000;

/** One signed 16-bit sample to one mu-law byte (ITU-T G.711). */
export function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  let exponent = 7;
  for (let mask = 0x4000; (magnitude & mask) === 0 && exponent > 0; mask >>= 1) exponent -= 1;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** And back; what is lost is the quantization. */
export function fromMuLaw(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = ((((inverted & 0x0f) << 3) + BIAS) << ((inverted & 0x70) >> 4)) - BIAS;
  return inverted & 0x80 ? -magnitude : magnitude;
}

/** Renders a signal between -1 and 1, given by its time in seconds. */
export function renderMuLaw(seconds: number, signal: (timeSeconds: number) => number): Buffer {
  const bytes = Buffer.alloc(Math.round(seconds * SAMPLE_RATE));
  for (let index = 0; index < bytes.length; index += 1) {
    const level = Math.max(-1, Math.min(1, signal(index / SAMPLE_RATE)));
    bytes[index] = toMuLaw(Math.round(level * 32_000));
  }
  return bytes;
}
