/** Calls for real: SIP over a WebSocket to the embedded network, Chromium's beeping microphone, audio both ways. */

import { systemClock } from '../../../src/phone/system-clock.ts';
import { type DialableNumber, dialableNumber } from '../../../src/protocol/phone-number.ts';
import type { LineSound, Ring } from '../../../src/sip/line-sound.ts';
import { assert, assertEqual } from '../../support/line-assert.ts';
import { heard, type LineRig, openRig, type RigOptions, testGrant, until } from '../../support/line-rig.ts';

const ECHO = number('600');
const MELODY = number('601');
const BUSY = number('602');
const NOBODY = number('603');
const DECLINES = number('604');
const RINGS_THEN_ANSWERS = number('605');

let rig: LineRig;

/** The line of the test, registered. Closed after it, and then nothing may be left of any call. */
async function registered(options: RigOptions = {}): Promise<LineRig> {
  rig = await openRig(options);
  rig.line.connect();
  await rig.registered();
  return rig;
}

afterEach(async () => {
  await rig.close();
  assertEqual(
    rig.tracks.map((track) => track.readyState),
    rig.tracks.map(() => 'ended'),
  );
  assertEqual(
    rig.connections.map((connection) => connection.connectionState),
    rig.connections.map(() => 'closed'),
  );
});

function number(text: string): DialableNumber {
  const dialable = dialableNumber(text);
  assert(dialable !== null, `${text} is not a number`);
  return dialable;
}

/** Dials and waits for the answer. */
async function talk(to: DialableNumber, options: { readonly leaseSeconds?: number } = {}): Promise<string> {
  const callId = crypto.randomUUID();
  rig.line.prepare(callId);
  await rig.next('prepared', callId);
  rig.line.invite(callId, { number: to, grant: testGrant(callId, options.leaseSeconds) });
  await rig.next('answered', callId);
  return callId;
}

function connectionOfCall(): RTCPeerConnection {
  const connection = rig.connections.at(-1);
  assert(connection !== undefined, 'there is no peer connection');
  return connection;
}

async function hearsMore(connection: RTCPeerConnection): Promise<void> {
  const before = await heard(connection);
  await until(
    async () => {
      const now = await heard(connection);
      return (now.packetsReceived > before.packetsReceived + 20 && now.energy > before.energy) || undefined;
    },
    `more sound than ${JSON.stringify(before)}`,
  );
}

async function requestsOf(method: string): Promise<string[]> {
  const messages = await rig.wire();
  return messages
    .filter(({ from, text }) => from === 'browser' && text.startsWith(`${method} `))
    .map(({ text }) => text);
}

describe('the SIP line registers', () => {
  it('with short-lived credentials and the same instance after a reload of the tab', async () => {
    await registered();
    const instance = /\+sip\.instance="<urn:uuid:([0-9a-f-]+)>"/.exec((await requestsOf('REGISTER')).at(-1) ?? '')?.[1];
    assertEqual(instance, sessionStorage.getItem('credit-phone.sip-instance'));
    await rig.line.disconnect();
    rig.events.length = 0;
    rig.line.connect();
    await rig.registered();
    assert((await requestsOf('REGISTER')).at(-1)?.includes(String(instance)) ?? false, 'another instance registered');
  });

  it('and says so when the registrar refuses its credentials twice', async () => {
    let mints = 0;
    rig = await openRig({
      credentials: (given) => {
        mints += 1;
        return { ...given, password: 'wrong' };
      },
    });
    rig.line.connect();
    const failed = await until(
      () => rig.events.find((event) => event.type === 'line_status' && event.status === 'failed'),
      'failed',
    );
    assertEqual(failed, { type: 'line_status', status: 'failed', fault: 'credentials_rejected' });
    assert(mints >= 1 && mints <= 2, `minted ${mints} times`);
  });

  it('again with fresh credentials when the first ones have run out', async () => {
    let mints = 0;
    await registered({
      credentials: (given) => {
        mints += 1;
        return mints === 1 ? { ...given, expiresInSeconds: 1 } : given;
      },
    });
    await until(() => mints >= 2 || undefined, 'the second minting');
  });
});

