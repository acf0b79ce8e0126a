import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { later, type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { until } from '../../support/phone-gate-server.ts';
import {
  CENT,
  sampleAuthorization,
  sampleBalance,
  sampleCreditRequest,
  sampleLease,
  sampleMe,
  sampleRecord,
  sampleShopNumber,
} from '../../support/phone-samples.ts';

/** Up to the moment at which the far side answers. */
async function talking(rig: PhoneRig): Promise<string> {
  rig.phone.dial('0151 12345678');
  const callId = rig.callId();
  await settled();
  rig.line.say({ type: 'prepared', callId });
  await settled();
  rig.line.say({ type: 'ringing', callId });
  rig.line.say({ type: 'answered', callId });
  return callId;
}

function wishes(rig: PhoneRig, ...verbs: string[]): string[] {
  return rig.log.map((entry) => entry.split(' ')[0] ?? '').filter((verb) => verbs.includes(verb));
}

describe('a call', () => {
  test('writes the history before it asks the server, and invites only when grant and microphone are there', async () => {
    const rig = await phoneRig();
    rig.phone.dial('0151 12345678');
    const callId = rig.callId();
    expect(rig.phone.snapshot.call?.phase).toBe('authorizing');
    await settled();
    expect(wishes(rig, 'put', 'authorize', 'invite')).toEqual(['put', 'authorize']);
    rig.line.say({ type: 'prepared', callId });
    expect(rig.log.at(-1)).toBe(`invite ${callId} +4915112345678 grant-of-${callId}`);
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'dialing', label: 'Germany, mobile' });
  });

  test('runs, is charged by the server, and keeps one history entry with the cost', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    await rig.clock.advance(10_000);
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'talking', talkSeconds: 10, costMicros: 10_000 });
    rig.phone.hangUp();
    expect(rig.phone.snapshot.call?.phase).toBe('hanging_up');
    rig.line.say({ type: 'ended', callId, reason: 'hung_up', refusalCode: null });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', endReason: 'hung_up', isCostSettled: false });
    rig.gate.say({
      type: 'call',
      call: sampleRecord(callId, { status: 'settled', durationSeconds: 11, costMicros: micros(11_000) }),
    });
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ isCostSettled: true, costMicros: 11_000, talkSeconds: 11 });
    expect([...rig.history.entries.values()]).toMatchObject([{ callId, costMicros: 11_000, isSettled: true }]);
    expect(rig.phone.snapshot.history).toHaveLength(1);
  });

  test('says while talking that the microphone is gone, and takes it back when there is one again', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.line.say({ type: 'microphone_changed', callId, fault: 'missing' });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'talking', microphoneFault: 'missing' });
    rig.line.say({ type: 'microphone_changed', callId, fault: null });
    expect(rig.phone.snapshot.call?.microphoneFault).toBeNull();
    rig.line.say({ type: 'microphone_changed', callId, fault: 'missing' });
    rig.line.say({ type: 'ended', callId, reason: 'hung_up', refusalCode: null });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', microphoneFault: null });
  });

  test('asks for the charge when no event brings it', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.line.say({ type: 'ended', callId, reason: 'far_end_hung_up', refusalCode: null });
    await rig.clock.advance(10_000);
    expect(wishes(rig, 'call').length).toBeGreaterThanOrEqual(2);
    rig.gate.call = async () => granted(sampleRecord(callId, { status: 'settled', costMicros: micros(42) }));
    await rig.clock.advance(30_000);
    expect(rig.phone.snapshot.call).toMatchObject({ isCostSettled: true, costMicros: 42 });
    rig.phone.dismissCall();
    await rig.clock.advance(0);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  test('a charge that was learnt by asking brings the balance along, unless the stream will', async () => {
    for (const link of ['unreachable', 'live'] as const) {
      const { phone, gate, line, clock, log, callId } = await phoneRig();
      gate.link(link);
      phone.dial('600');
      await settled();
      line.say({ type: 'prepared', callId: callId() });
      line.say({ type: 'answered', callId: callId() });
      gate.call = (id) => {
        log.push('asked');
        return Promise.resolve(granted(sampleRecord(id, { status: 'settled', endReason: 'hung_up' })));
      };
      line.say({ type: 'ended', callId: callId(), reason: 'hung_up', refusalCode: null });
      await clock.advance(1_500);
      const after = log.slice(log.indexOf('asked'));
      expect(after.includes('balance'), link).toBe(link === 'unreachable');
    }
  });

  test('hanging up while authorizing ends at once, and a grant that comes later is given back', async () => {
    const answer = later<Awaited<ReturnType<PhoneRig['gate']['authorizeCall']>>>();
    const rig = await phoneRig();
    rig.gate.authorizeCall = () => answer.promise;
    rig.phone.dial('600');
    const callId = rig.callId();
    await settled();
    rig.phone.hangUp();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', endReason: 'cancelled' });
    expect(rig.line.microphones.size).toBe(0);
    rig.phone.dismissCall();
    rig.phone.dial('601');
    expect(rig.phone.snapshot.call?.phase).toBe('authorizing');
    expect(wishes(rig, 'release')).toEqual([]);
    answer.resolve(granted(sampleAuthorization(callId)));
    await settled();
    expect(rig.log).toContain(`release ${callId}`);
    expect(rig.history.entries.get(callId)).toMatchObject({ isSettled: true, costMicros: 0, endReason: 'cancelled' });
  });

  test('a microphone that is denied refuses the call and frees the hold', async () => {
    const rig = await phoneRig();
    rig.phone.dial('600');
    const callId = rig.callId();
    await settled();
    rig.line.say({ type: 'microphone_failed', callId, fault: 'denied' });
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', microphoneFault: 'denied', refusal: null });
    expect(rig.log).toContain(`release ${callId}`);
  });

  test('F-26, S-04: shows the refusal of the gate with its numbers, frees the microphone and sends no INVITE', async () => {
    const rig = await phoneRig();
    const reason = refusal('insufficient_credit', { neededMicros: micros(120_000), availableMicros: micros(50_000) });
    rig.gate.authorizeCall = async () => refused(reason);
    rig.phone.dial('600');
    rig.line.say({ type: 'prepared', callId: rig.callId() });
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', refusal: reason, isCostSettled: true });
    expect(rig.line.microphones.size).toBe(0);
    expect(wishes(rig, 'invite', 'release')).toEqual([]);
  });

  test('an unreachable server means no call, with the true reason, and a release for the case that it has heard', async () => {
    const rig = await phoneRig();
    rig.gate.authorizeCall = async () => refused(refusal('unavailable'));
    rig.phone.dial('600');
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', refusal: { code: 'unavailable' } });
    expect(wishes(rig, 'release', 'invite')).toEqual(['release']);
  });

  test('a 402 of the edge is a refusal in words of ours', async () => {
    const rig = await phoneRig();
    rig.phone.dial('600');
    const callId = rig.callId();
    rig.line.say({ type: 'prepared', callId });
    await settled();
    rig.line.say({ type: 'ended', callId, reason: 'refused', refusalCode: 'grant_used' });
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', refusal: { code: 'grant_used' } });
    expect(rig.log).toContain(`release ${callId}`);
  });

  test('a grant that expires in front of the microphone question is given back', async () => {
    const rig = await phoneRig();
    rig.phone.dial('600');
    const callId = rig.callId();
    await rig.clock.advance(30_000);
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', refusal: { code: 'grant_expired' } });
    rig.line.say({ type: 'prepared', callId });
    await settled();
    expect(wishes(rig, 'invite')).toEqual([]);
    expect(rig.log).toContain(`release ${callId}`);
  });

  test('a line that never answers the hang-up does not keep the call on the screen', async () => {
    const rig = await phoneRig();
    await talking(rig);
    rig.phone.hangUp();
    await rig.clock.advance(5_000);
    expect(rig.phone.snapshot.call?.phase).toBe('ended');
  });

  test('the server says why the call ended when credit ran out', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.line.say({ type: 'ended', callId, reason: 'far_end_hung_up', refusalCode: null });
    rig.gate.say({
      type: 'call',
      call: sampleRecord(callId, { status: 'settled', endReason: 'credit_exhausted', durationSeconds: 60 }),
    });
    expect(rig.phone.snapshot.call?.endReason).toBe('credit_exhausted');
  });

  test('ends when the server has settled it although the goodbye was lost', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.line.say({ type: 'call_link', callId, isLost: true });
    rig.gate.say({ type: 'call', call: sampleRecord(callId, { status: 'settled', endReason: 'lease_expired' }) });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', endReason: 'lease_expired' });
    expect(rig.line.microphones.size).toBe(0);
  });

  test('mute, hold and keys reach the line and are shown when the line has confirmed them', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.phone.setMuted(true);
    rig.phone.setHeld(true);
    rig.phone.pressKey('5');
    expect(rig.log).toEqual(
      expect.arrayContaining([
        `setMuted ${callId} true`,
        `setHeld ${callId} true`,
        'playKeyTone 5',
        `sendDigits ${callId} 5`,
      ]),
    );
    expect(rig.phone.snapshot.call).toMatchObject({ isMuted: false, isHeld: false });
    rig.line.say({ type: 'mute_changed', callId, isMuted: true });
    rig.line.say({ type: 'hold_changed', callId, isHeld: true });
    expect(rig.phone.snapshot.call).toMatchObject({ isMuted: true, isHeld: true });
  });

  test('is called by the name that the price tag showed, until the server has read the number', async () => {
    const rig = await phoneRig();
    rig.phone.setDialled('0151 12345678');
    await rig.clock.advance(150);
    rig.phone.dial('0151 12345678');
    expect(rig.phone.snapshot.call).toMatchObject({ number: '0151 12345678', label: 'Germany, mobile' });
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ number: '+4915112345678', label: 'Germany, mobile' });
  });

  test('warns no more when it is over', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    const lease = sampleLease({ isFinal: true });
    rig.gate.say({ type: 'call', call: sampleRecord(callId, { status: 'answered', elapsedMs: 0, lease }) });
    expect(rig.phone.snapshot.call?.warning).toBe(60);
    rig.line.say({ type: 'ended', callId, reason: 'hung_up', refusalCode: null });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', secondsLeft: null, warning: null });
  });

  test('keeps the last 24 levels of the audio', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    for (let level = 0; level < 30; level += 1) {
      rig.line.say({ type: 'quality', callId, quality: 'fair', level: level / 30 });
    }
    expect(rig.phone.snapshot.call?.levels).toHaveLength(24);
    expect(rig.phone.snapshot.call?.levels.at(-1)).toBeCloseTo(29 / 30);
  });

  test('a second dial while a call runs changes nothing', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.phone.dial('601');
    expect(rig.callId()).toBe(callId);
  });

  test('warns at 2 minutes, 1 minute and 30 seconds, once each, and takes it back when credit arrives', async () => {
    const rig = await phoneRig({
      prepare: ({ gate }) => {
        const poor = { availableMicros: micros(10 * CENT), balanceMicros: micros(16 * CENT) };
        gate.balance = async () => granted(sampleBalance(poor));
      },
    });
    const callId = await talking(rig);
    expect(rig.phone.snapshot.call).toMatchObject({ secondsLeft: 160, warning: null });
    await rig.clock.advance(40_000);
    expect(rig.phone.snapshot.call).toMatchObject({ secondsLeft: 120, warning: 120 });
    await rig.clock.advance(60_000);
    expect(rig.phone.snapshot.call?.warning).toBe(60);
    await rig.clock.advance(35_000);
    expect(rig.phone.snapshot.call).toMatchObject({ secondsLeft: 25, warning: 30, wasExtended: false });
    expect(wishes(rig, 'playWarningTone')).toHaveLength(3);
    const rich = sampleBalance({ version: 2, balanceMicros: micros(116 * CENT), availableMicros: micros(110 * CENT) });
    rig.gate.say({ type: 'balance', balance: rich });
    expect(rig.phone.snapshot.call).toMatchObject({ secondsLeft: 1_025, warning: null, wasExtended: true });
    expect(rig.phone.snapshot.creditArrivedMicros).toBe(100 * CENT);
    expect(rig.phone.snapshot.call?.callId).toBe(callId);
  });

  test('the final lease ends the call, whatever the wallet has, until the server lengthens it', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    const lease = sampleLease({ leaseSeconds: 90, renewalIndex: 1, isFinal: true });
    rig.gate.say({ type: 'call', call: sampleRecord(callId, { status: 'answered', elapsedMs: 0, lease }) });
    expect(rig.phone.snapshot.call).toMatchObject({ secondsLeft: 90, warning: 120 });
    const longer = sampleLease({ leaseSeconds: 150, renewalIndex: 2, isFinal: false });
    rig.gate.say({ type: 'call', call: sampleRecord(callId, { status: 'answered', elapsedMs: 0, lease: longer }) });
    expect(rig.phone.snapshot.call).toMatchObject({ warning: null, wasExtended: true });
  });
});

