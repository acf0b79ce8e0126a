import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { BillingSnapshot, BillingWish, Checkout, PaymentPlan } from '../phone/billing-snapshot.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardText, failureText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { loadPart } from './element-registry.ts';
import { icon } from './later-icons.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { shownBalance } from './shown-office.ts';
import { supportLine } from './support-line.ts';

const OWN_ELEMENTS =
  'credit-phone-payment-review, credit-phone-card-confirmation-form, credit-phone-test-card-form, credit-phone-stripe-card-form';

type Step<Name extends Checkout['step']> = Extract<Checkout, { step: Name }>;

/**
 * From review to credit: what will be charged, the card, the bank's question, and what came of it. Each step takes the whole panel and the
 * focus; nothing is charged before "Pay" (D-09).
 */
export class CheckoutPanel extends PhoneElement {
  static override styles = [controlStyles, billingStyles];

  #shownStep = '';
  #hadFocus = false;

  protected override willUpdate(): void {
    this.#hadFocus = this.matches(':focus-within');
    const { step } = this.#open.checkout;
    const needsStripe = step === 'card' || step === 'authenticate';
    if (needsStripe && this.#open.settings.provider?.kind === 'stripe') void loadPart('stripe').catch(() => undefined);
  }

  /** A step that takes the place of another takes its focus too: the button that was pressed is gone. */
  protected override updated(_changed: PropertyValues): void {
    const { step } = this.#open.checkout;
    const hasChanged = this.#shownStep !== '' && step !== this.#shownStep;
    this.#shownStep = step;
    if (hasChanged && this.#hadFocus) this.focusStep();
  }

  /** Puts the focus where the eye goes; a step that is an element of its own has the place inside. */
  focusStep(): void {
    const inner = this.renderRoot.querySelector<PhoneElement>(OWN_ELEMENTS);
    if (inner === null) this.renderRoot.querySelector<HTMLElement>('[data-focus]')?.focus();
    else void inner.updateComplete.then(() => inner.shadowRoot?.querySelector<HTMLElement>('[data-focus]')?.focus());
  }

  protected override render(): TemplateResult | typeof nothing {
    const { checkout } = this.#open;
    switch (checkout.step) {
      case 'none':
        return nothing;
      case 'review':
        return this.#review(checkout);
      case 'confirm_card':
        return html`<credit-phone-card-confirmation-form .snapshot=${this.snapshot} .texts=${this.texts} .step=${checkout}></credit-phone-card-confirmation-form>`;
      case 'card':
        return this.#provider(
          checkout,
          html`<credit-phone-test-card-form .snapshot=${this.snapshot} .texts=${this.texts} .step=${checkout}></credit-phone-test-card-form>`,
        );
      case 'authenticate':
        return this.#provider(checkout, this.#bank(checkout));
      case 'pending':
        return this.#pending(checkout);
      case 'done':
        return this.#done(checkout);
      case 'failed':
        return this.#failed(checkout);
    }
  }

  get #open(): Extract<BillingSnapshot, { state: 'open' }> {
    const { billing } = this.snapshot;
    if (billing.state !== 'open') throw new Error('There is no checkout before the settings are known.');
    return billing;
  }

