import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { Quote } from '../protocol/call.ts';
import { SECONDS_PER_MINUTE } from '../protocol/duration.ts';
import type { BalanceDisplay } from './balance-display.ts';
import { callStatusText, costText, isTimed, timeLeftText, warningText } from './call-status-text.ts';
import { creditStatus } from './credit-status.ts';
import { timerText } from './format.ts';
import { refusalText } from './refusal-text.ts';
import type { Texts } from './texts.ts';

export interface Announcement {
  readonly words: string;
  /** Interrupts what the screen reader says: calls coming in, warnings. */
  readonly isUrgent: boolean;
}

interface Context {
  readonly texts: Texts;
  readonly display: BalanceDisplay;
  readonly isAdmin: boolean;
}

/** What a screen reader should say when one snapshot follows another; null when nothing that matters changed. */
export function announcement(before: PhoneSnapshot | null, now: PhoneSnapshot, context: Context): Announcement | null {
  if (before === null) return null;
  return (
    aboutWarning(before, now, context) ??
    aboutCall(before, now, context) ??
    aboutCredit(before, now, context) ??
    aboutQuote(before, now, context) ??
    aboutCost(before, now, context)
  );
}

function aboutWarning(before: PhoneSnapshot, now: PhoneSnapshot, { texts, isAdmin }: Context): Announcement | null {
  if (now.call === null || now.call.phase !== 'talking') return null;
  const isSame = now.call.warning === before.call?.warning && now.call.wasExtended === before.call?.wasExtended;
  const words = isSame ? null : warningText(now.call, texts, isAdmin);
  return words === null ? null : { words, isUrgent: now.call.warning !== null };
}

/** The end and the refusal of a call are role=alert in call-outcome and need no second voice. */
function aboutCall(before: PhoneSnapshot, now: PhoneSnapshot, { texts }: Context): Announcement | null {
  const waiting = now.waiting;
  if (waiting !== null && waiting.callId !== before.waiting?.callId)
    return { words: `${texts.say('in.waiting')}: ${waiting.label || waiting.number}`, isUrgent: true };
  const call = now.call;
  if (call === null || call.phase === 'ended' || call.phase === 'refused') return null;
  const isSame =
    call.callId === before.call?.callId &&
    call.phase === before.call.phase &&
    call.isHeld === before.call.isHeld &&
    call.microphoneFault === before.call.microphoneFault &&
    call.isLinkLost === before.call.isLinkLost;
  if (isSame) return null;
  const isIncoming = call.phase === 'incoming';
  return {
    words: `${callStatusText(call, texts)}${isIncoming ? `: ${call.label || call.number}` : ''}`,
    isUrgent: isIncoming,
  };
}

function aboutCredit(before: PhoneSnapshot, now: PhoneSnapshot, { texts, display }: Context): Announcement | null {
  const arrived = now.creditArrivedMicros;
  if (arrived !== null && arrived !== before.creditArrivedMicros && display === 'money')
    return { words: texts.say('hdr.added', { money: texts.price(arrived) }), isUrgent: false };
  if (now.creditLevel === before.creditLevel) return null;
  return { words: creditStatus(now, texts, display).spoken, isUrgent: false };
}

function aboutQuote(before: PhoneSnapshot, now: PhoneSnapshot, { texts, display }: Context): Announcement | null {
  if (now.quote === before.quote) return null;
  if (now.quote.state === 'refused') return { words: refusalText(now.quote.refusal, texts, now.me), isUrgent: false };
  if (now.quote.state !== 'known') return null;
  const { quote } = now.quote;
  const words = quote.refusal === null ? quoteText(quote, texts, display) : refusalText(quote.refusal, texts, now.me);
  return { words, isUrgent: false };
}

/** Once a minute; spoken every second it would be noise. */
function aboutCost(before: PhoneSnapshot, now: PhoneSnapshot, { texts }: Context): Announcement | null {
  if (minuteOf(before) === minuteOf(now) || now.call?.callId !== before.call?.callId) return null;
  const words = now.call?.phase === 'talking' ? liveCostText(now, texts) : null;
  return words === null ? null : { words, isUrgent: false };
}

function minuteOf({ call }: PhoneSnapshot): number {
  return Math.floor((call?.talkSeconds ?? 0) / SECONDS_PER_MINUTE);
}

/** "Germany, mobile: $0.06 a minute, about 68 min with your credit" (rate.ok). */
export function quoteText(quote: Quote, texts: Texts, display: BalanceDisplay): string {
  const { destination } = quote;
  if (quote.kind === 'emergency') return texts.say('rate.emergency');
  if (quote.isFree) return texts.say('rate.free.to', { destination });
  const price = texts.price(quote.perMinuteMicros, quote.currency);
  if (quote.talkSeconds === null || display === 'none') return texts.say('rate.open', { destination, price });
  return texts.say('rate.ok', { destination, price, time: texts.talkTime(quote.talkSeconds) });
}

/** "02:14 - $0.18 - about 41 min left" (live.cost). */
export function liveCostText(snapshot: PhoneSnapshot, texts: Texts): string | null {
  const { call } = snapshot;
  if (call === null || !isTimed(call)) return null;
  const left = timeLeftText(call, texts);
  const values = { clock: timerText(call.talkSeconds), cost: costText(call, texts), left: left ?? '' };
  return texts.say('live.cost', values).replace(/ - ([\u2068\u2069]*)$/, '$1');
}