describe('calls that come in', () => {
  const incoming = (callId: string) =>
    ({ type: 'incoming', callId, number: '+12025550100', name: 'Dana Whitfield' }) as const;

  test('ring, are answered and metered by the tariff that the server tells', async () => {
    const rig = await phoneRig();
    rig.line.say(incoming('in-00001'));
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'incoming', label: 'Dana Whitfield', direction: 'inbound' });
    rig.phone.answer('in-00001');
    expect(rig.phone.snapshot.call?.phase).toBe('answering');
    rig.line.say({ type: 'answered', callId: 'in-00001' });
    await rig.clock.advance(2_000);
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'talking', costMicros: 2_000 });
  });

  test('are declined by the person, and given up by the caller', async () => {
    const rig = await phoneRig();
    rig.line.say(incoming('in-00001'));
    rig.phone.decline('in-00001');
    expect(rig.log).toContain('decline in-00001');
    rig.line.say({ type: 'ended', callId: 'in-00001', reason: 'declined', refusalCode: null });
    rig.line.say(incoming('in-00002'));
    expect(rig.callId()).toBe('in-00002');
    rig.line.say({ type: 'ended', callId: 'in-00002', reason: 'no_answer', refusalCode: null });
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'ended', endReason: 'no_answer' });
  });

  test('a second one waits, comes to the front when answered, and a third one is declined', async () => {
    const rig = await phoneRig();
    const first = await talking(rig);
    rig.line.say(incoming('in-00002'));
    rig.line.say(incoming('in-00003'));
    expect(rig.phone.snapshot.waiting?.callId).toBe('in-00002');
    expect(rig.log).toContain('decline in-00003');
    rig.phone.answer('in-00002');
    expect(rig.log).toContain(`setHeld ${first} true`);
    expect([rig.callId(), rig.phone.snapshot.waiting?.callId]).toEqual(['in-00002', first]);
    rig.line.say({ type: 'ended', callId: 'in-00002', reason: 'far_end_hung_up', refusalCode: null });
    rig.phone.dismissCall();
    expect(rig.callId()).toBe(first);
    expect(rig.phone.snapshot.waiting).toBeNull();
  });

  test('F-10: a call that was refused for want of credit is shown as missed', async () => {
    const rig = await phoneRig();
    rig.gate.say({ type: 'missed_call', call: sampleRecord('missed-1', { number: '+43123456', startedAtMs: 77 }) });
    expect(rig.phone.snapshot.missed).toEqual([{ number: '+43123456', atMs: 77 }]);
  });
});

