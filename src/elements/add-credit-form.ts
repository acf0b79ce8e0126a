import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { PaymentPlan } from '../phone/billing-snapshot.ts';
import type { Micros } from '../protocol/money.ts';
import type { PaymentSettings } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { type TypedAmount, typedAmount } from './typed-amount.ts';

/**
 * Chooses how much credit to add: presets, another amount within its bounds, and how to get more (F-14 to F-16, L-08). Nothing is charged
 * here; the next screen says what will be.
 *
 * @csspart add-credit - The form.
 */
export class AddCreditForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    settings: { attribute: false },
    preset: { state: true },
    other: { state: true },
    isWrongShown: { state: true },
    cancel: { attribute: false },
  };
  static override styles = [controlStyles, creditPanelStyles, billingStyles];

  declare settings: PaymentSettings;
  /** Closes the form. */
  declare cancel: () => void;
  /** Null when the other amount is chosen. */
  declare preset: Micros | null | undefined;
  declare other: string;
  declare isWrongShown: boolean;

  constructor() {
    super();
    this.preset = undefined;
    this.other = '';
    this.isWrongShown = false;
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const { presetsMicros, isOtherAmountAllowed } = this.settings.topUp;
    return html`
      <form part="add-credit" novalidate tabindex="-1" data-focus aria-label=${say('add.open')} @submit=${this.#submit} @keydown=${this.#onKeydown}>
        <h3>${say('add.choose')}</h3>
        <div class="amounts" role="radiogroup" aria-label=${say('add.amounts')}>
          ${presetsMicros.map((amount) => this.#presetOf(amount))} ${isOtherAmountAllowed ? this.#otherField() : nothing}
        </div>
        ${this.#wrong()}
        <div class="row">
          <button class="primary" type="submit">${say('add.review')}</button>
          <button class="plain" type="button" @click=${this.cancel}>${say('add.cancel')}</button>
        </div>
        <p class="caption">${say('add.norefund')}</p>
        ${this.#more()}
      </form>
    `;
  }

  #presetOf(amount: Micros): TemplateResult {
    return html`<label class="preset">
      <input type="radio" name="amount" .checked=${this.#chosenPreset === amount} @change=${() => this.#choose(amount)} />
      <span>${this.texts.balance(amount).replace(/[.,]00(?!\d)/, '')}</span>
    </label>`;
  }

  #otherField(): TemplateResult {
    const { say } = this.texts;
    const isWrong = this.isWrongShown && 'wrong' in this.#amount();
    return html`<input
      type="text"
      inputmode="decimal"
      maxlength="12"
      aria-label=${say('add.other')}
      aria-describedby="wrong"
      aria-invalid=${isWrong}
      placeholder=${say('add.other.hint')}
      .value=${this.other}
      @input=${this.#onOther}
    />`;
  }

  #wrong(): TemplateResult {
    const amount = this.#amount();
    const words = this.isWrongShown && 'wrong' in amount ? amount.wrong : '';
    return html`<p class="caption wrong" id="wrong" role="alert">${words}</p>`;
  }

  /** F-16: more is arranged by e-mail. */
  #more(): TemplateResult {
    const most = this.texts.price(this.settings.topUp.bounds.mostMicros);
    const email = this.snapshot.me?.supportEmail ?? '';
    return html`<p class="caption">${this.texts.say('add.more', { most })} <a href=${`mailto:${email}`}>${email}</a></p>`;
  }

  /** The largest preset is the suggestion. */
  get #chosenPreset(): Micros | null {
    return this.preset === undefined ? (this.settings.topUp.presetsMicros.at(-1) ?? null) : this.preset;
  }

  #amount(): TypedAmount {
    const { topUp } = this.settings;
    const preset = this.#chosenPreset;
    return preset === null ? typedAmount(this.other, { ...topUp, texts: this.texts }) : { amountMicros: preset };
  }

  #choose(amount: Micros): void {
    this.preset = amount;
    this.isWrongShown = false;
  }

  #onOther(event: InputEvent): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.other = event.target.value;
    this.preset = null;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const amount = this.#amount();
    this.isWrongShown = true;
    if ('wrong' in amount) {
      this.renderRoot.querySelector<HTMLElement>('input[type=text]')?.focus();
      return;
    }
    const hasCard = this.settings.card !== null;
    const plan: PaymentPlan = {
      amountMicros: amount.amountMicros,
      payWith: hasCard ? 'saved_card' : 'new_card',
      keepsCard: !hasCard,
    };
    this.request('credit-phone-billing-request', { wish: { type: 'review', plan } });
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.cancel();
  }
}
