/** Calls of a whole phone, out and in, by the order of what it wishes of gate, line and history. */
import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { later, type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { CENT, sampleAuthorization, sampleBalance, sampleLease, sampleRecord } from '../../support/phone-samples.ts';
import { talking, wishes } from '../../support/phone-talk.ts';

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