describe('the life of the phone', () => {
  test('tells its listeners of one frozen snapshot, until they leave', async () => {
    const rig = await phoneRig();
    const heard: string[] = [];
    const leave = rig.phone.subscribe((snapshot) => heard.push(snapshot.dialled));
    rig.phone.setDialled('1');
    expect(Object.isFrozen(rig.phone.snapshot)).toBe(true);
    leave();
    rig.phone.setDialled('12');
    expect(heard).toEqual(['1']);
  });

  test('registers the line at the start, or on the first call when it need not be reachable', async () => {
    expect((await phoneRig()).log).toContain('connect');
    const rig = await phoneRig({ isReachable: false });
    expect(rig.log).not.toContain('connect');
    rig.phone.dial('600');
    await settled();
    expect(rig.log.indexOf('connect')).toBeLessThan(rig.log.indexOf(`prepare ${rig.callId()}`));
    expect(rig.log).toContain('connect');
  });

  test('asks again who it is until the server answers, and says why it is not let in', async () => {
    const rig = await phoneRig({
      prepare: ({ gate }) => {
        gate.me = async () => refused(refusal('phone_disabled'));
      },
    });
    expect(rig.phone.snapshot).toMatchObject({ me: null, signInRefusal: { code: 'phone_disabled' } });
    rig.phone.dial('600');
    await settled();
    expect(rig.phone.snapshot.call).toMatchObject({ phase: 'refused', refusal: { code: 'phone_disabled' } });
    rig.gate.me = async () => granted(sampleMe());
    await rig.clock.advance(60_000);
    expect(rig.phone.snapshot).toMatchObject({ me: { name: 'Sam' }, signInRefusal: null });
  });

  test('after a reload it asks what the calls have cost that it had not heard of', async () => {
    const rig = await phoneRig({
      prepare: async ({ gate, history }) => {
        const entry = {
          personId: 'person-sam',
          direction: 'outbound',
          number: '600',
          destination: 'Echo',
          startedAtMs: 1,
          durationSeconds: 0,
          costMicros: null,
          currency: 'USD',
          endReason: null,
          isSettled: false,
        } as const;
        for (const callId of ['settled-1', 'running-1', 'unheard-1']) await history.put({ callId, ...entry });
        gate.call = async (callId) => {
          if (callId === 'unheard-1') return refused(refusal('call_unknown'));
          const cost = { costMicros: micros(7), durationSeconds: 3, endReason: 'hung_up' } as const;
          return granted(sampleRecord(callId, { ...cost, status: callId === 'settled-1' ? 'settled' : 'answered' }));
        };
      },
    });
    expect(rig.history.entries.get('settled-1')).toMatchObject({ costMicros: 7, isSettled: true });
    expect(rig.history.entries.get('unheard-1')).toMatchObject({ costMicros: 0, isSettled: true });
    expect(rig.history.entries.get('running-1')).toMatchObject({ isSettled: false });
    rig.gate.say({ type: 'call', call: sampleRecord('running-1', { status: 'settled', costMicros: micros(9) }) });
    await settled();
    expect(rig.history.entries.get('running-1')).toMatchObject({ costMicros: 9, isSettled: true });
  });

  test('a history that cannot be written stops no call', async () => {
    const rig = await phoneRig();
    rig.history.put = async () => Promise.reject(new Error('quota'));
    await talking(rig);
    expect(rig.phone.snapshot.call?.phase).toBe('talking');
  });

  test('a line that cannot be loaded ends the call and frees the hold, and the next call tries again', async () => {
    const rig = await phoneRig({ isReachable: false });
    rig.line.connect = () => {
      throw new Error('no WebRTC here');
    };
    rig.phone.dial('600');
    await settled();
    expect(rig.phone.snapshot).toMatchObject({
      lineStatus: 'failed',
      call: { phase: 'ended', endReason: 'line_lost' },
    });
    await settled();
    expect(wishes(rig, 'release')).toHaveLength(1);
    rig.line.connect = () => void rig.log.push('connect');
    rig.phone.dismissCall();
    await talking(rig);
    expect(rig.phone.snapshot.call?.phase).toBe('talking');
  });

  test('closing hangs up, frees holds, unregisters and leaves no timer', async () => {
    const rig = await phoneRig();
    rig.phone.setDialled('12');
    rig.phone.dial('600');
    await settled();
    const closed = rig.phone.close();
    await rig.clock.advance(5_000);
    await closed;
    expect(wishes(rig, 'hangUp', 'release', 'disconnect')).toEqual(['hangUp', 'release', 'disconnect']);
    expect(rig.gate.isSubscribed).toBe(false);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  test('shows credit, its level and its origin, and drops a balance that is older', async () => {
    const rig = await phoneRig();
    expect(rig.phone.snapshot).toMatchObject({ creditLevel: 'ok', creditArrivedMicros: null });
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 5, level: 'low' }) });
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 4, level: 'empty' }) });
    expect(rig.phone.snapshot).toMatchObject({ creditLevel: 'low', balance: { version: 5 } });
  });

  test('shows a pause at once, although it changes nothing about the money', async () => {
    const rig = await phoneRig();
    const pause = { sinceMs: 1_760_000_000_000, byName: 'Dana Whitfield' };
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 5 }) });
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 5, pause }) });
    expect(rig.phone.snapshot.balance?.pause).toEqual(pause);
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 5 }) });
    expect(rig.phone.snapshot.balance?.pause).toBeNull();
  });

  test('shows what works by other rules of the account at once, although the money is the same', async () => {
    const rig = await phoneRig();
    const { works } = sampleBalance();
    for (const change of [{ callingOut: false }, { receiving: false }, { buyingNumbers: false }]) {
      rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 5, works: { ...works, ...change } }) });
      expect(rig.phone.snapshot.balance?.works).toEqual({ ...works, ...change });
    }
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 4, works }) });
    expect(rig.phone.snapshot.balance?.works).toEqual({ ...works, buyingNumbers: false });
  });

  test('after a gap in the stream it asks again for everything that is shown', async () => {
    const rig = await phoneRig();
    const callId = await talking(rig);
    rig.log.length = 0;
    rig.gate.say({ type: 'resync' });
    await settled();
    expect(wishes(rig, 'balance', 'creditRequests', 'call')).toHaveLength(3);
    expect(rig.log).toContain(`call ${callId}`);
  });
});