describe('the SIP line calls', () => {
  it('the echo, hears itself, and sends the grant with the INVITE only', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    await rig.next('prepared', callId);
    assertEqual(await requestsOf('INVITE'), []);
    const grant = testGrant(callId);
    rig.line.invite(callId, { number: ECHO, grant });
    await rig.next('answered', callId);
    await hearsMore(connectionOfCall());
    const invites = await requestsOf('INVITE');
    assert(
      invites.length > 0 && invites.every((text) => text.includes(`X-Call-Grant: ${grant}`)),
      'an INVITE without grant',
    );
    rig.line.hangUp(callId);
    const ended = await rig.next('ended', callId);
    assertEqual([ended.reason, ended.refusalCode], ['hung_up', null]);
    await until(async () => (await requestsOf('BYE')).length === 1 || undefined, 'BYE');
  });

  it('with the grant also in the INVITE that is repeated with digest credentials', async () => {
    await registered();
    await rig.order({
      order: 'refuse',
      refusal: {
        method: 'INVITE',
        isInDialog: false,
        statusCode: 407,
        reasonPhrase: 'Proxy Authentication Required',
        headers: ['Proxy-Authenticate: Digest realm="line.test", nonce="n1", algorithm=MD5, qop="auth"'],
        times: 1,
      },
    });
    const callId = await talk(ECHO);
    const [first = '', second = ''] = await requestsOf('INVITE');
    assert(!first.includes('Proxy-Authorization') && second.includes('Proxy-Authorization'), 'no digest');
    assert(first.includes('X-Call-Grant:') && second.includes(`X-Call-Grant: ${testGrant(callId)}`), 'no grant');
  });

  it('when it is told to before microphone and ICE are ready', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    rig.line.invite(callId, { number: ECHO, grant: testGrant(callId) });
    await rig.next('answered', callId);
    assertEqual(
      rig.events
        .filter((event) => 'callId' in event)
        .map((event) => event.type)
        .slice(0, 2),
      ['prepared', 'invite_sent'],
    );
  });

  it('and says which refusal the edge gave with its 402', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    rig.line.invite(callId, { number: ECHO, grant: 'no-credit' });
    const ended = await rig.next('ended', callId);
    assertEqual([ended.reason, ended.refusalCode], ['refused', 'insufficient_credit']);
  });

  for (const [to, reason] of [
    [BUSY, 'busy'],
    [DECLINES, 'declined'],
    [number('699'), 'unreachable'],
  ] as const) {
    it(`${to}, which ends as ${reason}`, async () => {
      await registered();
      const callId = crypto.randomUUID();
      rig.line.prepare(callId);
      rig.line.invite(callId, { number: to, grant: testGrant(callId) });
      assertEqual((await rig.next('ended', callId)).reason, reason);
    });
  }

  it('a number that nobody answers, and gives up with a CANCEL', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    rig.line.invite(callId, { number: NOBODY, grant: testGrant(callId) });
    await rig.next('ringing', callId);
    rig.line.hangUp(callId);
    assertEqual((await rig.next('ended', callId)).reason, 'cancelled');
    await until(async () => (await requestsOf('CANCEL')).length === 1 || undefined, 'CANCEL');
    assert(
      rig.tracks.every((track) => track.readyState === 'ended'),
      'the microphone is still open',
    );
  });

  it('a number that rings for a while', async () => {
    await registered();
    const callId = await talk(RINGS_THEN_ANSWERS);
    assertEqual((await rig.next('ringing', callId)).type, 'ringing');
    rig.line.hangUp(callId);
  });

  it('nobody when it is hung up while the microphone is opened', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    rig.line.hangUp(callId);
    assertEqual((await rig.next('ended', callId)).reason, 'cancelled');
    await until(
      () => (rig.tracks.length > 0 && rig.tracks.every((track) => track.readyState === 'ended')) || undefined,
      'a free microphone',
    );
    assertEqual(await requestsOf('INVITE'), []);
    assert(!rig.events.some((event) => event.type === 'prepared'), 'prepared after hanging up');
  });

  it('nobody without a microphone', async () => {
    await registered();
    const callId = crypto.randomUUID();
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'));
    rig.line.prepare(callId);
    assertEqual((await rig.next('microphone_failed', callId)).fault, 'missing');
  });

  it('until the paid time is over, and says so', async () => {
    await registered();
    const callId = await talk(MELODY, { leaseSeconds: 1 });
    assertEqual((await rig.next('ended', callId)).reason, 'lease_expired');
  });

  it('and names the credit when a foreign edge ends it with 402 as its Reason', async () => {
    await registered();
    const callId = await talk(ECHO);
    await rig.order({
      order: 'say_to_browser',
      text: await requestInDialog('BYE', ['Reason: SIP;cause=402;text="no credit"']),
    });
    assertEqual((await rig.next('ended', callId)).reason, 'credit_exhausted');
  });

  it('within 600 ms although the STUN server swallows everything', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): nobody answers.
    await registered({ credentials: (given) => ({ ...given, iceServers: [{ urls: ['stun:192.0.2.1:3478'] }] }) });
    await warmMicrophone();
    const callId = crypto.randomUUID();
    const startedAtMs = performance.now();
    rig.line.prepare(callId);
    rig.line.invite(callId, { number: ECHO, grant: testGrant(callId) });
    await rig.next('invite_sent', callId);
    const tookMs = performance.now() - startedAtMs;
    // The bench holds 600 ms; a shared machine gets some more here.
    assert(tookMs < 1500, `${tookMs} ms`);
  });
});

