/** What the SIP line is able to do, from its own reports. */
import { assertNever } from './assert-never.ts';
import type { UntimedCallEvent } from './call-state.ts';
import type { PhoneSnapshot } from './phone-snapshot.ts';
import type { LineEvent } from './ports.ts';

export type LineState = Pick<PhoneSnapshot, 'lineStatus' | 'lineFault' | 'isSoundBlocked'>;

/** The facts of the line that an event changes; those about one call are the call machine's. */
export function lineChanges(event: LineEvent): Partial<LineState> {
  switch (event.type) {
    case 'line_status':
      return { lineStatus: event.status, lineFault: event.fault };
    case 'sound':
      return { isSoundBlocked: event.isBlocked };
    default:
      return {};
  }
}

/** What the line reports about one call, in the words of the call machine; null for what is not about a call that exists. */
export function lineEventOfCall(
  event: LineEvent,
): { readonly callId: string; readonly event: UntimedCallEvent } | null {
  const told = wordsOfCall(event);
  return told === null || !('callId' in event) ? null : { callId: event.callId, event: told };
}

function wordsOfCall(event: LineEvent): UntimedCallEvent | null {
  switch (event.type) {
    case 'prepared':
    case 'ringing':
    case 'answered':
      return { type: event.type };
    case 'microphone_failed':
      return { type: 'microphone_failed', fault: event.fault };
    case 'hold_changed':
      return { type: 'media_changed', media: { isHeld: event.isHeld } };
    case 'mute_changed':
      return { type: 'media_changed', media: { isMuted: event.isMuted } };
    case 'microphone_changed':
      return { type: 'media_changed', media: { microphoneFault: event.fault } };
    case 'call_link':
      return { type: 'media_changed', media: { isLinkLost: event.isLost } };
    case 'quality':
      return { type: 'level_measured', quality: event.quality, level: event.level };
    case 'ended':
      return { type: 'line_ended', reason: event.reason, refusalCode: event.refusalCode };
    // The machine wrote "dialing" when it asked for the INVITE; a failed hold leaves the call as it was.
    case 'invite_sent':
    case 'hold_failed':
    case 'incoming':
    case 'line_status':
    case 'sound':
      return null;
    default:
      return assertNever(event);
  }
}
