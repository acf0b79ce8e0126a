/** Amounts, durations and times as people read them. The only place where micros become a fraction. */
import { clockText } from '../protocol/duration.ts';
import { MICROS_PER_UNIT, type Micros } from '../protocol/money.ts';
import { amountText } from './text-direction.ts';

export interface MoneyText {
  readonly currency: string;
  readonly locale: string;
}

/** A price may need up to this many decimals: $0.0125 a minute. */
const PRICE_DECIMALS = 6;

/** Below this, talk time is counted down in seconds; from it on in whole minutes, and from two hours on in whole hours. */
const CLOCK_BELOW_SECONDS = 120;
const HOURS_FROM_SECONDS = 2 * 60 * 60;

/** What is there: rounded down, so that the screen never promises more than the wallet holds. */
export function balanceText(amount: Micros, { currency, locale }: MoneyText): string {
  return amountText(amount / MICROS_PER_UNIT, formatter(locale, { currency, roundingMode: 'floor' }));
}

/** What something costs: exact, two decimals or as many as it needs. */
export function priceText(amount: Micros, { currency, locale }: MoneyText): string {
  return amountText(amount / MICROS_PER_UNIT, formatter(locale, { currency, maximumFractionDigits: PRICE_DECIMALS }));
}

/** "0:58", "41 min", "3 h": how long the credit lasts, rounded down. */
export function talkTimeText(seconds: number, locale: string): string {
  if (seconds < CLOCK_BELOW_SECONDS) return clockText(seconds);
  const [value, unit] =
    seconds < HOURS_FROM_SECONDS ? ([seconds / 60, 'minute'] as const) : ([seconds / 3600, 'hour'] as const);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
    .format(Math.floor(value))
    .replace(/\bhr\b/, 'h');
}

export function isRoughTime(seconds: number): boolean {
  return seconds >= CLOCK_BELOW_SECONDS;
}

/** "02:14", "1:02:14": a call timer, whose first digit does not jump in after ten minutes. */
export function timerText(seconds: number): string {
  return clockText(seconds).padStart(5, '0');
}

export function timeText(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(atMs);
}

export function dayText(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(atMs);
}

interface MoneyShape {
  readonly currency: string;
  readonly roundingMode?: 'floor';
  readonly maximumFractionDigits?: number;
}

/**
 * The first of these that is a language tag (BCP 47). Hosts write "en_US" and some systems report "en-US@posix", which Intl answers with an
 * exception: a wrong language must not take the phone away.
 */
export function usableLocale(...wanted: readonly string[]): string {
  return wanted.find((tag) => tag !== '' && isLanguageTag(tag)) ?? 'en';
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making a formatter costs a hundred times what using it does, and the meter ticks every second. */
function formatter(locale: string, shape: MoneyShape): Intl.NumberFormat {
  const key = `${locale} ${shape.currency} ${shape.roundingMode ?? ''} ${shape.maximumFractionDigits ?? ''}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { style: 'currency', currencyDisplay: 'narrowSymbol', ...shape });
  formatters.set(key, made);
  return made;
}