describe('a call on the SIP line', () => {
  it('is held in silence and taken back', async () => {
    await registered();
    const callId = await talk(ECHO);
    rig.line.setHeld(callId, true);
    assertEqual((await rig.next('hold_changed', callId)).isHeld, true);
    assert((await requestsOf('INVITE')).at(-1)?.includes('a=sendonly') ?? false, 'the offer does not hold');
    assert(
      rig.tracks.every((track) => !track.enabled),
      'the held side still hears us',
    );
    rig.events.length = 0;
    rig.line.setHeld(callId, false);
    assertEqual((await rig.next('hold_changed', callId)).isHeld, false);
    await hearsMore(connectionOfCall());
  });

  for (const statusCode of [488, 500]) {
    it(`goes on when its hold is refused with ${statusCode}, and can be held later`, async () => {
      await registered();
      const callId = await talk(ECHO);
      await rig.order({ order: 'refuse', refusal: refusedReinvite(statusCode, 1) });
      rig.line.setHeld(callId, true);
      await rig.next('hold_failed', callId);
      assertEqual(connectionOfCall().signalingState, 'stable');
      assert(
        rig.tracks.every((track) => track.enabled),
        'we are silent although nothing is held',
      );
      rig.line.setHeld(callId, true);
      assertEqual((await rig.next('hold_changed', callId)).isHeld, true);
    });
  }

  it('tries again when both sides asked at once (491)', async () => {
    await registered();
    const callId = await talk(ECHO);
    await rig.order({ order: 'refuse', refusal: refusedReinvite(491, 1) });
    rig.line.setHeld(callId, true);
    assertEqual((await rig.next('hold_changed', callId)).isHeld, true);
  });

  it('takes wishes for hold one after the other', async () => {
    await registered();
    const callId = await talk(ECHO);
    for (const isHeld of [true, false, true]) rig.line.setHeld(callId, isHeld);
    const changes = await until(() => {
      const found = rig.events.filter((event) => event.type === 'hold_changed').map((event) => event.isHeld);
      return found.length === 3 ? found : undefined;
    }, 'three changes');
    assertEqual(changes, [true, false, true]);
  });

  it('is muted and unmuted without a word on the wire', async () => {
    await registered();
    const callId = await talk(ECHO);
    const before = (await rig.wire()).length;
    rig.line.setMuted(callId, true);
    assertEqual((await rig.next('mute_changed', callId)).isMuted, true);
    assert(
      rig.tracks.every((track) => !track.enabled),
      'the microphone is open',
    );
    rig.line.setMuted(callId, false);
    assert(
      rig.tracks.every((track) => track.enabled),
      'the microphone is closed',
    );
    assertEqual((await rig.wire()).length, before);
  });

  it('sends every digit of several presses, as telephone events', async () => {
    await registered();
    const callId = await talk(ECHO);
    await hearsMore(connectionOfCall());
    for (const digits of ['1', '2#', '*D']) rig.line.sendDigits(callId, digits);
    const keys = await until(async () => {
      const heardKeys = (await rig.facts()).keys.filter((key) => key.callId === callId).map(({ key }) => key);
      return heardKeys.length >= 5 ? heardKeys : undefined;
    }, 'five keys');
    assertEqual(keys.join(''), '12#*D');
  });

  it('tells once a second how it sounds', async () => {
    await registered();
    const callId = await talk(MELODY);
    const quality = await rig.next('quality', callId);
    assert(quality.level >= 0 && quality.level <= 1, `level ${quality.level}`);
    await until(
      () => rig.events.some((event) => event.type === 'quality' && event.level > 0.001) || undefined,
      'sound',
    );
  });

  it('does not follow a REFER: that would be a paid call of somebody else', async () => {
    await registered();
    const callId = await talk(ECHO);
    const before = (await requestsOf('INVITE')).length;
    await rig.order({
      order: 'say_to_browser',
      text: await requestInDialog('REFER', ['Refer-To: <sip:+4930999999@line.test>']),
    });
    await until(async () => {
      const answers = (await rig.wire()).filter(({ from, text }) => from === 'browser' && /^SIP\/2\.0 603/.test(text));
      return answers.length === 1 || undefined;
    }, '603');
    assertEqual((await requestsOf('INVITE')).length, before);
    rig.line.hangUp(callId);
  });
});

