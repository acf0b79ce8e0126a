import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { DeskAnswer, StripeDesk } from '../cards/stripe-desk.ts';
import type { Checkout } from '../phone/billing-snapshot.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, failureText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { type PaymentPlace, placeInPage, placeInWindow } from './payment-place.ts';
import { PhoneElement } from './phone-element.ts';
import { supportLine } from './support-line.ts';

type ProviderStep = Extract<Checkout, { step: 'card' | 'authenticate' }>;

/**
 * Stripe's card form in its place, and the button that sends it. Stripe.js is loaded when this is drawn, not before. What the form holds
 * never comes near this code.
 */
export class StripeCardForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    step: { attribute: false },
    state: { state: true },
    mistake: { state: true },
  };
  static override styles = [controlStyles, billingStyles];

  declare step: ProviderStep;
  declare state: 'loading' | 'closed' | 'blocked' | 'ready' | 'busy' | 'failed';
  declare mistake: string;

  #place: PaymentPlace | null = null;
  #desk: StripeDesk | null = null;
  #openedFor = '';

  constructor() {
    super();
    this.state = 'loading';
    this.mistake = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#clear();
  }

  /** Another secret, or the bank's question after the card, is another thing to open. */
  protected override updated(_changed: PropertyValues): void {
    const key = `${this.step.step} ${this.step.clientSecret}`;
    if (key === this.#openedFor) return;
    this.#openedFor = key;
    this.#clear();
    if (this.step.step === 'authenticate') void this.#run(() => this.#authenticate());
    else void this.#open(placeInPage(this));
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const title = say(this.step.plan === null ? 'card.title' : 'pay.title');
    return html`
      <section class="stack" tabindex="-1" data-focus aria-label=${title} aria-busy=${this.state === 'loading' || this.#isBusy} @keydown=${this.#onKeydown}>
        <h2>${title}</h2>
        ${this.#problem()}
        <slot></slot>
        ${this.#stateText()}
        ${this.step.step === 'card' && (this.state === 'ready' || this.#isBusy) ? this.#button() : nothing}
        ${this.#isBusy ? nothing : html`<button class="plain" type="button" @click=${this.#leave}>${say('add.cancel')}</button>`}
      </section>
    `;
  }

  get #isBusy(): boolean {
    return this.state === 'busy' || this.step.isBusy;
  }

  #button(): TemplateResult {
    const { texts } = this;
    const { plan } = this.step;
    const label =
      plan === null ? texts.say('test.save') : texts.say('pay.button', { money: texts.price(plan.amountMicros) });
    return html`<button class="primary" type="button" ?disabled=${this.#isBusy} @click=${() => this.#run(() => this.#confirm())}>
      ${this.#isBusy ? texts.say('pay.busy.button') : label}
    </button>`;
  }

  #stateText(): TemplateResult | typeof nothing {
    const { say } = this.texts;
    switch (this.state) {
      case 'loading':
        return html`<p class="caption" role="status">${say(this.step.step === 'card' ? 'stripe.loading' : 'stripe.confirm')}</p>`;
      case 'closed':
      case 'blocked':
        return html`<p>${say('stripe.window.why')}</p>
          ${this.state === 'blocked' ? html`<p class="wrong" role="alert">${say('stripe.window.blocked')}</p>` : nothing}
          <button class="primary" type="button" @click=${this.#openWindow}>${say('stripe.window')}</button>`;
      case 'failed':
        return html`<p class="wrong" role="alert">${say('stripe.failed')}</p>`;
      default:
        return html`<p class="caption" role="status">${this.#isBusy ? say('pay.busy') : nothing}</p>`;
    }
  }

  #problem(): TemplateResult | typeof nothing {
    const words = this.#problemText();
    if (words === null) return nothing;
    return html`<p class="wrong" role="alert">${words}</p>${supportLine(this.texts, this.snapshot.me)}`;
  }

  #problemText(): string | null {
    const { failure, refusal } = this.step;
    if (this.mistake !== '') return this.mistake;
    if (refusal !== null) return billingRefusalText(refusal, this.texts, this.snapshot.me);
    return failure === null ? null : failureText(failure, this.texts);
  }

  async #open(place: PaymentPlace | null): Promise<void> {
    this.#place = place;
    this.state = place === null ? 'closed' : 'loading';
    if (place === null) return;
    try {
      const { openStripeDesk } = await import('../cards/stripe-desk.ts');
      const isDark = getComputedStyle(this).colorScheme === 'dark';
      const { clientSecret, plan } = this.step;
      this.#desk = await openStripeDesk({
        publishableKey: this.#publishableKey,
        clientSecret,
        isSetup: plan === null,
        container: place.container,
        isDark,
      });
      this.state = 'ready';
    } catch {
      this.state = 'failed';
    }
  }

  readonly #openWindow = (): void => {
    const { texts } = this;
    const { plan } = this.step;
    const place = placeInWindow({
      title: texts.say('card.title'),
      label:
        plan === null ? texts.say('test.save') : texts.say('pay.button', { money: texts.price(plan.amountMicros) }),
      language: texts.locale,
      onConfirm: () => void this.#run(() => this.#confirm()),
    });
    if (place === null) this.state = 'blocked';
    else void this.#open(place);
  };

  get #publishableKey(): string {
    const { billing } = this.snapshot;
    const provider = billing.state === 'open' ? billing.settings.provider : null;
    return provider?.kind === 'stripe' ? provider.publishableKey : '';
  }

  /** Whatever the provider says here, the server's word is what counts: it is asked. */
  async #run(send: () => Promise<DeskAnswer>): Promise<void> {
    this.mistake = '';
    if (this.step.step === 'card') this.state = 'busy';
    try {
      const answer = await send();
      this.mistake = answer?.mistake ?? '';
      if (answer === null) this.request('credit-phone-billing-request', { wish: { type: 'provider_done' } });
      if (this.state === 'busy') this.state = 'ready';
    } catch {
      this.state = 'failed';
    }
  }

  async #confirm(): Promise<DeskAnswer> {
    return (await this.#desk?.confirm()) ?? null;
  }

  async #authenticate(): Promise<DeskAnswer> {
    const { authenticateAtStripe } = await import('../cards/stripe-desk.ts');
    await authenticateAtStripe({
      publishableKey: this.#publishableKey,
      clientSecret: this.step.clientSecret,
      isDark: getComputedStyle(this).colorScheme === 'dark',
    });
    return null;
  }

  #clear(): void {
    this.#desk?.close();
    this.#place?.remove();
    this.#desk = null;
    this.#place = null;
  }

  readonly #leave = (): void => {
    this.request('credit-phone-billing-request', { wish: { type: 'leave' } });
  };

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.#isBusy) return;
    event.stopPropagation();
    this.#leave();
  }
}
