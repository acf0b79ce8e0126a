import { describe, expect, test } from 'vitest';
import {
  answerAgain,
  codecsOf,
  iceUserFragment,
  inDirectionOf,
  isUsableOffer,
  maySend,
  mediaIdOf,
  payloadType,
  telephoneEventType,
} from '../../../../demo/phone-network/media/session-description.ts';
import { sampleOffer } from '../../../support/sample-session-description.ts';

describe('session descriptions', () => {
  test("a browser's offer is usable", () => {
    expect(isUsableOffer(sampleOffer())).toBe(true);
    expect(isUsableOffer(sampleOffer().replaceAll('\r\n', '\n'))).toBe(true);
  });

  test.each([
    ['no version', (offer: string) => offer.replace('v=0', 'v=9')],
    ['two media lines', (offer: string) => `${offer}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`],
    ['plain RTP', (offer: string) => offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['no user fragment', (offer: string) => offer.replace(/a=ice-ufrag.*\r\n/, '')],
    ['a short ICE password', (offer: string) => offer.replace(/a=ice-pwd:.*\r\n/, 'a=ice-pwd:short\r\n')],
    ['no fingerprint', (offer: string) => offer.replace(/a=fingerprint.*\r\n/, '')],
    ['no codec of ours', (offer: string) => offer.replace(/a=rtpmap.*\r\n/g, '')],
  ])('%s is not', (_what, spoil) => {
    expect(isUsableOffer(spoil(sampleOffer()))).toBe(false);
  });

  test('finds codecs and their telephone events', () => {
    const offer = `${sampleOffer()}a=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n`;
    expect(codecsOf(offer)).toEqual(['opus', 'pcmu']);
    expect([payloadType(offer, 'opus'), payloadType(offer, 'pcmu')]).toEqual([111, 0]);
    expect([telephoneEventType(offer, 'opus'), telephoneEventType(offer, 'pcmu')]).toEqual([110, 126]);
    expect(telephoneEventType(sampleOffer(), 'opus')).toBeNull();
    expect([mediaIdOf(offer), iceUserFragment(offer)]).toEqual(['0', 'abcd']);
  });

  test.each([
    ['sendonly', 'recvonly', false],
    ['inactive', 'inactive', false],
    ['recvonly', 'sendonly', true],
    ['sendrecv', 'sendrecv', true],
  ])('hold: %s is answered %s', (offered, answered, sends) => {
    const answer = inDirectionOf(sampleOffer(offered), sampleOffer());
    expect(answer).toContain(`\r\na=${answered}\r\n`);
    expect(maySend(answer)).toBe(sends);
  });

  test('answering again counts the version up and keeps the rest', () => {
    const first = sampleOffer();
    const again = answerAgain(first, sampleOffer('sendonly'));
    expect(again).toContain('o=- 1 2 IN');
    expect(again).toContain('a=setup:passive');
    expect(iceUserFragment(again)).toBe(iceUserFragment(first));
    expect(answerAgain(again, sampleOffer())).toContain('a=sendrecv');
  });
});
