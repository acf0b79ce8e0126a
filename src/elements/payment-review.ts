import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { BillingSnapshot, BillingWish, Checkout, PaymentPlan, WantedRecharge } from '../phone/billing-snapshot.ts';
import { mostInMonthMicros } from '../protocol/auto-recharge.ts';
import type { Card, PaymentSettings } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardEndText, cardText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { supportLine } from './support-line.ts';

type Review = Extract<Checkout, { step: 'review' }>;

/**
 * What will be paid, with what, and what is agreed to along with it. Nothing was charged or stored before the button at its end is pressed
 * (D-09); leaving stores nothing.
 */
export class PaymentReview extends PhoneElement {
  static override properties: PropertyDeclarations = { step: { attribute: false } };
  static override styles = [
    controlStyles,
    billingStyles,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-size: 12px;
        line-height: 16px;
        color: var(--_quiet);
      }
      .method {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        padding-inline: 12px;
        margin-block-start: 6px;
        border: 1px solid var(--_control-line);
        border-radius: 8px;
      }
      .method:has(:checked) {
        border-color: var(--_accent);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }
      .method input {
        flex: none;
        inline-size: 18px;
        min-block-size: 18px;
        margin: 0;
        accent-color: var(--_accent);
      }
      .method span {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .method .caption {
        margin-inline-start: auto;
        text-align: end;
      }
    `,
  ];

  declare step: Review;

  protected override render(): TemplateResult {
    const { texts, step } = this;
    const { plan, isBusy } = step;
    return html`
      <section class="stack" tabindex="-1" data-focus aria-label=${texts.say('pay.title')} aria-busy=${isBusy} @keydown=${this.#onKeydown}>
        <h2>${texts.say('pay.title')}</h2>
        <p>${this.#what(plan)}</p>
        ${plan.payWith === 'invoice' ? nothing : this.#methods(plan)} ${this.#summary(plan)} ${this.#keep(plan)}
        ${plan.autoRecharge === undefined ? nothing : this.#agreement(plan, plan.autoRecharge)}
        <p class="caption">${texts.say('add.norefund')}</p>
        <button class="primary" type="button" ?disabled=${isBusy} @click=${() => this.#ask({ type: 'pay' })}>
          ${isBusy ? texts.say('pay.busy.button') : this.#payLabel(plan)}
        </button>
        <p class="caption" role="status">${isBusy ? texts.say('pay.busy') : nothing}</p>
        ${this.#refusal()}
        ${isBusy ? nothing : html`<button class="plain" type="button" @click=${() => this.#ask({ type: 'leave' })}>${texts.say('pay.back')}</button>`}
      </section>
    `;
  }

  get #settings(): PaymentSettings {
    const { billing }: { readonly billing: BillingSnapshot } = this.snapshot;
    if (billing.state !== 'open') throw new Error('There is no review before the settings are known.');
    return billing.settings;
  }

  /** The saved card when it is what pays. */
  #payingCard({ payWith }: PaymentPlan): Card | null {
    return payWith === 'saved_card' ? this.#settings.card : null;
  }

  #what(plan: PaymentPlan): string {
    const { texts } = this;
    const money = this.#money(plan);
    const card = this.#payingCard(plan);
    if (plan.payWith === 'invoice') return texts.say('pay.review.account', { money });
    if (card === null) return texts.say('pay.review.new', { money });
    return texts.say('pay.review.saved', { money, card: cardText(card, texts) });
  }

  /** L-09: what is picked is charged. S-17: the saved card with brand, last four and end. */
  #methods(plan: PaymentPlan): TemplateResult | typeof nothing {
    const { texts } = this;
    const { card } = this.#settings;
    if (card === null) return nothing;
    const saved: PaymentPlan = { ...plan, payWith: 'saved_card', keepsCard: false };
    // S-18: "Change card and pay".
    const other: PaymentPlan = { ...plan, payWith: 'new_card', keepsCard: true };
    return html`<fieldset>
      <legend>${texts.say('pay.with')}</legend>
      ${this.#method(saved, html`<span>${cardText(card, texts)}</span><span class="caption">${cardEndText(card, texts)}</span>`)}
      ${this.#method(other, html`<span>${texts.say('pay.card.new')}</span>`)}
    </fieldset>`;
  }

  #method(plan: PaymentPlan, words: TemplateResult): TemplateResult {
    const { step } = this;
    return html`<label class="method">
      <input
        type="radio"
        name="method"
        value=${plan.payWith}
        .checked=${step.plan.payWith === plan.payWith}
        ?disabled=${step.isBusy}
        @change=${() => this.#ask({ type: 'review', plan })}
      />
      ${words}
    </label>`;
  }

  #summary(plan: PaymentPlan): TemplateResult {
    const { texts } = this;
    const { onAccount, currency } = this.#settings;
    const price = (amount: Parameters<typeof texts.price>[0]) => texts.price(amount, currency);
    const account = plan.payWith === 'invoice' ? onAccount : undefined;
    return html`<dl class="summary">
      ${this.#line('pay.with', account === undefined ? null : texts.say('pay.account'))}
      ${this.#line('pay.account.open', account === undefined ? null : texts.say('pay.account.of', { open: price(account.openMicros), ceiling: price(account.ceilingMicros) }))}
      ${this.#line('pay.account.invoice', account?.invoicedAtMs === undefined ? null : texts.day(account.invoicedAtMs))}
      ${this.#line('pay.card', account === undefined && this.#settings.card === null ? texts.say('pay.card.new') : null)}
      ${this.#line('pay.auto', plan.autoRecharge === undefined ? null : this.#rechargeText(plan.autoRecharge))}
      <div class="total"><dt>${texts.say(account === undefined ? 'pay.total' : 'pay.account.total')}</dt><dd>${this.#money(plan)}</dd></div>
    </dl>`;
  }

  #line(
    key: 'pay.account.invoice' | 'pay.account.open' | 'pay.auto' | 'pay.card' | 'pay.with',
    value: string | null,
  ): TemplateResult | typeof nothing {
    return value === null ? nothing : html`<div><dt>${this.texts.say(key)}</dt><dd>${value}</dd></div>`;
  }

  #rechargeText({ thresholdMicros, amountMicros, monthlyLimitMicros }: WantedRecharge): string {
    const { texts } = this;
    return texts.say(this.#isReached ? 'auto.on.reaches' : 'auto.on', {
      threshold: texts.price(thresholdMicros),
      amount: texts.price(amountMicros),
      limit: texts.price(monthlyLimitMicros),
    });
  }

  get #isReached(): boolean {
    return this.#settings.autoRecharge.comparison === 'at_or_below';
  }

  /** The card is kept where auto-recharge needs it; otherwise somebody may pay once with a card that is not. */
  #keep(plan: PaymentPlan): TemplateResult | typeof nothing {
    const { texts } = this;
    const { card } = this.#settings;
    if (plan.payWith !== 'new_card') return nothing;
    if (plan.autoRecharge !== undefined) return html`<p class="caption">${texts.say('pay.auto.keeps')}</p>`;
    const onChange = ({ target }: Event): void =>
      this.#ask({ type: 'review', plan: { ...plan, keepsCard: target instanceof HTMLInputElement && target.checked } });
    return html`<label class="tick">
      <input type="checkbox" .checked=${plan.keepsCard} @change=${onChange} />
      <span>${card === null ? texts.say('pay.keep') : texts.say('pay.replace', { card: cardText(card, texts) })}</span>
    </label>`;
  }

  /** The consent to auto-recharge, with the most that it can ever cost. */
  #agreement(plan: PaymentPlan, wanted: WantedRecharge): TemplateResult {
    const { texts } = this;
    const card = this.#payingCard(plan);
    const words = {
      threshold: texts.price(wanted.thresholdMicros),
      amount: texts.price(wanted.amountMicros),
      limit: texts.price(wanted.monthlyLimitMicros),
      card: card === null ? texts.say('pay.auto.card') : cardText(card, texts),
    };
    return html`
      <p class="caption">${texts.say(this.#isReached ? 'pay.auto.consent.reaches' : 'pay.auto.consent', words)}</p>
      <p><b>${texts.say('auto.sentence', { money: texts.price(mostInMonthMicros(wanted)) })}</b></p>
    `;
  }

  #payLabel(plan: PaymentPlan): string {
    const { say } = this.texts;
    const money = this.#money(plan);
    if (plan.payWith === 'invoice') return say('pay.account.button', { money });
    if (this.#payingCard(plan) !== null) return say('pay.button', { money });
    return say(this.#settings.card !== null && plan.keepsCard ? 'pay.change_and_pay' : 'pay.to_card');
  }

  #refusal(): TemplateResult | typeof nothing {
    const { refusal } = this.step;
    const { me } = this.snapshot;
    if (refusal === null) return nothing;
    return html`<p class="wrong" role="alert">${billingRefusalText(refusal, this.texts, me)}</p>${supportLine(this.texts, me)}`;
  }

  #money({ amountMicros }: PaymentPlan): string {
    return this.texts.price(amountMicros, this.#settings.currency);
  }

  #ask(wish: BillingWish): void {
    this.request('credit-phone-billing-request', { wish });
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.step.isBusy) return;
    event.stopPropagation();
    this.#ask({ type: 'leave' });
  }
}
