/** Offer and answer of a browser that never gets to media. */

export function sampleOffer(direction = 'sendrecv', fragment = 'abcd'): string {
  const fingerprint = Array.from({ length: 32 }, () => 'AA').join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0',
    'c=IN IP4 127.0.0.1',
    'a=rtcp-mux',
    `a=ice-ufrag:${fragment}`,
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=mid:0',
    `a=${direction}`,
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
}

export function sampleAnswer(): string {
  return sampleOffer()
    .replace('a=setup:actpass', 'a=setup:active')
    .replace('111 0', '0')
    .replace(/a=rtpmap:111.*\r\n/, '');
}
