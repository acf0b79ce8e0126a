/** Keys pressed during the call, as RFC 4733 sends them inside the audio. */
import type { AudioPacket } from '../media/media-leg.ts';

const KEYS = '0123456789*#ABCD';
const END_BIT = 0x80;

/** Reads one packet of telephone events; calls back once per key, at its end (the end is sent three times). */
export function createTelephoneEventReader(onKey: (key: string) => void): (packet: AudioPacket) => void {
  let lastTimestamp: number | null = null;
  return ({ payload, timestamp }) => {
    const [event = 255, flags = 0] = payload;
    const key = KEYS[event];
    if (key === undefined || !(flags & END_BIT) || timestamp === lastTimestamp) return;
    lastTimestamp = timestamp;
    onKey(key);
  };
}
