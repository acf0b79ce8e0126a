/** A microphone that is unplugged in the middle of a call. */
import { assert, assertEqual } from '../../support/line-assert.ts';
import { until } from '../../support/line-rig.ts';
import { connectionOfCall, ECHO, hearsMore, leaveNothing, registered, rig, talk } from '../../support/line-stage.ts';

afterEach(leaveNothing);

/** What a browser does when the device goes away; stop() alone is our own doing and tells nobody. */
function unplug(): void {
  const track = rig.tracks.at(-1);
  assert(track !== undefined, 'there is no microphone');
  track.stop();
  track.dispatchEvent(new Event('ended'));
}

function sentTrack(): MediaStreamTrack | null {
  return connectionOfCall().getSenders()[0]?.track ?? null;
}

describe('a microphone that is unplugged during a call', () => {
  it('is replaced by the next one at once, as muted as it was, and the other side goes on hearing', async () => {
    await registered();
    const callId = await talk(ECHO);
    rig.line.setMuted(callId, true);
    unplug();
    assertEqual((await rig.next('microphone_changed', callId)).fault, null);
    assertEqual([rig.tracks.length, sentTrack()], [2, rig.tracks.at(-1)]);
    assertEqual([sentTrack()?.readyState, sentTrack()?.enabled], ['live', false]);
    rig.line.setMuted(callId, false);
    assertEqual(sentTrack()?.enabled, true);
    await hearsMore(connectionOfCall());
  });

  it('is reported when there is no other, and taken up again when one is plugged in', async () => {
    await registered();
    const callId = await talk(ECHO);
    const { mediaDevices } = navigator;
    const take = mediaDevices.getUserMedia;
    mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    try {
      unplug();
      assertEqual((await rig.next('microphone_changed', callId)).fault, 'missing');
    } finally {
      mediaDevices.getUserMedia = take;
    }
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(
      () => rig.events.some((event) => event.type === 'microphone_changed' && event.fault === null) || undefined,
      'another microphone',
    );
    assertEqual(sentTrack()?.readyState, 'live');
  });

  it('is left alone once the call is over', async () => {
    await registered();
    const callId = await talk(ECHO);
    rig.line.hangUp(callId);
    await rig.next('ended', callId);
    unplug();
    assertEqual(rig.tracks.length, 1);
  });
});
