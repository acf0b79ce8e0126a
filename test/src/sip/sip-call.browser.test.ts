/** What can be done with a call that is up: hold, mute, digits, and what the far side may not do. */
import { assert, assertEqual } from '../../support/line-assert.ts';
import { until } from '../../support/line-rig.ts';
import {
  connectionOfCall,
  ECHO,
  hearsMore,
  leaveNothing,
  MELODY,
  refusedReinvite,
  registered,
  requestInDialog,
  requestsOf,
  rig,
  talk,
} from '../../support/line-stage.ts';

afterEach(leaveNothing);

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