describe('the SIP line outlives its socket', () => {
  it('the call is heard on, and signalling is restored by a re-INVITE with new ICE', async () => {
    await registered();
    const callId = await talk(ECHO);
    await hearsMore(connectionOfCall());
    const before = await requestsOf('INVITE');
    await rig.order({ order: 'cut' });
    const lost = await rig.next('call_link', callId);
    assertEqual(lost.isLost, true);
    await hearsMore(connectionOfCall());
    await until(() => rig.events.some((event) => event.type === 'call_link' && !event.isLost) || undefined, 'restored');
    const after = await requestsOf('INVITE');
    assertEqual(after.length, before.length + 1);
    const ufrags = [...before, ...after].map((text) => /a=ice-ufrag:(\S+)/.exec(text)?.[1]);
    assert(ufrags.at(0) !== ufrags.at(-1), 'ICE was not restarted');
    await hearsMore(connectionOfCall());
    rig.line.setHeld(callId, true);
    assertEqual((await rig.next('hold_changed', callId)).isHeld, true);
    assertEqual(rig.events.filter((event) => event.type === 'ended').length, 0);
  });

  it('a hold that was under way does not keep the call from being restored', async () => {
    await registered();
    const callId = await talk(ECHO);
    await rig.order({ order: 'silence', isSilent: true });
    rig.line.setHeld(callId, true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await rig.order({ order: 'cut' });
    await rig.order({ order: 'silence', isSilent: false });
    await rig.next('hold_failed', callId);
    await until(() => rig.events.some((event) => event.type === 'call_link' && !event.isLost) || undefined, 'restored');
    await hearsMore(connectionOfCall());
  });

  it('a socket that is open but dead is found out and replaced', async () => {
    // Ten times as fast: the watch asks every 8 s and waits 4 s twice.
    const after = (delayMs: number, callback: () => void) => systemClock.after(delayMs / 10, callback);
    await registered({ line: { clock: { ...systemClock, after } } });
    const callId = await talk(ECHO);
    await rig.order({ order: 'silence', isSilent: true });
    assertEqual((await rig.next('call_link', callId)).isLost, true);
    await rig.order({ order: 'silence', isSilent: false });
    await until(() => rig.events.some((event) => event.type === 'call_link' && !event.isLost) || undefined, 'restored');
    await hearsMore(connectionOfCall());
  });

  it('a goodbye that could not be said is said on the next socket', async () => {
    await registered();
    const callId = await talk(ECHO);
    await rig.order({ order: 'cut' });
    await rig.next('call_link', callId);
    rig.line.hangUp(callId);
    assertEqual((await rig.next('ended', callId)).reason, 'hung_up');
    await until(async () => (await requestsOf('BYE')).length === 1 || undefined, 'BYE');
  });

  it('a call that rings when the socket goes is over, and the microphone is free', async () => {
    await registered();
    const callId = crypto.randomUUID();
    rig.line.prepare(callId);
    rig.line.invite(callId, { number: NOBODY, grant: testGrant(callId) });
    await rig.next('ringing', callId);
    await rig.order({ order: 'cut' });
    assertEqual((await rig.next('ended', callId)).reason, 'line_lost');
  });
});

describe('the SIP line is called', () => {
  it('rings, answers and hears', async () => {
    await registered();
    await rig.callMe();
    const incoming = await rig.next('incoming');
    assertEqual([incoming.number, incoming.name], ['+4930123456', 'Dana Whitfield']);
    rig.line.answer(incoming.callId);
    await rig.next('answered', incoming.callId);
    await hearsMore(connectionOfCall());
    rig.line.hangUp(incoming.callId);
    assertEqual((await rig.next('ended', incoming.callId)).reason, 'hung_up');
  });

  it('under the call id that the edge gave', async () => {
    await registered();
    await rig.callMe();
    const { callId } = await rig.next('incoming');
    const invite = (await rig.wire()).find(({ from, text }) => from === 'network' && text.startsWith('INVITE '));
    assertEqual(/^X-Call-Id:\s*(\S+)/im.exec(invite?.text ?? '')?.[1], callId);
    rig.line.decline(callId);
  });

  it('and declines without opening the microphone', async () => {
    await registered();
    await rig.callMe();
    const { callId } = await rig.next('incoming');
    rig.line.decline(callId);
    assertEqual((await rig.next('ended', callId)).reason, 'declined');
    assertEqual(rig.tracks.length, 0);
  });

  it('lets one caller wait while it talks, and is busy for the next', async () => {
    await registered();
    await talk(ECHO);
    await rig.callMe();
    await rig.next('incoming');
    await rig.callMe();
    await until(async () => {
      const busy = (await rig.wire()).filter(({ from, text }) => from === 'browser' && text.startsWith('SIP/2.0 486'));
      return busy.length === 1 || undefined;
    }, '486');
    assertEqual(rig.events.filter((event) => event.type === 'incoming').length, 1);
  });
});

describe('the sound of the SIP line', () => {
  it('is reported as blocked when the browser waits for a gesture, and free after one', async () => {
    await registered();
    const play = HTMLMediaElement.prototype.play;
    try {
      HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));
      await talk(ECHO);
      assertEqual((await rig.next('sound')).isBlocked, true);
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
    rig.line.unblockSound();
    await until(() => rig.events.some((event) => event.type === 'sound' && !event.isBlocked) || undefined, 'sound');
  });

  it('has key tones and a warning without any call', async () => {
    await registered();
    const started: AudioBufferSourceNode[] = [];
    const start = AudioBufferSourceNode.prototype.start;
    try {
      AudioBufferSourceNode.prototype.start = function (...when: number[]) {
        started.push(this);
        start.apply(this, when as []);
      };
      for (const digit of ['1', '#', 'x']) rig.line.playKeyTone(digit);
      rig.line.playWarningTone();
    } finally {
      AudioBufferSourceNode.prototype.start = start;
    }
    assertEqual(
      started.map(({ loop, context }) => [loop, context === started[0]?.context]),
      [1, 2, 3].map(() => [false, true]),
    );
  });

  it('rings for a caller, and only until the call is answered', async () => {
    const rings: Ring[] = [];
    const sound = { ...silentSound(), setRing: (ring: Ring) => rings.push(ring) };
    await registered({ line: { sound } });
    await rig.callMe();
    const { callId } = await rig.next('incoming');
    assertEqual(rings.at(-1), 'ringtone');
    rig.line.answer(callId);
    await rig.next('answered', callId);
    assertEqual(rings.at(-1), 'silence');
    await rig.callMe();
    await until(
      () => rig.events.filter((event) => event.type === 'incoming').length === 2 || undefined,
      'another caller',
    );
    assertEqual(rings.at(-1), 'call_waiting');
  });
});

