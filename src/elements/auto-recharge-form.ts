import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { BillingSnapshot } from '../phone/billing-snapshot.ts';
import { mostInMonthMicros } from '../protocol/auto-recharge.ts';
import type { Micros } from '../protocol/money.ts';
import type { AutoRecharge } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { type RechargeTyping, rechargeFields, type TypedRecharge, wantedRecharge } from './recharge-fields.ts';
import { shownBalance } from './shown-office.ts';

/**
 * Auto-recharge: a switch, three amounts, the consent, and the sentence that says the most it can ever cost (C-08 to C-11, S-10 to S-13,
 * L-11 to L-13). Nothing changes before Save (F-22).
 */
export class AutoRechargeForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    isOn: { state: true },
    typed: { state: true },
    hasConsented: { state: true },
    isWrongShown: { state: true },
    close: { attribute: false },
  };
  static override styles = [controlStyles, creditPanelStyles, billingStyles];

  /** Closes the form without saving. */
  declare close: () => void;
  /** Where the switch stands; null as long as nobody has touched it: then it opens as it is saved. */
  declare isOn: boolean | null;
  declare typed: TypedRecharge;
  declare hasConsented: boolean;
  declare isWrongShown: boolean;

  constructor() {
    super();
    this.isOn = null;
    this.typed = {};
    this.hasConsented = false;
    this.isWrongShown = false;
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const { isSaving } = this.#open;
    return html`
      <form novalidate tabindex="-1" data-focus aria-label=${say('auto.title')} aria-busy=${isSaving} @submit=${this.#submit} @keydown=${this.#onKeydown}>
        <div class="switch-row">
          <label for="switch">${say('auto.label')}</label>
          <input id="switch" class="calm" type="checkbox" role="switch" aria-describedby="why-not" .checked=${this.#isOn} ?disabled=${this.#isRefused} @change=${this.#onSwitch} />
        </div>
        ${this.#cannotText()} ${this.#isOn ? this.#fields() : html`<p class="caption">${say('auto.off')}</p>`}
        <div class="row">
          <button class="primary" type="submit" ?disabled=${isSaving}>${this.#saveLabel(isSaving)}</button>
          <button class="plain" type="button" ?disabled=${isSaving} @click=${this.close}>${say('auto.cancel')}</button>
        </div>
        ${this.#refusal()}
      </form>
    `;
  }

  get #open(): Extract<BillingSnapshot, { state: 'open' }> {
    const { billing } = this.snapshot;
    if (billing.state !== 'open') throw new Error('There is no auto-recharge before the settings are known.');
    return billing;
  }

  get #saved(): AutoRecharge {
    return this.#open.settings.autoRecharge;
  }

  get #isOn(): boolean {
    return this.isOn ?? this.#saved.isOn;
  }

  get #cannot(): AutoRecharge['cannotTurnOn'] {
    return this.#saved.cannotTurnOn;
  }

  /** L-15: without a card the switch refuses, but where the card is asked for on Save (S-14). */
  get #isRefused(): boolean {
    return this.#cannot !== null && !this.#saved.isOn && !this.#isCardAskedFor;
  }

  get #isCardAskedFor(): boolean {
    return this.#cannot === 'card_missing' && this.#saved.isCardAskedFor === true;
  }

  #cannotText(): TemplateResult {
    const cannot = this.#cannot;
    const card = this.#isCardAskedFor ? 'auto.card_next' : 'auto.nocard';
    const key = cannot === 'card_missing' ? card : cannot === null ? null : (`auto.${cannot}` as const);
    return html`<p class="caption" id="why-not">${key === null ? nothing : this.texts.say(key)}</p>`;
  }

  #fields(): TemplateResult {
    const { isWrongShown } = this;
    // Other amounts need another consent.
    const onType = (typed: TypedRecharge): void => {
      this.typed = typed;
      this.hasConsented = false;
    };
    return html`${rechargeFields(this.#typing, { isWrongShown, onType })} ${this.#promise()}`;
  }

  get #typing(): RechargeTyping {
    return { saved: this.#saved, typed: this.typed, texts: this.texts };
  }

  /** The most it can cost, what happens at once, and the consent: all with the amounts that stand in the fields now. */
  #promise(): TemplateResult | typeof nothing {
    const wanted = wantedRecharge(this.#typing);
    if (wanted === null) return nothing;
    const { texts } = this;
    const { settings } = this.#open;
    const money = texts.price(mostInMonthMicros(wanted), settings.currency);
    const words = {
      threshold: texts.price(wanted.thresholdMicros),
      amount: texts.price(wanted.amountMicros),
      limit: texts.price(wanted.monthlyLimitMicros),
      card: settings.card === null ? texts.say('auto.card_new') : cardText(settings.card, texts),
    };
    return html`
      <p><b>${texts.say('auto.sentence', { money })}</b></p>
      ${this.#isDueNow(wanted.thresholdMicros) ? html`<p class="caption">${texts.say('auto.now', words)}</p>` : nothing}
      <label class="tick">
        <input id="consent" type="checkbox" .checked=${this.hasConsented} aria-describedby="consent-wrong" @change=${this.#onConsent} />
        <span class="caption">${texts.say('auto.consent', words)}</span>
      </label>
      <p class="caption wrong" id="consent-wrong" role="alert">${this.isWrongShown && !this.hasConsented ? texts.say('no.consent_missing') : nothing}</p>
    `;
  }

  #isDueNow(thresholdMicros: Micros): boolean {
    const available = shownBalance(this.snapshot)?.availableMicros;
    if (available === undefined) return false;
    return this.#saved.comparison === 'at_or_below' ? available <= thresholdMicros : available < thresholdMicros;
  }

  #saveLabel(isSaving: boolean): string {
    const { say } = this.texts;
    if (isSaving) return say('auto.saving');
    if (this.#isOn && this.#isCardAskedFor) return say('auto.save_card');
    if (this.#isOn === this.#saved.isOn) return say('auto.save');
    return say(this.#isOn ? 'auto.save_on' : 'auto.turn_off');
  }

  #refusal(): TemplateResult | typeof nothing {
    const { refusal } = this.#open;
    if (refusal === null) return nothing;
    return html`<p class="wrong" role="alert">${billingRefusalText(refusal, this.texts, this.snapshot.me)}</p>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const isOn = this.#isOn;
    const { thresholdMicros, amountMicros, monthlyLimitMicros } = this.#saved;
    // Turning it off must work whatever stands in the fields.
    const wanted = isOn ? wantedRecharge(this.#typing) : { thresholdMicros, amountMicros, monthlyLimitMicros };
    this.isWrongShown = true;
    if (wanted === null || (isOn && !this.hasConsented)) {
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLElement>(wanted === null ? '[aria-invalid=true]' : '#consent')?.focus(),
      );
      return;
    }
    const settings = { ...wanted, isOn, hasConsented: isOn && this.hasConsented };
    this.request('credit-phone-billing-request', { wish: { type: 'save_auto_recharge', settings } });
  }

  #onSwitch(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.isOn = event.target.checked;
    this.isWrongShown = false;
  }

  #onConsent(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.hasConsented = event.target.checked;
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.#open.isSaving) return;
    event.stopPropagation();
    this.close();
  }
}
