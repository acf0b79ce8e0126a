import type { Micros } from '../protocol/money.ts';
import { balanceText, dayText, isRoughTime, priceText, talkTimeText, timeText, usableLocale } from './format.ts';
import { FIRST_MESSAGES, fillText, type MessageKey, type Messages } from './messages.ts';
import { isolated, isRightToLeft, isRightToLeftText } from './text-direction.ts';

const catalogue: Partial<Messages> = { ...FIRST_MESSAGES };

/** The texts of later parts, which their code brings along before it is drawn. */
export function addMessages(messages: Partial<Messages>): void {
  Object.assign(catalogue, messages);
}

/** Keys that come as a pair for one and for many. */
export type PluralKey = {
  [Key in MessageKey]: Key extends `${infer Stem}.one` ? Stem : never;
}[MessageKey];

type Values = Readonly<Record<string, string | number>>;

/** The words of one widget: its messages, its language, its currency. Right to left, what is from elsewhere stands by itself. */
export interface Texts {
  readonly locale: string;
  say(key: MessageKey, values?: Values): string;
  /** Chooses between `<stem>.one` and `<stem>.other` by the language's rule. */
  count(stem: PluralKey, count: number, values?: Values): string;
  /** An amount that is there, rounded down. */
  balance(amount: Micros, currency?: string): string;
  /** What something costs, exactly. */
  price(amount: Micros, currency?: string): string;
  /** "about 41 min", "0:58". */
  talkTime(seconds: number): string;
  time(atMs: number): string;
  day(atMs: number): string;
  /** "Dana and Luis". */
  list(names: readonly string[]): string;
}

export function createTexts(options: {
  readonly messages: Partial<Messages>;
  readonly locale: string;
  readonly currency: string;
  /** Of the page; by the language alone when left out. */
  readonly direction?: string;
}): Texts {
  const { messages } = options;
  const locale = usableLocale(options.locale, navigator.language);
  const isMixed = options.direction === 'rtl' || isRightToLeft(locale);
  const alone = (text: string): string => (isMixed ? isolated(text) : text);
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale);
  const say = (key: MessageKey, values: Values = {}): string => {
    const filled = Object.entries(values).map(([name, value]) => [name, alone(String(value))]);
    const text = messages[key] ?? catalogue[key] ?? '';
    const whole = fillText(text, Object.fromEntries(filled));
    return isRightToLeftText(text) ? whole : alone(whole);
  };
  return {
    locale,
    say,
    count(stem, count, values = {}) {
      const form = plurals.select(count) === 'one' ? 'one' : 'other';
      return say(`${stem}.${form}`, { ...values, count });
    },
    balance: (amount, currency = options.currency) => alone(balanceText(amount, { currency, locale })),
    price: (amount, currency = options.currency) => alone(priceText(amount, { currency, locale })),
    talkTime(seconds) {
      const time = alone(talkTimeText(seconds, locale));
      return isRoughTime(seconds) ? say('time.about', { time }) : time;
    },
    time: (atMs) => alone(timeText(atMs, locale)),
    day: (atMs) => alone(dayText(atMs, locale)),
    list: (names) => alone(lists.format(names.map(alone))),
  };
}

/** A sentence begins with a capital letter, also when it begins with a filled-in word. */
export function sentence(text: string, locale: string): string {
  return text.replace(/^[\u2068\u2069]*./u, (first) => first.toLocaleUpperCase(locale));
}