describe('the SIP line leaves nothing behind', () => {
  it('after sixty calls that end in different ways: no track, no connection, no listener', async function () {
    this.timeout(60_000);
    const listeners = countListeners();
    await registered();
    for (let i = 0; i < 60; i += 1) {
      const callId = crypto.randomUUID();
      rig.line.prepare(callId);
      if (i % 4 === 0) await rig.next('prepared', callId);
      if (i % 4 > 1) {
        rig.line.invite(callId, { number: i % 4 === 2 ? ECHO : BUSY, grant: testGrant(callId) });
        await rig.next(i % 4 === 2 ? 'answered' : 'ended', callId);
      }
      rig.line.hangUp(callId);
      await rig.next('ended', callId);
    }
    await until(() => rig.tracks.every((track) => track.readyState === 'ended') || undefined, 'closed microphones');
    assert(
      rig.connections.every((connection) => connection.connectionState === 'closed'),
      'open connections',
    );
    await rig.line.disconnect();
    assertEqual(listeners.stop(), 0);
  });
});

function silentSound(): LineSound {
  const nothing = () => undefined;
  return {
    playRemote: nothing,
    playKeyTone: nothing,
    playWarningTone: nothing,
    setRing: nothing,
    unblock: nothing,
    onBlockedChange: nothing,
    close: nothing,
  };
}

