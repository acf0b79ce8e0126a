import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { sampleBalance, sampleMe, sampleRecord } from '../../support/phone-samples.ts';
import { talking, wishes } from '../../support/phone-talk.ts';

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
