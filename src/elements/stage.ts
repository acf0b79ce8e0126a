import type { CallSnapshot, PhoneSnapshot } from '../phone/phone-snapshot.ts';

/** What owns the middle of the widget. */
export type Stage = 'closed' | 'pad' | 'incoming' | 'call' | 'outcome';

/** `me` is null until the server has let this widget in; then the pad is drawn already, and its Call button waits. */
export function stageOf(snapshot: PhoneSnapshot): Stage {
  if (snapshot.signInRefusal !== null) return 'closed';
  return snapshot.call === null ? 'pad' : stageOfCall(snapshot.call);
}

function stageOfCall(call: CallSnapshot): Exclude<Stage, 'closed' | 'pad'> {
  switch (call.phase) {
    case 'incoming':
      return 'incoming';
    case 'ended':
    case 'refused':
      return 'outcome';
    default:
      return 'call';
  }
}