/** Counts what is listened to on the page and not given back. */
function countListeners(): { stop(): number } {
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const listening = new Set<string>();
  const isPage = (target: EventTarget) => target === window || target === document || target === undefined;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (isPage(this)) listening.add(type);
    add.call(this ?? window, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (isPage(this)) listening.delete(type);
    remove.call(this ?? window, type, listener, options);
  };
  return {
    stop: () => {
      EventTarget.prototype.addEventListener = add;
      EventTarget.prototype.removeEventListener = remove;
      return listening.size;
    },
  };
}

/** The first getUserMedia of a browser opens the device and takes longer than any later one. */
async function warmMicrophone(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
}

function refusedReinvite(statusCode: number, times: number) {
  return { method: 'INVITE', isInDialog: true, statusCode, reasonPhrase: 'Refused', headers: [], times } as const;
}

/** A request of the far side within the dialog of the last answered INVITE. */
async function requestInDialog(method: string, headers: readonly string[]): Promise<string> {
  const messages = await rig.wire();
  const answer = messages.findLast(
    ({ from, text }) => from === 'network' && /^SIP\/2\.0 200[\s\S]*CSeq: \d+ INVITE/i.test(text),
  );
  const invite = messages.findLast(({ from, text }) => from === 'browser' && text.startsWith('INVITE '));
  const headerOf = (name: string, text = '') => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1] ?? '';
  const target = /<([^>]+)>/.exec(headerOf('Contact', invite?.text))?.[1] ?? '';
  return [
    `${method} ${target} SIP/2.0`,
    'Via: SIP/2.0/WSS wire.invalid;branch=z9hG4bKwire1',
    'Max-Forwards: 70',
    `From: ${headerOf('To', answer?.text)}`,
    `To: ${headerOf('From', answer?.text)}`,
    `Call-ID: ${headerOf('Call-ID', answer?.text)}`,
    `CSeq: 900 ${method}`,
    'Contact: <sip:network@wire.invalid;transport=ws>',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
