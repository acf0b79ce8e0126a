import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { BillingWish, CardConfirmationStep } from '../phone/billing-snapshot.ts';
import type { CardCheck } from '../protocol/card-check.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardText, failureText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { supportLine } from './support-line.ts';
import { type TypedAmount, typedAmount } from './typed-amount.ts';

/**
 * Confirms a card before it may pay: a small charge is sent, its amount is read from the statement and typed here (D-22 to D-24). What was
 * to be paid comes back as soon as the card is confirmed.
 */
export class CardConfirmationForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    step: { attribute: false },
    typed: { state: true },
    isWrongShown: { state: true },
  };
  static override styles = [controlStyles, billingStyles];

  declare step: CardConfirmationStep;
  declare typed: string;
  declare isWrongShown: boolean;

  constructor() {
    super();
    this.typed = '';
    this.isWrongShown = false;
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    const { isBusy, refusal } = this.step;
    const title = texts.say('confirm.title');
    return html`
      <section class="stack" tabindex="-1" data-focus aria-label=${title} aria-busy=${isBusy} @keydown=${this.#onKeydown}>
        <h2>${title}</h2>
        ${this.#content()}
        ${refusal === null ? nothing : html`<p class="wrong" role="alert">${billingRefusalText(refusal, texts, this.snapshot.me)}</p>${supportLine(texts, this.snapshot.me)}`}
        ${isBusy ? nothing : html`<button class="plain" type="button" @click=${this.#leave}>${texts.say('pay.back')}</button>`}
      </section>
    `;
  }

  #content(): TemplateResult {
    const { card, check } = this.step;
    const { say } = this.texts;
    if (card === null)
      return html`<p>${say('confirm.card_first')}</p>${this.#button('card.add', { type: 'change_card' })}`;
    if (check === null) return this.#intro();
    switch (check.status) {
      case 'charging':
      case 'requires_action':
        return html`<p class="note" role="status">${panelIcon('clock')}<span>${say('confirm.charging')}</span></p>`;
      case 'waiting':
        return this.#question(check);
      case 'locked':
        return html`<p role="alert">${say('confirm.locked', { card: this.#cardName })}</p>
          ${this.#button('confirm.other_card', { type: 'change_card' })} ${supportLine(this.texts, this.snapshot.me)}`;
      case 'failed':
        return html`<p role="alert">${say('confirm.failed')} ${check.failure === null ? nothing : failureText(check.failure, this.texts)}</p>
          ${this.#button('confirm.again', { type: 'charge_check' })} ${this.#otherCard()}`;
      case 'expired':
      case 'confirmed':
        return html`<p>${say('confirm.expired')}</p>${this.#button('confirm.again', { type: 'charge_check' })}`;
    }
  }

  #intro(): TemplateResult {
    const { say } = this.texts;
    const { isBusy } = this.step;
    return html`
      <p>${say('confirm.begin', { card: this.#cardName })}</p>
      ${this.#button(isBusy ? 'confirm.busy' : 'confirm.charge', { type: 'charge_check' })}
      <p class="caption" role="status">${isBusy ? say('confirm.busy') : nothing}</p>
      ${isBusy ? nothing : this.#otherCard()}
    `;
  }

  #question(check: CardCheck): TemplateResult {
    const { texts } = this;
    const { isBusy, isWrong } = this.step;
    const bounds = {
      least: texts.price(check.leastMicros, check.currency),
      most: texts.price(check.mostMicros, check.currency),
    };
    const isNoAmount = this.isWrongShown && 'wrong' in this.#amount(check);
    const words = isNoAmount ? texts.say('confirm.not_possible', bounds) : isWrong ? texts.say('confirm.wrong') : '';
    return html`
      <p>${texts.say('confirm.waiting', { card: this.#cardName })}</p>
      <form class="stack" novalidate @submit=${(event: SubmitEvent) => this.#submit(event, check)}>
        <div class="field">
          <label for="charge">${texts.say('confirm.amount')}</label>
          <input
            id="charge"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            maxlength="12"
            .value=${this.typed}
            aria-invalid=${words !== ''}
            aria-describedby="charge-range charge-wrong"
            @input=${this.#onInput}
          />
          <span class="caption" id="charge-range">${texts.say('confirm.range', bounds)}</span>
        </div>
        <p class="wrong" id="charge-wrong" role="alert">${words}</p>
        <p class="caption" role="status">${texts.count('confirm.tries', check.triesLeft)}</p>
        <button class="primary" type="submit" ?disabled=${isBusy}>${texts.say(isBusy ? 'confirm.checking' : 'confirm.yes')}</button>
      </form>
      ${isBusy ? nothing : this.#otherCard()}
    `;
  }

  #otherCard(): TemplateResult {
    return html`<button type="button" @click=${() => this.#ask({ type: 'change_card' })}>${this.texts.say('confirm.other_card')}</button>`;
  }

  #button(
    key: 'card.add' | 'confirm.again' | 'confirm.busy' | 'confirm.charge' | 'confirm.other_card',
    wish: BillingWish,
  ): TemplateResult {
    return html`<button class="primary" type="button" ?disabled=${this.step.isBusy} @click=${() => this.#ask(wish)}>${this.texts.say(key)}</button>`;
  }

  get #cardName(): string {
    const { card } = this.step;
    return card === null ? this.texts.say('pay.card.new') : cardText(card, this.texts);
  }

  #amount({ leastMicros, mostMicros }: CardCheck): TypedAmount {
    return typedAmount(this.typed, { bounds: { leastMicros, mostMicros }, texts: this.texts });
  }

  #submit(event: SubmitEvent, check: CardCheck): void {
    event.preventDefault();
    if (this.step.isBusy) return;
    const amount = this.#amount(check);
    this.isWrongShown = 'wrong' in amount;
    if ('wrong' in amount) this.renderRoot.querySelector<HTMLElement>('#charge')?.focus();
    else this.#ask({ type: 'guess_check', amountMicros: amount.amountMicros });
  }

  #onInput(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.typed = event.target.value;
    this.isWrongShown = false;
  }

  #ask(wish: BillingWish): void {
    this.request('credit-phone-billing-request', { wish });
  }

  readonly #leave = (): void => this.#ask({ type: 'leave' });

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.step.isBusy) return;
    event.stopPropagation();
    this.#leave();
  }
}
