/** The few lines of SDP that the network has to understand. Text in, text out; nothing here throws. */

const FLIPPED = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' } as const;
type Direction = keyof typeof FLIPPED;

/** Whether a browser's audio offer can be answered: audio with ICE, DTLS and a codec of ours. Anything else is 488. */
export function isUsableOffer(description: string): boolean {
  return (
    /^v=0\r?$/m.test(description) &&
    (description.match(/^m=/gm) ?? []).length === 1 &&
    /^m=audio \d{1,5} UDP\/TLS\/RTP\/SAVPF?( \d{1,3})+\r?$/m.test(description) &&
    /^a=ice-ufrag:[A-Za-z0-9+/]{4,256}\r?$/m.test(description) &&
    /^a=ice-pwd:[A-Za-z0-9+/]{22,256}\r?$/m.test(description) &&
    /^a=fingerprint:sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}\r?$/im.test(description) &&
    codecsOf(description).length > 0
  );
}

export type Codec = 'opus' | 'pcmu';
const CLOCK_RATES: Record<Codec, number> = { opus: 48_000, pcmu: 8_000 };
const CODEC_NAMES: Record<Codec, RegExp> = { opus: /^opus\/48000/i, pcmu: /^PCMU\/8000/i };

/** Those of our codecs that the description offers. */
export function codecsOf(description: string): Codec[] {
  return (['opus', 'pcmu'] as const).filter((codec) => payloadType(description, codec) !== null);
}

export function payloadType(description: string, codec: Codec): number | null {
  return rtpMap(description, CODEC_NAMES[codec]);
}

/** Payload type of the RFC 4733 events that go with a codec: they share its clock. */
export function telephoneEventType(description: string, codec: Codec): number | null {
  return rtpMap(description, new RegExp(`^telephone-event/${CLOCK_RATES[codec]}`, 'i'));
}

export function clockRateOf(codec: Codec): number {
  return CLOCK_RATES[codec];
}

function rtpMap(description: string, encoding: RegExp): number | null {
  for (const [, type = '', name = ''] of description.matchAll(/^a=rtpmap:(\d{1,3}) (\S+)\r?$/gm)) {
    if (encoding.test(name)) return Number(type);
  }
  return null;
}

export function mediaIdOf(description: string): string {
  return /^a=mid:(\S{1,32})\r?$/m.exec(description)?.[1] ?? '0';
}

/** The ICE user fragment: another one in a later offer means that the browser restarts ICE (RFC 8839 section 4.4.1.1.1). */
export function iceUserFragment(description: string): string | null {
  return /^a=ice-ufrag:(\S+)\r?$/m.exec(description)?.[1] ?? null;
}

/** Gives an answer the direction that the offer allows (RFC 3264 section 6.1). */
export function inDirectionOf(offer: string, answer: string): string {
  // The pattern is the list of keys.
  const offered = (/^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(offer)?.[1] ?? 'sendrecv') as Direction;
  return answer.replace(/^a=(sendrecv|sendonly|recvonly|inactive)/m, `a=${FLIPPED[offered]}`);
}

/** Answers a later offer that changes nothing but the direction (hold and resume) by what was answered before. */
export function answerAgain(answered: string, offer: string): string {
  const again = answered
    .replace(/^o=(\S+) (\S+) (\d+)/m, (_, name, id, version) => `o=${name} ${id} ${Number(version) + 1}`)
    .replace(/^a=setup:actpass/m, 'a=setup:passive');
  return inDirectionOf(offer, again);
}

/** Whether the side that wrote this description may send. */
export function maySend(description: string): boolean {
  return !/^a=(recvonly|inactive)\r?$/m.test(description);
}
