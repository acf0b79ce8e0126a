import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { guardMessage, MAX_MESSAGE_BYTES } from '../../../demo/phone-network/signalling/message-guard.ts';
import { allow, FakeGateServer } from '../../support/fake-gate-server.ts';
import { RawSipClient } from '../../support/raw-sip-client.ts';
import { sampleOffer } from '../../support/sample-session-description.ts';
import { type EmbeddedEdge, startEmbeddedEdge } from './start-embedded-edge.ts';

const template = new RawSipClient({ url: '', domain: 'phone.test', user: 'fuzz.template', secret: '' });

function message(
  method: string,
  options: { to?: string; uri?: string; body?: string; extra?: string[]; callId?: string } = {},
): string {
  const { uri = 'sip:600@phone.test', to = '<sip:600@phone.test>', body = '', extra = [] } = options;
  const callId = options.callId ?? `fuzz${Math.random()}`;
  return template.request(method, { uri, to, callId, tag: 'fuzz', cseq: 1, body, extra, from: 'fuzz.user' });
}

const invite = message('INVITE', { body: sampleOffer(), extra: ['X-Call-Grant: g'] });
const inDialog = { to: '<sip:600@phone.test>;tag=zz' };

/** Broken, odd and hostile; none may end the process, and all but the silent ones get an answer that fits. */
const ODD_MESSAGES: Readonly<Record<string, string | Buffer>> = {
  'a greeting': 'hello',
  'an empty frame': '',
  'a keep-alive': '\r\n\r\n',
  'line breaks without end': '\r\n'.repeat(2000),
  'binary bytes': Buffer.from([0, 1, 2, 255, 254]),
  'no start line': invite.slice(invite.indexOf('\r\n') + 2),
  'HTTP instead of SIP': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  'another SIP version': invite.replace('SIP/2.0', 'SIP/9.9'),
  'a bare method': 'INVITE',
  'a method that nobody knows': message('FOO'),
  PUBLISH: message('PUBLISH'),
  SUBSCRIBE: message('SUBSCRIBE', { extra: ['Event: presence'] }),
  NOTIFY: message('NOTIFY', { extra: ['Event: presence', 'Subscription-State: active'] }),
  MESSAGE: message('MESSAGE', { body: 'x' }),
  'UPDATE outside a dialog': message('UPDATE'),
  'PRACK outside a dialog': message('PRACK'),
  'PRACK in no dialog': message('PRACK', inDialog),
  'REFER outside a dialog': message('REFER', { extra: ['Refer-To: <sip:x@y>'] }),
  'CANCEL of nothing': message('CANCEL'),
  'BYE of nothing': message('BYE'),
  'BYE in no dialog': message('BYE', inDialog),
  'ACK of nothing': message('ACK'),
  'INFO in no dialog': message('INFO', inDialog),
  'INVITE in no dialog': message('INVITE', { ...inDialog, body: sampleOffer() }),
  OPTIONS: message('OPTIONS'),
  'INVITE without an offer': message('INVITE'),
  'INVITE with a nonsense offer': message('INVITE', { body: 'v=xx\r\n' }),
  'INVITE with video': message('INVITE', { body: sampleOffer().replace('m=audio', 'm=video') }),
  'INVITE with a broken fingerprint': message('INVITE', { body: sampleOffer().replace(/AA:AA/, 'ZZ:AA') }),
  'INVITE without ICE': message('INVITE', { body: sampleOffer().replace(/a=ice.*\r\n/g, '') }),
  'INVITE with a huge offer': message('INVITE', { body: sampleOffer() + 'a=x\r\n'.repeat(2000) }),
  'an offer of another type': invite.replace('application/sdp', 'text/plain'),
  'a http Request-URI': invite.replace('sip:600@phone.test SIP', 'http://x SIP'),
  'a tel Request-URI': invite.replace('sip:600@phone.test SIP', 'tel:+491701234567 SIP'),
  'no Via': invite.replace(/Via.*\r\n/, ''),
  'a broken Via': invite.replace(/Via.*\r\n/, 'Via: what\r\n'),
  'no From': invite.replace(/From.*\r\n/, ''),
  'a broken From': invite.replace(/From.*\r\n/, 'From: <<<>>>;tag\r\n'),
  'no To': invite.replace(/To.*\r\n/, ''),
  'no Call-ID': invite.replace(/Call-ID.*\r\n/, ''),
  'no CSeq': invite.replace(/CSeq.*\r\n/, ''),
  'a CSeq beyond 32 bits': invite.replace(/CSeq.*\r\n/, 'CSeq: 99999999999999999999 INVITE\r\n'),
  'a CSeq of another method': invite.replace(/CSeq.*\r\n/, 'CSeq: 1 BYE\r\n'),
  'no Contact': invite.replace(/Contact.*\r\n/, ''),
  'a broken Contact': invite.replace(/Contact.*\r\n/, 'Contact: <<<\r\n'),
  'a negative Content-Length': invite.replace(/Content-Length.*\r\n/, 'Content-Length: -5\r\n'),
  'a Content-Length that promises more': invite.replace(/Content-Length.*\r\n/, 'Content-Length: 9000\r\n'),
  'a folded header': invite.replace('Max-Forwards: 70', 'Subject: a\r\n b\r\nMax-Forwards: 70'),
  'thousand headers': invite.replace('Max-Forwards: 70', 'X-Y: z\r\n'.repeat(1000).trimEnd()),
  'a header without a colon': invite.replace('Max-Forwards: 70', 'Nonsense'),
  'a zero byte in a header': invite.replace('Max-Forwards: 70', 'Subject: a\u0000b'),
  'an odd Expires': invite.replace('Max-Forwards: 70', 'Expires: never'),
  'a broken P-Asserted-Identity': invite.replace('Max-Forwards: 70', 'P-Asserted-Identity: <<<'),
  'a Replaces header': invite.replace('Max-Forwards: 70', 'Replaces: 1;to-tag=2;from-tag=3'),
  'Require 100rel': invite.replace('Max-Forwards: 70', 'Require: 100rel'),
  'an answer to nothing':
    'SIP/2.0 200 OK\r\nVia: SIP/2.0/WS y;branch=z9hG4bKq\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
  'an answer with status 999': 'SIP/2.0 999 No\r\nCall-ID: 1\r\n\r\n',
  'REGISTER with a star': message('REGISTER').replace(/Contact.*\r\n/, 'Contact: *\r\n'),
  'REGISTER with nonsense digest': message('REGISTER', { extra: ['Authorization: Digest nonsense'] }),
  'REGISTER with basic auth': message('REGISTER', { extra: ['Authorization: Basic YTpi'] }),
};

