/** Ids that sort by time (RFC 9562 section 5.7), made by whoever wants something done, so that asking twice is asking once. */

const RANDOM_BYTES = 10;
const VARIANT_BITS = 0x80;
const VERSION_BITS = 0x70;

/** `nowMs` since 1970; `randomBytes` of cryptographic quality, because nobody may guess the id of another's call. */
export function uuidV7(source: {
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
}): string {
  const time = Math.floor(source.nowMs).toString(16).padStart(12, '0');
  const random = [...source.randomBytes(RANDOM_BYTES)];
  random[0] = VERSION_BITS | ((random[0] ?? 0) & 0x0f);
  random[2] = VARIANT_BITS | ((random[2] ?? 0) & 0x3f);
  const tail = random.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const hex = time + tail;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