  #review(review: Step<'review'>): TemplateResult {
    return html`<credit-phone-payment-review .snapshot=${this.snapshot} .texts=${this.texts} .step=${review}></credit-phone-payment-review>`;
  }

  #provider(step: Step<'card'> | Step<'authenticate'>, simulated: TemplateResult): TemplateResult {
    if (this.#open.settings.provider?.kind !== 'stripe') return simulated;
    return html`<credit-phone-stripe-card-form .snapshot=${this.snapshot} .texts=${this.texts} .step=${step}><slot name="pay"></slot></credit-phone-stripe-card-form>`;
  }

  /** The simulated bank's own question; no Escape, so that nobody refuses by accident. */
  #bank(step: Step<'authenticate'>): TemplateResult {
    const { texts } = this;
    const { isBusy, refusal } = step;
    const answer = (isConfirmed: boolean) => this.#ask({ type: 'answer_bank', isConfirmed });
    return html`
      <section class="stack" role="dialog" tabindex="-1" data-focus aria-label=${texts.say('bank.title')} aria-busy=${isBusy}>
        <h2>${texts.say('bank.title')}</h2>
        <p>${this.#bankQuestion(step)}</p>
        <p class="note">${panelIcon('shield')}<span>${texts.say('bank.note')}</span></p>
        <button class="primary" type="button" ?disabled=${isBusy} @click=${() => answer(true)}>${texts.say('bank.yes')}</button>
        <button type="button" ?disabled=${isBusy} @click=${() => answer(false)}>${texts.say('bank.no')}</button>
        <p class="caption" role="status">${isBusy ? texts.say('bank.busy') : nothing}</p>
        ${this.#refusal(refusal)}
      </section>
    `;
  }

  #bankQuestion({ plan, isCheck }: Step<'authenticate'>): string {
    const { texts } = this;
    if (isCheck === true) return texts.say('bank.question.check');
    return plan === null ? texts.say('bank.question.save') : texts.say('bank.question', { money: this.#money(plan) });
  }

  #pending({ plan }: Step<'pending'>): TemplateResult {
    const { say } = this.texts;
    return html`
      <section class="verdict" tabindex="-1" data-focus aria-label=${say('pay.pending.title')}>
        <div class="badge">${panelIcon('clock')}</div>
        <h2>${say('pay.pending.title')}</h2>
        <p role="status">${say(plan === null ? 'pay.pending.card' : 'pay.pending')}</p>
        <p class="caption">${say('pay.pending.close')}</p>
        ${this.#back(say('pay.done.button'))}
      </section>
    `;
  }

  #done({ plan, card, autoRecharge }: Step<'done'>): TemplateResult {
    const { texts } = this;
    const title = texts.say(plan === null ? 'card.saved.title' : 'pay.done.title');
    return html`
      <section class="verdict" tabindex="-1" data-focus aria-label=${title}>
        <div class="badge good">${icon('check')}</div>
        <h2>${title}</h2>
        <p role="status">${plan === null ? (card === null ? nothing : texts.say('card.saved', { card: cardText(card, texts) })) : this.#added(plan)}</p>
        ${this.#recharge(autoRecharge)}
        <button class="primary" type="button" @click=${() => this.#ask({ type: 'leave' })}>${texts.say('pay.done.button')}</button>
      </section>
    `;
  }

  #recharge(autoRecharge: Step<'done'>['autoRecharge']): TemplateResult | typeof nothing {
    const { texts } = this;
    if (autoRecharge === undefined) return nothing;
    if (autoRecharge === 'on') return html`<p role="status">${texts.say('pay.done.auto')}</p>`;
    return html`<p class="wrong" role="alert">${texts.say('pay.done.auto.not')} ${billingRefusalText(autoRecharge, texts, this.snapshot.me)}</p>`;
  }

  #added(plan: PaymentPlan): string {
    const { texts } = this;
    const shown = shownBalance(this.snapshot);
    const money = this.#money(plan);
    if (shown === null) return texts.say('pay.done.unknown', { money });
    const balance = texts.balance(shown.availableMicros, shown.currency);
    const { invoicedAtMs } = this.#open.settings.onAccount ?? {};
    if (plan.payWith !== 'invoice' || invoicedAtMs === undefined) return texts.say('pay.done', { money, balance });
    return texts.say('pay.done.account', { money, balance, date: texts.day(invoicedAtMs) });
  }

  #failed({ plan, failure }: Step<'failed'>): TemplateResult {
    const { texts } = this;
    const title = texts.say(plan === null ? 'card.not_saved.title' : 'pay.failed.title');
    return html`
      <section class="verdict" tabindex="-1" data-focus aria-label=${title}>
        <div class="badge bad">${icon('alert')}</div>
        <h2>${title}</h2>
        <p role="alert">${failureText(failure, texts)}</p>
        ${plan === null ? nothing : this.#wayOut(plan, failure?.retry ?? 'later')}
        ${this.#back(texts.say('pay.done.button'))} ${supportLine(this.texts, this.snapshot.me)}
      </section>
    `;
  }

  /** What helps after a failure, as one button. */
  #wayOut(plan: PaymentPlan, retry: 'never' | 'later' | 'new_card' | 'authenticate'): TemplateResult | typeof nothing {
    if (retry === 'never') return nothing;
    const next: PaymentPlan =
      retry === 'new_card' && plan.payWith !== 'invoice' ? { ...plan, payWith: 'new_card', keepsCard: true } : plan;
    return html`<button class="primary" type="button" @click=${() => this.#plan(next)}>
      ${this.texts.say(retry === 'new_card' ? 'pay.other_card' : 'pay.again')}
    </button>`;
  }

  #refusal(refusal: Step<'review'>['refusal']): TemplateResult | typeof nothing {
    if (refusal === null) return nothing;
    return html`<p class="wrong" role="alert">${billingRefusalText(refusal, this.texts, this.snapshot.me)}</p>${supportLine(this.texts, this.snapshot.me)}`;
  }

  #back(label: string): TemplateResult {
    return html`<button class="plain" type="button" @click=${() => this.#ask({ type: 'leave' })}>${label}</button>`;
  }

  #money({ amountMicros }: PaymentPlan): string {
    return this.texts.price(amountMicros, this.#open.settings.currency);
  }

  #plan(plan: PaymentPlan): void {
    this.#ask({ type: 'review', plan });
  }

  #ask(wish: BillingWish): void {
    this.request('credit-phone-billing-request', { wish });
  }
}
