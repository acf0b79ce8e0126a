import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { BillingSnapshot, BillingWish } from '../phone/billing-snapshot.ts';
import type { AutoRecharge, Card, PaymentSettings } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardEndText, cardText, hasEnded } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';

/** Auto-recharge and payment method, below the balance (C-06, C-07, L-14). */
export class BillingPanel extends PhoneElement {
  static override properties: PropertyDeclarations = { isEditing: { state: true }, isRemoving: { state: true } };
  static override styles = [controlStyles, creditPanelStyles, billingStyles];

  declare isEditing: boolean;
  declare isRemoving: boolean;

  #wasSaving = false;

  constructor() {
    super();
    this.isEditing = false;
    this.isRemoving = false;
  }

  /** What was saved needs no form any more. */
  protected override willUpdate(_changed: PropertyValues): void {
    const { isSaving, refusal } = this.#open;
    if (this.#wasSaving && !isSaving && refusal === null) {
      if (this.isEditing) this.#closeForm();
      this.isRemoving = false;
    }
    this.#wasSaving = isSaving;
  }

  protected override render(): TemplateResult {
    return html`${this.#recharge()} ${this.#card()}`;
  }

  get #open(): Extract<BillingSnapshot, { state: 'open' }> {
    const { billing } = this.snapshot;
    if (billing.state !== 'open') throw new Error('There is no billing before the settings are known.');
    return billing;
  }

  #recharge(): TemplateResult {
    const { say } = this.texts;
    const recharge = this.#open.settings.autoRecharge;
    if (this.isEditing)
      return html`<div class="block">
        <h3>${say('auto.title')}</h3>
        <credit-phone-auto-recharge-form .snapshot=${this.snapshot} .texts=${this.texts} .close=${this.#closeForm}></credit-phone-auto-recharge-form>
      </div>`;
    return html`
      <div class="block stack">
        <div class="row">
          <h3>${say('auto.title')}</h3>
          <button id="edit" type="button" @click=${this.#edit}>${say('auto.edit')}</button>
        </div>
        <p>${recharge.isOn ? this.#onText(recharge) : say('auto.off')}</p>
        ${recharge.isOn ? html`<p class="caption">${say('auto.sentence', { money: this.texts.price(recharge.mostInMonthMicros) })} ${say('auto.taken', { money: this.texts.price(recharge.takenThisMonthMicros) })}</p>` : nothing}
        ${recharge.isOn && recharge.pause !== null ? html`<p class="caption wrong" role="alert">${say(`auto.pause.${recharge.pause}`)}</p>` : nothing}
      </div>
    `;
  }

  #onText({ comparison, thresholdMicros, amountMicros, monthlyLimitMicros }: AutoRecharge): string {
    const { texts } = this;
    return texts.say(comparison === 'at_or_below' ? 'auto.on.reaches' : 'auto.on', {
      threshold: texts.price(thresholdMicros),
      amount: texts.price(amountMicros),
      limit: texts.price(monthlyLimitMicros),
    });
  }

  #card(): TemplateResult {
    const { say } = this.texts;
    const { refusal, settings } = this.#open;
    return html`
      <div class="block stack">
        <h3>${say('card.title')}</h3>
        ${this.#account()}
        ${settings.card === null ? this.#noCard() : this.isRemoving ? this.#removal(settings.card) : this.#saved(settings.card)}
        ${refusal === null || this.isEditing ? nothing : html`<p class="wrong" role="alert">${billingRefusalText(refusal, this.texts, this.snapshot.me)}</p>`}
      </div>
    `;
  }

  /** D-15: what is open on account, and when it is invoiced. */
  #account(): TemplateResult | typeof nothing {
    const { texts } = this;
    const { onAccount, onInvoice, currency } = this.#open.settings;
    if (onInvoice !== undefined) return this.#owed(onInvoice);
    if (onAccount === undefined) return nothing;
    const { invoicedAtMs } = onAccount;
    const amounts = {
      open: texts.price(onAccount.openMicros, currency),
      ceiling: texts.price(onAccount.ceilingMicros, currency),
    };
    return html`<p class="note">
      ${panelIcon('clock')}
      <span>${invoicedAtMs === undefined ? texts.say('card.account.plain', amounts) : texts.say('card.account', { ...amounts, date: texts.day(invoicedAtMs) })}</span>
    </p>`;
  }

  /** C-21: an account that pays its credit by card, and some services by invoice. */
  #owed({ openMicros, invoicedAtMs }: NonNullable<PaymentSettings['onInvoice']>): TemplateResult {
    const { texts } = this;
    const open = texts.price(openMicros, this.#open.settings.currency);
    return html`<p class="note">
      ${panelIcon('clock')}
      <span>${texts.say('card.invoice', { open, date: texts.day(invoicedAtMs) })}</span>
    </p>`;
  }

  #noCard(): TemplateResult {
    const { say } = this.texts;
    return html`<div class="row">
      <p>${say('card.none')}</p>
      <button type="button" @click=${() => this.#ask({ type: 'change_card' })}>${say('card.add')}</button>
    </div>`;
  }

  #saved(card: Card): TemplateResult {
    const { texts } = this;
    return html`<div class="card">
      ${panelIcon('card')}
      <span>
        <b>${cardText(card, texts)}</b>
        <span class="caption ${hasEnded(card) ? 'wrong' : ''}">${cardEndText(card, texts)}</span>
      </span>
      <button type="button" @click=${() => this.#ask({ type: 'change_card' })}>${texts.say('card.change')}</button>
      <button class="plain" type="button" @click=${() => this.#setRemoving(true)}>${texts.say('card.remove')}</button>
    </div>`;
  }

  #removal(card: Card): TemplateResult {
    const { texts } = this;
    const { isSaving } = this.#open;
    return html`
      <p role="alert">${texts.say('card.remove.sure', { card: cardText(card, texts) })}</p>
      <div class="buttons">
        <button class="danger" type="button" ?disabled=${isSaving} @click=${() => this.#ask({ type: 'remove_card' })}>${texts.say('card.remove.yes')}</button>
        <button id="keep" type="button" ?disabled=${isSaving} @click=${() => this.#setRemoving(false)}>${texts.say('card.remove.no')}</button>
      </div>
    `;
  }

  #setRemoving(isRemoving: boolean): void {
    this.isRemoving = isRemoving;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(isRemoving ? '#keep' : '.card button')?.focus(),
    );
  }

  readonly #edit = (): void => {
    this.isEditing = true;
    void this.#focusForm();
  };

  async #focusForm(): Promise<void> {
    await this.updateComplete;
    const form = this.renderRoot.querySelector('credit-phone-auto-recharge-form');
    await form?.updateComplete;
    form?.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  readonly #closeForm = (): void => {
    const hadFocus = this.matches(':focus-within');
    this.isEditing = false;
    if (hadFocus) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#edit')?.focus());
  };

  #ask(wish: BillingWish): void {
    this.request('credit-phone-billing-request', { wish });
  }
}
