import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { PaymentPlan } from '../phone/billing-snapshot.ts';
import { type Micros, micros } from '../protocol/money.ts';
import type { PaymentSettings } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { type RechargeTyping, rechargeFields, type TypedRecharge, wantedRecharge } from './recharge-fields.ts';
import { type TypedAmount, typedAmount } from './typed-amount.ts';

/**
 * Chooses how much credit to add: presets or a drop-down, another amount within its bounds, and how to get more (F-14 to F-16, S-09, L-08);
 * and, where it is off, auto-recharge along with it (S-10, D-08). Nothing is charged or stored here; the next screen says what will be.
 *
 * @csspart add-credit - The form.
 */
export class AddCreditForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    settings: { attribute: false },
    preset: { state: true },
    other: { state: true },
    isWrongShown: { state: true },
    isAutoWanted: { state: true },
    typed: { state: true },
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
  /** Unticked at first, whatever was ticked before (S-10, D-08). */
  declare isAutoWanted: boolean;
  declare typed: TypedRecharge;

  constructor() {
    super();
    this.preset = undefined;
    this.other = '';
    this.isWrongShown = false;
    this.isAutoWanted = false;
    this.typed = {};
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    return html`
      <form part="add-credit" novalidate tabindex="-1" data-focus aria-label=${say('add.open')} @submit=${this.#submit} @keydown=${this.#onKeydown}>
        <h3>${say('add.choose')}</h3>
        ${this.settings.topUp.isList === true ? this.#list() : this.#buttons()} ${this.#wrong()} ${this.#auto()}
        <div class="row">
          <button class="primary" type="submit" ?disabled=${this.#isUnchosen}>${say('add.review')}</button>
          <button class="plain" type="button" @click=${this.cancel}>${say('add.cancel')}</button>
        </div>
        <p class="caption">${say('add.norefund')}</p>
        ${this.#more()}
      </form>
    `;
  }

  #buttons(): TemplateResult {
    const { presetsMicros, isOtherAmountAllowed } = this.settings.topUp;
    return html`<div class="amounts" role="radiogroup" aria-label=${this.texts.say('add.amounts')}>
      ${presetsMicros.map((amount) => this.#presetOf(amount))} ${isOtherAmountAllowed ? this.#otherField() : nothing}
    </div>`;
  }

  /** S-09: the least amount first. */
  #list(): TemplateResult {
    const { presetsMicros, isOtherAmountAllowed } = this.settings.topUp;
    const isChosen = (amount: Micros): boolean => this.preset !== null && this.#chosenPreset === amount;
    return html`
      <div class="field">
        <label for="amount">${this.texts.say('add.list')}</label>
        <select id="amount" @change=${this.#onList}>
          ${presetsMicros.map((amount) => html`<option value=${amount} ?selected=${isChosen(amount)}>${this.#short(amount)}</option>`)}
        </select>
      </div>
      ${isOtherAmountAllowed ? this.#otherField() : nothing}
    `;
  }

  /** S-10, D-08: auto-recharge from the same place. Where it is on already there is nothing to add. */
  #auto(): TemplateResult | typeof nothing {
    const { texts } = this;
    const { autoRecharge, onAccount } = this.settings;
    if (autoRecharge.isOn || onAccount !== undefined) return nothing;
    const reason = this.#whyNoAuto;
    const { thresholdMicros, amountMicros } = wantedRecharge(this.#typing) ?? autoRecharge;
    const words = { amount: texts.price(amountMicros), threshold: texts.price(thresholdMicros) };
    const isReached = autoRecharge.comparison === 'at_or_below';
    const onType = (typed: TypedRecharge): void => {
      this.typed = typed;
    };
    return html`
      <label class="tick">
        <input id="auto" type="checkbox" aria-describedby="auto-why" .checked=${this.isAutoWanted} ?disabled=${reason !== null} @change=${this.#onAuto} />
        <span>${texts.say(isReached ? 'add.auto.reaches' : 'add.auto', words)}</span>
      </label>
      <p class="caption" id="auto-why">${reason === null ? nothing : texts.say(`auto.${reason}`)}</p>
      ${this.isAutoWanted ? rechargeFields(this.#typing, { isWrongShown: this.isWrongShown, onType }) : nothing}
    `;
  }

  /** A card that is missing or not confirmed yet comes along with the payment. */
  get #whyNoAuto(): 'trial' | 'disputed' | 'payments_off' | null {
    const { cannotTurnOn } = this.settings.autoRecharge;
    return cannotTurnOn === 'card_missing' || cannotTurnOn === 'card_unconfirmed' ? null : cannotTurnOn;
  }

  get #typing(): RechargeTyping {
    return { saved: this.settings.autoRecharge, typed: this.typed, texts: this.texts };
  }

  #presetOf(amount: Micros): TemplateResult {
    return html`<label class="preset">
      <input type="radio" name="amount" .checked=${this.#chosenPreset === amount} @change=${() => this.#choose(amount)} />
      <span>${this.#short(amount)}</span>
    </label>`;
  }

  #short(amount: Micros): string {
    return this.texts.balance(amount).replace(/[.,]00(?!\d)/, '');
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

  /** The largest preset is the suggestion, in a list the first; none where somebody has to choose. */
  get #chosenPreset(): Micros | null {
    const { presetsMicros, isList, isChoiceNeeded } = this.settings.topUp;
    if (this.preset !== undefined) return this.preset;
    if (isChoiceNeeded === true && isList !== true) return null;
    return presetsMicros.at(isList === true ? 0 : -1) ?? null;
  }

  /** D-07: "Next" is disabled until an amount is chosen. */
  get #isUnchosen(): boolean {
    return this.settings.topUp.isChoiceNeeded === true && this.#chosenPreset === null && this.other.trim() === '';
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

  #onList(event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.#choose(micros(Number(event.target.value)));
  }

  #onAuto(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.isAutoWanted = event.target.checked;
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
    const autoRecharge = this.isAutoWanted ? wantedRecharge(this.#typing) : undefined;
    if (autoRecharge === null) {
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
      return;
    }
    const plan = { ...this.#wayToPay, amountMicros: amount.amountMicros, ...(autoRecharge ? { autoRecharge } : {}) };
    this.request('credit-phone-billing-request', { wish: { type: 'review', plan } });
  }

  get #wayToPay(): Pick<PaymentPlan, 'payWith' | 'keepsCard'> {
    const { onAccount, card } = this.settings;
    if (onAccount !== undefined) return { payWith: 'invoice', keepsCard: false };
    return card === null ? { payWith: 'new_card', keepsCard: true } : { payWith: 'saved_card', keepsCard: false };
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.cancel();
  }
}