describe('malformed and odd SIP', () => {
  const gate = new FakeGateServer();
  let edge: EmbeddedEdge;
  let client: RawSipClient;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', onRejection);
    await gate.start();
    gate.script = () => allow({ ringSeconds: 5, leaseSeconds: 5 });
    edge = await startEmbeddedEdge(gate);
    const { sipUrl: url, domain, sipSecret: secret } = edge;
    client = new RawSipClient({ url, domain, user: 'fuzz.user', secret });
    client.manners.inviteAnswer = null;
  });
  afterAll(async () => {
    await edge.stop();
    await gate.stop();
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  });
  afterEach(() => client.kill());

  async function registered(): Promise<void> {
    await client.open();
    expect((await client.register()).status).toBe(200);
  }

  async function expectAlive(): Promise<void> {
    client.received.length = 0;
    if (client.isClosed) await client.open();
    expect((await client.register()).status, client.transcript()).toBe(200);
  }

  test.each(Object.entries(ODD_MESSAGES))('%s does no harm', async (_what, text) => {
    await registered();
    client.sendText(text);
    await expectAlive();
  });

  test('the worst of them also do no harm before anybody is known', async () => {
    await client.open();
    for (const text of Object.values(ODD_MESSAGES)) client.sendText(text);
    await client.until(({ status }) => status > 0);
    await expectAlive();
  });

  test('random damage to valid messages does no harm', async () => {
    const valid = [
      invite,
      message('REGISTER'),
      message('BYE', inDialog),
      message('OPTIONS'),
      message('INFO', inDialog),
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(damaged(valid), { minLength: 5, maxLength: 15 }), async (texts) => {
        await registered();
        for (const text of texts) client.sendText(text);
        await expectAlive();
        client.kill();
      }),
      { numRuns: 40 },
    );
    expect(edge.network.stats.connections).toBeLessThan(200);
  });

  test('damage inside a running call does no harm, and the call still ends with its lease', async () => {
    await registered();
    gate.script = () => allow({ leaseSeconds: 1 });
    const dialog = client.invite('600');
    expect((await dialog.final()).status).toBe(200);
    const texts = ['INVITE', 'INFO', 'ACK', 'PRACK', 'OPTIONS', 'NOTIFY', 'MESSAGE'].map((method) =>
      dialog.text(method, { body: sampleOffer() }),
    );
    for (const text of [...fc.sample(damaged(texts), 60), ...texts]) client.sendText(text);
    await dialog.bye(3_000);
    gate.script = () => allow({ ringSeconds: 5, leaseSeconds: 5 });
    await expectAlive();
  });

  test('a message that is too long closes the socket', async () => {
    await registered();
    client.sendText(`OPTIONS sip:x@y SIP/2.0\r\n${'x'.repeat(MAX_MESSAGE_BYTES)}`);
    await client.untilClosed();
  });

  test('a flood of few but long messages closes the socket: they take the more time to read', async () => {
    await registered();
    const long = message('OPTIONS', { extra: [`X-Long: ${'x'.repeat(MAX_MESSAGE_BYTES - 1_000)}`] });
    for (let index = 0; index < 30; index += 1) client.sendText(long);
    await client.untilClosed();
  });

  test('a flood closes the socket', async () => {
    await registered();
    for (let index = 0; index < 1_000; index += 1) client.sendText('\r\n\r\n');
    await client.untilClosed();
  });
});

