import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Quote } from '../protocol/call.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { BalanceDisplay } from './balance-display.ts';
import { controlStyles } from './control.styles.ts';
import { icon } from './later-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { refusalText } from './refusal-text.ts';

/**
 * The price tag of the number in the field: destination, price, minutes the credit gives, or why not. Its space is always there,
 * so that nothing jumps when the price arrives.
 *
 * @csspart price-tag - The price tag.
 */
export class CallQuote extends PhoneElement {
  static override properties: PropertyDeclarations = { display: { attribute: false } };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .tag {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 2px;
        min-block-size: 44px;
        text-align: center;
        text-wrap: balance;
        overflow-wrap: anywhere;
      }
      .destination {
        font-weight: 600;
      }
      .price {
        font-size: 14px;
        color: var(--_quiet);
      }
      .free {
        color: var(--_good);
        font-weight: 600;
      }
      .noted {
        color: var(--_warning);
      }
      .refusal {
        flex-direction: row;
        align-items: flex-start;
        justify-content: center;
        gap: 6px;
        text-align: start;
        font-size: 14px;
        line-height: 20px;
        color: var(--_danger);
      }
      .refusal .icon {
        inline-size: 18px;
        block-size: 18px;
      }
    `,
  ];

  declare display: BalanceDisplay;

  constructor() {
    super();
    this.display = 'money';
  }

  protected override render(): TemplateResult {
    const { quote } = this.snapshot;
    switch (quote.state) {
      case 'none':
        return html`<div class="tag" part="price-tag"></div>`;
      case 'loading':
        return html`<div class="tag" part="price-tag"><span class="caption">${this.texts.say('rate.checking')}</span></div>`;
      case 'refused':
        return this.#refused(quote.refusal);
      case 'known':
        return quote.quote.refusal === null
          ? this.#known(quote.quote)
          : this.#refused(quote.quote.refusal, quote.quote);
    }
  }

  #refused(refusal: Refusal, quote?: Quote): TemplateResult {
    // What somebody types is no number, or has no price, until the last digit: no reason for red with each of them.
    if (refusal.code === 'number_invalid' || refusal.code === 'no_rate') {
      return html`<div class="tag" part="price-tag"><span class="price">${refusalText(refusal, this.texts)}</span></div>`;
    }
    return html`
      <div class="tag refusal" part="price-tag">
        ${icon('alert')}
        <span>${refusalText(refusal, this.texts, this.snapshot.me)}${quote ? html`<span class="visually-hidden"> ${quote.destination}</span>` : nothing}</span>
      </div>
    `;
  }

  #known(quote: Quote): TemplateResult {
    if (quote.kind === 'emergency') return this.#emergency(quote);
    return html`
      <div class="tag" part="price-tag">
        <span class="destination">${quote.destination}</span>
        ${quote.isFree ? html`<span class="price free">${this.texts.say('rate.free')}</span>` : html`<span class="price">${this.#price(quote)}</span>`}
      </div>
    `;
  }

  #price(quote: Quote): string {
    const price = this.texts.price(quote.perMinuteMicros, quote.currency);
    const fee = this.texts.price(quote.connectionFeeMicros, quote.currency);
    const parts = [
      quote.connectionFeeMicros > 0
        ? this.texts.say('rate.fee', { price, fee })
        : this.texts.say('rate.price', { price }),
    ];
    if (quote.talkSeconds !== null && this.display !== 'none') parts.push(this.texts.talkTime(quote.talkSeconds));
    return parts.join(' · ');
  }

  #emergency(quote: Quote): TemplateResult {
    const isDemo = this.snapshot.me?.isDemo === true;
    return html`
      <div class="tag" part="price-tag">
        ${isDemo ? html`<b class="caption noted">${this.texts.say('rate.emergency.demo')}</b>` : html`<span class="destination">${quote.destination}</span>`}
        <span class="caption">${this.texts.say('rate.emergency')}</span>
      </div>
    `;
  }
}