describe('requests for credit', () => {
  test('an agent asks; a lost answer is repeated with the same id; the answer comes by the stream', async () => {
    const rig = await phoneRig();
    const ids: string[] = [];
    const ask = rig.gate.askForCredit;
    rig.gate.askForCredit = async (request) => {
      ids.push(request.requestId);
      return ids.length === 1 ? refused(refusal('unavailable')) : ask(request);
    };
    rig.phone.askForCredit('customer on the line');
    await settled();
    expect(rig.phone.snapshot.askRefusal?.code).toBe('unavailable');
    rig.phone.askForCredit('customer on the line');
    await settled();
    expect(ids[0]).toBe(ids[1]);
    expect(rig.phone.snapshot).toMatchObject({ askRefusal: null, creditRequests: [{ state: 'asked' }] });
    const request = sampleCreditRequest(ids[0] ?? '', { state: 'granted', addedMicros: micros(25) });
    rig.gate.say({ type: 'credit_request', request });
    expect(rig.phone.snapshot.creditRequests).toMatchObject([{ state: 'granted', addedMicros: 25 }]);
  });

  test('an admin sees the open ones and grants one by adding credit: once, however often it is pressed', async () => {
    const rig = await phoneRig({
      prepare: ({ gate }) => {
        gate.me = async () => granted(sampleMe({ role: 'billing', personId: 'person-dana' }));
      },
    });
    rig.gate.say({ type: 'credit_request', request: sampleCreditRequest('request-1') });
    expect(rig.phone.snapshot.creditRequests).toHaveLength(1);
    rig.phone.addPlayCredit(micros(25 * 100 * CENT), { requestId: 'request-1' });
    rig.phone.addPlayCredit(micros(25 * 100 * CENT), { requestId: 'request-1' });
    expect(rig.phone.snapshot.isAddingCredit).toBe(true);
    await settled();
    expect(wishes(rig, 'add', 'answer')).toEqual(['add', 'answer']);
    expect(rig.phone.snapshot).toMatchObject({ isAddingCredit: false, creditRequests: [], balance: { version: 2 } });
  });

  test('play credit whose answer was lost keeps its id, and another amount has another', async () => {
    const rig = await phoneRig();
    const ids: string[] = [];
    rig.gate.addPlayCredit = async ({ creditId }) => {
      ids.push(creditId);
      return refused(refusal(ids.length === 3 ? 'role_forbidden' : 'unavailable'));
    };
    for (const amount of [5, 5, 5, 5, 10]) {
      rig.phone.addPlayCredit(micros(amount * CENT), { requestId: null });
      await settled();
    }
    expect([ids[0] === ids[1], ids[1] === ids[2], ids[2] === ids[3], ids[3] === ids[4]]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(rig.phone.snapshot.addCreditRefusal?.code).toBe('unavailable');
  });
});

describe('the price tag', () => {
  test('is asked for when typing pauses, and the answer to an older text is dropped', async () => {
    const rig = await phoneRig();
    const slow = later<Awaited<ReturnType<PhoneRig['gate']['quote']>>>();
    const asked: string[] = [];
    const signals: (AbortSignal | undefined)[] = [];
    const quote = rig.gate.quote;
    rig.gate.quote = (query) => {
      asked.push(query.to);
      signals.push(query.signal);
      return query.to === '015' ? slow.promise : quote(query);
    };
    for (const text of ['0', '01', '015']) rig.phone.setDialled(text);
    await rig.clock.advance(150);
    rig.phone.setDialled('0151');
    expect(rig.phone.snapshot.quote).toEqual({ state: 'loading', to: '0151' });
    await rig.clock.advance(150);
    slow.resolve(refused(refusal('number_invalid')));
    await settled();
    expect(asked).toEqual(['015', '0151']);
    expect(signals[0]?.aborted).toBe(true);
    expect(rig.phone.snapshot.quote).toMatchObject({ state: 'known', to: '0151' });
    rig.phone.setDialled('');
    expect(rig.phone.snapshot.quote).toEqual({ state: 'none' });
  });

  test('follows the credit', async () => {
    const rig = await phoneRig();
    rig.phone.setDialled('0151');
    await rig.clock.advance(150);
    rig.gate.quote = async () => refused(refusal('no_rate'));
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 2 }) });
    expect(rig.phone.snapshot.quote.state).toBe('known');
    await rig.clock.advance(150);
    expect(rig.phone.snapshot.quote).toMatchObject({ state: 'refused', refusal: { code: 'no_rate' } });
  });
});

