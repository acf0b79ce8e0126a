/** What the person hears besides the far side, and what is said when the browser does not let it sound. */
import type { LineSound, Ring } from '../../../src/sip/line-sound.ts';
import { assertEqual } from '../../support/line-assert.ts';
import { until } from '../../support/line-rig.ts';
import { ECHO, leaveNothing, registered, rig, talk } from '../../support/line-stage.ts';

afterEach(leaveNothing);

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