/** One valid message with a slice cut out, doubled, replaced or with a byte changed, a few times over. */
function damaged(valid: readonly string[]): fc.Arbitrary<string> {
  const place = fc.nat({ max: 900 });
  const wound = fc.record({
    at: place,
    length: fc.nat({ max: 30 }),
    with: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('', '\r\n', '\r\n\r\n', '"', '<', '>', ';', ':', ' ', '\u0000', '999999999999', '%00'),
    ),
  });
  return fc.tuple(fc.constantFrom(...valid), fc.array(wound, { minLength: 1, maxLength: 4 })).map(([text, wounds]) =>
    wounds.reduce((hurt, { at, length, with: filling }) => {
      const start = Math.min(at, hurt.length);
      return hurt.slice(0, start) + filling + hurt.slice(start + length);
    }, text),
  );
}

describe('the message guard', () => {
  test('never throws, whatever it is given', () => {
    const anything = fc.oneof(fc.string(), damaged([invite, message('REGISTER'), message('OPTIONS')]));
    fc.assert(
      fc.property(anything, (text) => {
        expect(['pass', 'reply', 'drop']).toContain(guardMessage(text).verdict);
      }),
      { numRuns: 2_000 },
    );
  });

  test('lets a good INVITE pass as it is', () => {
    expect(guardMessage(invite)).toMatchObject({ verdict: 'pass', text: invite });
  });

  test.each([
    ['INVITE without an offer', 488],
    ['INVITE with a nonsense offer', 488],
    ['INVITE with video', 488],
    ['INVITE with a broken fingerprint', 488],
    ['an offer of another type', 488],
    ['UPDATE outside a dialog', 501],
    ['PRACK outside a dialog', 501],
    ['a method that nobody knows', 501],
    ['no Contact', 400],
  ])('answers %s with %i', (what, status) => {
    const verdict = guardMessage(String(ODD_MESSAGES[what]));
    expect(verdict).toMatchObject({
      verdict: 'reply',
      text: expect.stringMatching(new RegExp(`^SIP/2\\.0 ${status} `)),
    });
  });

  test('answers a ping with a pong (RFC 5626 section 3.5.1)', () => {
    expect(guardMessage('\r\n\r\n')).toEqual({ verdict: 'reply', text: '\r\n' });
  });
});