describe('the number shop', () => {
  test('F-27: the Buy button follows the credit without a reload', async () => {
    const rig = await phoneRig();
    const short = refusal('insufficient_credit', { neededMicros: micros(100), availableMicros: micros(50) });
    const row = sampleShopNumber('+14155550100', { refusal: short });
    rig.gate.searchNumbers = async () => granted({ numbers: [row], nextCursor: null });
    rig.phone.searchNumbers({ country: 'US' });
    await until(() => rig.phone.snapshot.shop.state === 'full');
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'full', numbers: [{ refusal: short }] });
    rig.gate.searchNumbers = async () => granted({ numbers: [{ ...row, refusal: null }], nextCursor: null });
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 2 }) });
    await rig.clock.advance(200);
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'full', numbers: [{ refusal: null }] });
  });

  test('turns pages, buys once, and says what was bought or why not', async () => {
    const rig = await phoneRig();
    rig.gate.searchNumbers = async ({ cursor }) =>
      granted({ numbers: [sampleShopNumber(cursor ? '+2222222' : '+1111111')], nextCursor: cursor ? null : 'next' });
    rig.phone.searchNumbers({});
    await until(() => rig.phone.snapshot.shop.state === 'full');
    rig.phone.searchMoreNumbers();
    rig.phone.searchMoreNumbers();
    await settled();
    expect(rig.phone.snapshot.shop).toMatchObject({ isMoreThere: false, numbers: { length: 2 } });
    rig.phone.buyNumber('+1111111');
    rig.phone.buyNumber('+1111111');
    await settled();
    expect(wishes(rig, 'buy')).toHaveLength(1);
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: '+1111111', buying: null });
    rig.gate.buyNumber = async () => refused(refusal('number_taken'));
    rig.phone.buyNumber('+2222222');
    await settled();
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: null, refusal: { code: 'number_taken' } });
  });

  test("a carrier's number goes with its offer, is shown as being ordered, and as bought when it is delivered", async () => {
    const rig = await phoneRig();
    const row = sampleShopNumber('+13125550101', { offer: 'signed' });
    rig.gate.searchNumbers = async () => granted({ numbers: [row], nextCursor: null });
    const sent: unknown[] = [];
    rig.gate.buyNumber = async (number, request) => {
      sent.push([number, request.offer]);
      return granted({
        purchaseId: request.purchaseId,
        state: 'ordered',
        number: { ...row, status: 'ordering', offer: null },
        chargedMicros: micros(0),
        purchasedAtMs: 0,
      });
    };
    rig.phone.searchNumbers({ country: 'US' });
    await until(() => rig.phone.snapshot.shop.state === 'full');
    rig.phone.buyNumber(row.number);
    await settled();
    expect(sent).toEqual([[row.number, 'signed']]);
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: null, buying: null, numbers: [{ status: 'ordering' }] });
    rig.gate.say({ type: 'number', number: { ...row, status: 'owned', offer: null } });
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: row.number, numbers: [{ status: 'owned' }] });
    rig.gate.say({ type: 'number', number: { ...row, status: 'owned', offer: null } });
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: row.number, numbers: { length: 1 } });
  });

  test('says when it cannot be opened', async () => {
    const rig = await phoneRig();
    rig.gate.searchNumbers = async () => refused(refusal('unavailable'));
    rig.phone.searchNumbers({});
    await until(() => rig.phone.snapshot.shop.state !== 'unopened' && rig.phone.snapshot.shop.state !== 'loading');
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
  });
});
