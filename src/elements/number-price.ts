/** What a number costs, item by item, for whoever wants to know; and what is left after it, when that is too little. */
import { html, nothing, type TemplateResult } from 'lit';
import { ZERO_MICROS } from '../protocol/money.ts';
import type { ShopNumber } from '../protocol/number.ts';
import { calendarDayText } from './calendar-day.ts';
import { icon } from './later-icons.ts';
import type { Texts } from './texts.ts';

/** The sums as they stand in texts. */
export function pricesOf(number: ShopNumber, texts: Texts): { readonly today: string; readonly monthly: string } {
  return {
    today: texts.price(number.dueTodayMicros, number.currency),
    monthly: texts.price(number.monthlyMicros, number.currency),
  };
}

/** One line that opens: closed it is what most people want to know, open it adds up. */
export function numberPrice(number: ShopNumber, texts: Texts): TemplateResult {
  const { say } = texts;
  const { today, monthly } = pricesOf(number, texts);
  const day = calendarDayText(number.due.nextRentDay, texts.locale);
  return html`
    <details class="price">
      <summary><span>${say('num.price', { today, monthly })}</span></summary>
      <dl>
        ${number.due.setupMicros === ZERO_MICROS ? nothing : item(say('num.item.setup'), texts.price(number.due.setupMicros, number.currency))}
        ${item(firstMonthText(number, texts), texts.price(number.due.firstMonthMicros, number.currency))}
        ${item(say('num.item.today'), today, 'sum')}
        ${item(say('num.item.rent', { day }), monthly)}
      </dl>
    </details>
  `;
}

function item(name: string, amount: string, kind = ''): TemplateResult {
  return html`<div class=${kind}><dt><span>${name}</span></dt><dd>${amount}</dd></div>`;
}

function firstMonthText({ due }: ShopNumber, { say, locale }: Texts): string {
  if (due.days === due.daysInMonth) return say('num.item.month');
  const { days, daysInMonth: month } = due;
  return say('num.item.days', { day: calendarDayText(lastPaidDay(due.nextRentDay), locale), days, month });
}

function lastPaidDay(nextRentDay: string): string {
  const before = new Date(`${nextRentDay}T00:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  return before.toISOString().slice(0, 10);
}

/** The purchase works, and leaves nothing to call with (complaint 17). */
export function thinWarning({ thin, currency }: ShopNumber, texts: Texts): TemplateResult | typeof nothing {
  if (thin === null) return nothing;
  const left = texts.balance(thin.leavesMicros, currency);
  return html`<p class="thin">${icon('warning')}<span>${texts.say(thin.takesCalls ? 'num.thin.out' : 'num.thin', { left })}</span></p>`;
}
