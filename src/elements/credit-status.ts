import type { PhoneSnapshot } from '../phone/phone-snapshot.ts';
import type { Balance } from '../protocol/account.ts';
import type { BalanceDisplay } from './balance-display.ts';
import type { Texts } from './texts.ts';
import { sentence } from './texts.ts';

export interface CreditStatus {
  /** Which dot is drawn; never the only sign, the words say it too. */
  readonly tone: 'good' | 'low' | 'critical' | 'empty' | 'unknown';
  readonly main: string;
  readonly more: string | null;
  /** The whole state in one sentence, for screen readers. */
  readonly spoken: string;
}

/** The credit bar's words (REQUIREMENTS 2.1.1), by level and by what this person may see. */
export function creditStatus(snapshot: PhoneSnapshot, texts: Texts, display: BalanceDisplay): CreditStatus {
  const { balance, creditLevel } = snapshot;
  if (balance === null || creditLevel === 'unknown') return unknownStatus(snapshot, texts);
  if (creditLevel === 'empty') return emptyStatus(snapshot, balance, texts, display);
  const spoken = spokenStatus(balance, creditLevel, texts, display);
  const tone = creditLevel === 'ok' ? 'good' : creditLevel;
  if (creditLevel !== 'ok')
    return { tone, spoken, ...shortParts(balance, texts, { level: creditLevel, display, spoken }) };
  const [main, more] = okParts(snapshot, balance, texts, display);
  return { tone, main, more, spoken };
}

function unknownStatus(snapshot: PhoneSnapshot, texts: Texts): CreditStatus {
  const isClosed = snapshot.signInRefusal !== null;
  const main = texts.say(isClosed ? 'hdr.closed' : snapshot.gateLink === 'unreachable' ? 'hdr.offline' : 'hdr.unknown');
  return { tone: 'unknown', main, more: null, spoken: main };
}

/** A call that runs on held money is no reason to say that there is none. */
function emptyStatus(snapshot: PhoneSnapshot, balance: Balance, texts: Texts, display: BalanceDisplay): CreditStatus {
  const more = held(balance, texts);
  if (more !== null && display === 'money') {
    const main = texts.balance(balance.availableMicros);
    return { tone: 'empty', main, more, spoken: `${texts.say('hdr.ok', { money: main })}, ${more}` };
  }
  const words = texts.say(more === null ? 'hdr.empty' : 'hdr.empty.held');
  return { tone: 'empty', main: words, more: coming(snapshot, texts), spoken: words };
}

/** While a call runs, what is held for it belongs beside what is left: the call can still use both. */
function shortParts(
  balance: Balance,
  texts: Texts,
  status: { readonly level: 'low' | 'critical'; readonly display: BalanceDisplay; readonly spoken: string },
): Pick<CreditStatus, 'main' | 'more'> {
  const more = status.display === 'money' ? held(balance, texts) : null;
  if (more === null) return { main: status.spoken, more };
  const money = texts.balance(balance.availableMicros);
  return { main: texts.say(status.level === 'low' ? 'hdr.low' : 'hdr.critical.money', { money }), more };
}

function okParts(
  snapshot: PhoneSnapshot,
  balance: Balance,
  texts: Texts,
  display: BalanceDisplay,
): readonly [string, string | null] {
  if (display === 'none') return [texts.say('hdr.ready'), null];
  const time = balance.talkSeconds === null ? null : texts.talkTime(balance.talkSeconds);
  if (display === 'time')
    return [time === null ? texts.say('hdr.ready') : sentence(texts.say('hdr.ok.time', { time }), texts.locale), null];
  return [
    texts.balance(balance.availableMicros),
    arrived(snapshot, texts) ?? coming(snapshot, texts) ?? held(balance, texts) ?? time,
  ];
}

function arrived(snapshot: PhoneSnapshot, texts: Texts): string | null {
  const amount = snapshot.creditArrivedMicros;
  return amount === null ? null : texts.say('hdr.added', { money: texts.balance(amount) });
}

/** Only who manages credit knows of payments that are under way. */
function coming({ billing, offices }: PhoneSnapshot, texts: Texts): string | null {
  if (billing.state !== 'open' || offices.other !== null || billing.settings.comingMicros === 0) return null;
  return texts.say('hdr.pending', { money: texts.balance(billing.settings.comingMicros) });
}

function held(balance: Balance, texts: Texts): string | null {
  return balance.heldMicros > 0 ? texts.say('hdr.held', { money: texts.balance(balance.heldMicros) }) : null;
}

function spokenStatus(
  balance: Balance,
  level: 'ok' | 'low' | 'critical',
  texts: Texts,
  display: BalanceDisplay,
): string {
  const { say } = texts;
  const money = texts.balance(balance.availableMicros);
  const time = balance.talkSeconds === null ? null : texts.talkTime(balance.talkSeconds);
  if (level === 'critical')
    return time === null && display === 'money'
      ? say('hdr.critical.money', { money })
      : say('hdr.critical', { time: time ?? '' });
  if (display === 'none') return say('hdr.ready');
  if (display === 'time' && time === null) return say('hdr.ready');
  if (level === 'low')
    return display === 'money' ? say('hdr.low', { money }) : say('hdr.low.time', { time: time ?? '' });
  return display === 'money'
    ? say('hdr.ok', { money })
    : sentence(say('hdr.ok.time', { time: time ?? '' }), texts.locale);
}
