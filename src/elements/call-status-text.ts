import type { CallSnapshot } from '../phone/phone-snapshot.ts';
import type { MicrophoneFault } from '../phone/ports.ts';
import { timerText } from './format.ts';
import type { MessageKey } from './messages.ts';
import type { Texts } from './texts.ts';

/** What the call is doing, in a few words. */
export function callStatusText(call: CallSnapshot, texts: Texts): string {
  if (call.isLinkLost) return texts.say('call.restoring');
  if (call.phase === 'talking' && call.microphoneFault !== null) return texts.say('call.no_microphone');
  if (call.isHeld) return texts.say('call.held');
  switch (call.phase) {
    case 'incoming':
      return texts.say('in.title');
    case 'ended':
    case 'refused':
      return endTitle(call, texts);
    case 'ringing':
      return texts.say(call.isFree ? 'call.dialing' : 'call.ringing');
    default:
      return texts.say(`call.${call.phase}`);
  }
}

export function isTimed(call: CallSnapshot): boolean {
  return call.phase === 'talking' || (call.phase === 'hanging_up' && call.talkSeconds > 0);
}

/** "about 41 min left", or null while nothing limits the call. */
export function timeLeftText(call: CallSnapshot, texts: Texts): string | null {
  return call.secondsLeft === null ? null : texts.say('call.left', { time: texts.talkTime(call.secondsLeft) });
}

export function costText(call: CallSnapshot, texts: Texts): string {
  return call.isFree ? texts.say('call.free') : texts.price(call.costMicros, call.currency);
}

export function warningText(call: CallSnapshot, texts: Texts, isAdmin: boolean): string | null {
  if (call.wasExtended && call.warning === null)
    return call.secondsLeft === null
      ? null
      : texts.say('warn.saved', { time: capital(texts.talkTime(call.secondsLeft), texts) });
  if (call.warning === null) return null;
  return texts.say(call.warning === 120 && isAdmin ? 'warn.120.admin' : `warn.${call.warning}`);
}

export function endTitle(call: CallSnapshot, texts: Texts): string {
  if (call.phase === 'refused') return texts.say('refused.title');
  return texts.say(call.endReason === 'credit_exhausted' ? 'end.title.credit' : 'end.title');
}

/** Why it ended, and what it cost. */
export function endText(call: CallSnapshot, texts: Texts): string {
  const clock = timerText(call.talkSeconds);
  if (call.endReason === 'credit_exhausted')
    return call.isCostSettled
      ? texts.say('end.credit', { clock, cost: costText(call, texts) })
      : texts.say('end.credit.pending', { clock });
  if (call.endReason === 'cancelled' && call.direction === 'inbound') return texts.say('end.cancelled.in');
  return texts.say(`end.${call.endReason ?? 'failed'}`);
}

export function endCostText(call: CallSnapshot, texts: Texts): string | null {
  if (call.talkSeconds === 0 || call.endReason === 'credit_exhausted') return null;
  const clock = timerText(call.talkSeconds);
  if (call.isFree) return texts.say('end.free', { clock });
  return call.isCostSettled
    ? texts.say('end.cost', { clock, cost: costText(call, texts) })
    : texts.say('end.cost.pending', { clock });
}

export const MICROPHONE_TEXTS = {
  denied: 'mic.blocked',
  missing: 'mic.missing',
  in_use: 'mic.in_use',
  policy_blocked: 'mic.policy',
} as const satisfies Record<MicrophoneFault, MessageKey>;

function capital(text: string, texts: Texts): string {
  return text.charAt(0).toLocaleUpperCase(texts.locale) + text.slice(1);
}
