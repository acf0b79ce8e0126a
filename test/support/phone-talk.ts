/** What many tests of the phone begin with: a call that talks, and what the phone has wished of its ports on the way. */
import { settled } from './phone-clock.ts';
import type { PhoneRig } from './phone-fakes.ts';

/** Calls, up to the moment at which the far side answers. Resolves to the id of the call. */
export async function talking(rig: PhoneRig): Promise<string> {
  rig.phone.dial('0151 12345678');
  const callId = rig.callId();
  await settled();
  rig.line.say({ type: 'prepared', callId });
  await settled();
  rig.line.say({ type: 'ringing', callId });
  rig.line.say({ type: 'answered', callId });
  return callId;
}

/** In their order, of these kinds only. */
export function wishes(rig: PhoneRig, ...verbs: string[]): string[] {
  return rig.log.map((entry) => entry.split(' ')[0] ?? '').filter((verb) => verbs.includes(verb));
}
