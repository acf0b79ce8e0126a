/** Registration, and what becomes of calls when the socket below them goes away. */
import { systemClock } from '../../../src/phone/system-clock.ts';
import { assert, assertEqual } from '../../support/line-assert.ts';
import { testGrant, until } from '../../support/line-rig.ts';
import {
  connectionOfCall,
  ECHO,
  hearsMore,
  leaveNothing,
  NOBODY,
  registered,
  requestsOf,
  rig,
  talk,
  unregistered,
} from '../../support/line-stage.ts';

afterEach(leaveNothing);

describe('the SIP line registers', () => {
  it('with short-lived credentials and the same instance after a reload of the tab', async () => {
    await registered();
    const instance = /\+sip\.instance="<urn:uuid:([0-9a-f-]+)>"/.exec((await requestsOf('REGISTER')).at(-1) ?? '')?.[1];
    // In the storage only between two pages: a duplicated tab copies it.
    assertEqual(sessionStorage.getItem('credit-phone.sip-instance'), null);
    dispatchEvent(new PageTransitionEvent('pagehide'));
    assertEqual(sessionStorage.getItem('credit-phone.sip-instance'), instance);
    await rig.line.disconnect();
    rig.events.length = 0;
    rig.line.connect();
    await rig.registered();
    assert((await requestsOf('REGISTER')).at(-1)?.includes(String(instance)) ?? false, 'another instance registered');
  });

  it('and says so when the registrar refuses its credentials twice', async () => {
    let mints = 0;
    await unregistered({
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

  it('once, however often the network is said to be back meanwhile', async () => {
    const rig = await unregistered({});
    rig.line.connect();
    for (let i = 0; i < 3; i += 1) window.dispatchEvent(new Event('online'));
    await rig.registered();
    const callId = await talk(ECHO);
    await hearsMore(connectionOfCall());
    rig.line.hangUp(callId);
    const registers = await requestsOf('REGISTER');
    assertEqual([registers.length, registers.some((text) => text.includes('expires=0'))], [2, false]);
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
