/** The state of an own number in words (REQUIREMENTS 2.3 no. 5): what is so, until when, and what then. */
import type { OwnNumbersRefusal } from '../phone/own-numbers-snapshot.ts';
import type { OwnNumber, RentAhead } from '../protocol/owned-number.ts';
import { calendarDayText } from './calendar-day.ts';
import { purchaseRefusalText } from './purchase-refusal-text.ts';
import type { Texts } from './texts.ts';

export interface NumberWords {
  readonly tone: 'good' | 'warning' | 'danger' | 'quiet';
  readonly words: string;
  readonly more: string | null;
}

export function isAtRisk({ state, isCovered }: OwnNumber): boolean {
  return state === 'late' || state === 'held' || (state === 'active' && !isCovered);
}

export function ownNumberText(number: OwnNumber, texts: Texts): NumberWords {
  const { say } = texts;
  switch (number.state) {
    case 'active':
      return number.monthlyMicros === 0 && number.newPrice === null
        ? { tone: 'good', words: say('num.free'), more: null }
        : activeText(number, texts);
    case 'late':
      return {
        tone: 'warning',
        words: lateText(number, texts),
        more: say('num.late.then', { kept: dayOf(number.keptUntil, texts) }),
      };
    case 'held':
      return {
        tone: 'danger',
        words: say('num.hold', {
          until: dayOf(number.keptUntil, texts),
          money: texts.price(number.dueMicros, number.currency),
        }),
        more: say('num.hold.free'),
      };
    case 'returning':
      return { tone: 'quiet', words: say('num.returning'), more: null };
    case 'returned':
      return { tone: 'quiet', words: say('num.gone', { day: dayOf(number.givenBackOn, texts) }), more: null };
  }
}

function activeText(number: OwnNumber, texts: Texts): NumberWords {
  const { say } = texts;
  const day = dayOf(number.nextRentDay, texts);
  const monthly = texts.price(nextRentMicros(number), number.currency);
  const aside = texts.price(number.setAsideMicros, number.currency);
  const ladder = say('num.safe', { works: dayOf(number.worksUntil, texts), kept: dayOf(number.keptUntil, texts) });
  const more = number.newPrice === null ? ladder : `${priceChange(number, texts)} ${ladder}`;
  if (number.setAsideMicros > 0) return { tone: 'good', words: say('num.aside', { day, money: aside }), more };
  return number.isCovered
    ? { tone: 'good', words: say('num.paid', { day, money: monthly }), more }
    : { tone: 'warning', words: dueText(number, { texts, money: monthly }), more };
}

/** Days as the account counts them: the browser may be elsewhere, and its clock wrong. */
function dueText(
  { rentInDays }: OwnNumber,
  { texts, money }: { readonly texts: Texts; readonly money: string },
): string {
  const days = Math.max(0, rentInDays ?? 0);
  return days === 0 ? texts.say('num.due.today', { money }) : texts.count('num.due', days, { money });
}

function lateText({ rentInDays, worksUntil }: OwnNumber, texts: Texts): string {
  const until = dayOf(worksUntil, texts);
  const days = Math.max(0, -(rentInDays ?? 0));
  return days === 0 ? texts.say('num.late.today', { until }) : texts.count('num.late', days, { until });
}

/** Of the month that is not paid for yet. */
function nextRentMicros({ monthlyMicros, newPrice, nextRentDay }: OwnNumber): OwnNumber['monthlyMicros'] {
  const isNew = newPrice !== null && nextRentDay !== null && nextRentDay >= newPrice.fromDay;
  return isNew ? newPrice.monthlyMicros : monthlyMicros;
}

function priceChange({ monthlyMicros, newPrice, currency }: OwnNumber, texts: Texts): string {
  if (newPrice === null) return '';
  return texts.say('num.price.new', {
    money: texts.price(newPrice.monthlyMicros, currency),
    old: texts.price(monthlyMicros, currency),
    day: dayOf(newPrice.fromDay, texts),
  });
}

/** What rent takes of the credit: overdue first, then what comes. */
export function rentText(rent: RentAhead, texts: Texts, shown: (number: string) => string): string {
  const { currency, overdueMicros, setAsideMicros, next } = rent;
  const money = (amount: RentAhead['overdueMicros']) => texts.price(amount, currency);
  const sentences = [
    overdueMicros > 0 ? texts.say('rent.overdue', { money: money(overdueMicros) }) : '',
    setAsideMicros > 0 ? texts.say('rent.aside', { money: money(setAsideMicros) }) : '',
    next === null ? '' : nextText({ next, money: money(next.amountMicros), number: shown(next.number) }, texts),
  ];
  return sentences.filter((words) => words !== '').join(' ');
}

function nextText(
  rent: { readonly next: NonNullable<RentAhead['next']>; readonly money: string; readonly number: string },
  texts: Texts,
): string {
  const { next, money, number } = rent;
  const day = dayOf(next.day, texts);
  return next.numberCount === 1
    ? texts.say('rent.next', { money, number, day })
    : texts.say('rent.next.many', { money, count: next.numberCount, day });
}

const MENDED_BY_CREDIT: readonly string[] = ['no_credit', 'insufficient_credit', 'low_credit'];

export function isMendedByCredit({ code }: OwnNumbersRefusal): boolean {
  return MENDED_BY_CREDIT.includes(code);
}

export function refusedText(refusal: OwnNumbersRefusal, texts: Texts): string {
  switch (refusal.code) {
    case 'no_credit':
    case 'insufficient_credit':
    case 'credit_held':
    case 'low_credit':
      return purchaseRefusalText(refusal, texts);
    case 'assignee_unknown':
      return texts.say('own.no.assignee');
    case 'number_unknown':
      return texts.say('own.no.number');
    default:
      return texts.say('own.no');
  }
}

function dayOf(day: string | null, texts: Texts): string {
  return day === null ? '' : calendarDayText(day, texts.locale);
}
