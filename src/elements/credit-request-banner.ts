import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { AskedRequest, BillingSnapshot, PaymentPlan } from '../phone/billing-snapshot.ts';
import type { CreditRequest } from '../protocol/account.ts';
import { MAX_WORDS_LENGTH } from '../protocol/account.ts';
import { MICROS_PER_UNIT, micros } from '../protocol/money.ts';
import { bannerStyles } from './banner.styles.ts';
import { controlStyles } from './control.styles.ts';
import { openCreditRequests } from './open-credit-requests.ts';
import { PhoneElement } from './phone-element.ts';

type OpenBilling = Extract<BillingSnapshot, { state: 'open' }>;

/** What an admin grants with one click; where the server takes payments, the first amount that is no less. */
const GRANT_MICROS = micros(25 * MICROS_PER_UNIT);

/**
 * An agent asks for credit: the admin adds some, or says not now, with words or without. Shown on every panel until it is answered (S-05).
 *
 * @csspart request - The banner.
 */
export class CreditRequestBanner extends PhoneElement {
  static override properties: PropertyDeclarations = { declining: { state: true } };
  static override styles = [
    controlStyles,
    bannerStyles,
    css`
      .answer {
        display: flex;
        flex-direction: column;
        gap: 4px;
        margin-block-start: 8px;
      }
      .answer input {
        inline-size: 100%;
      }
      .buttons button {
        min-block-size: 32px;
      }
    `,
  ];

  /** The request that is being declined, while the admin writes why. */
  declare declining: string | null;

  constructor() {
    super();
    this.declining = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const [first, ...others] = openCreditRequests(this.snapshot);
    if (!first || !this.isAdmin) return nothing;
    const { say } = this.texts;
    const key = first.reason === '' ? 'req.banner.plain' : 'req.banner';
    return html`
      <section class="banner" part="request" aria-label=${say('req.label')}>
        <p class="words">${say(key, { name: first.agentName, reason: first.reason })}</p>
        ${this.declining === first.requestId ? this.#declineForm(first) : this.#buttons(first, others.length)}
      </section>
    `;
  }

  #buttons(first: CreditRequest, otherCount: number): TemplateResult {
    return html`<div class="buttons">
      ${this.#addButton(first)}
      <button id="not-now" class="plain" type="button" @click=${() => this.#decline(first.requestId)}>${this.texts.say('req.not_now')}</button>
      ${otherCount === 0 ? nothing : html`<span class="caption">${this.texts.count('req.more', otherCount)}</span>`}
    </div>`;
  }

  /** With one click where the button can say amount and card; otherwise where both are chosen. Play credit with one click, too. */
  #addButton({ requestId, officeId }: CreditRequest): TemplateResult | typeof nothing {
    const { billing, me } = this.snapshot;
    if (billing.state === 'open' && billing.answering === requestId) return nothing;
    const asked = { requestId, officeId };
    const offer = billing.state === 'open' ? this.#offer(billing, officeId) : null;
    if (billing.state === 'open' || billing.state === 'loading')
      return html`${offer === null ? nothing : this.#payButton(asked, offer)}
        <button type="button" ?disabled=${billing.state === 'loading'} @click=${() => this.request('credit-phone-answer-by-adding-request', asked)}>
          ${this.texts.say(offer === null ? 'add.button' : 'req.other_amount')}
        </button>`;
    // Play credit goes to the admin's own office: no answer to an agent of another one.
    return me?.isDemo && me.office.officeId === officeId ? this.#grantButton(requestId) : nothing;
  }

  /** Null where one click would not do: another office, no card, a card that must be confirmed, or something else is being paid. */
  #offer({ settings, checkout }: OpenBilling, officeId: string): PaymentPlan | null {
    const { card, topUp, onAccount, isCardUnconfirmed, isDisputed } = settings;
    const isElsewhere = settings.officeId !== officeId;
    if (card === null || isCardUnconfirmed || onAccount || isDisputed || isElsewhere || checkout.step !== 'none')
      return null;
    const amountMicros = topUp.presetsMicros.find((preset) => preset >= GRANT_MICROS) ?? topUp.presetsMicros.at(-1);
    return amountMicros === undefined ? null : { amountMicros, payWith: 'saved_card', keepsCard: false };
  }

  #payButton(asked: AskedRequest, plan: PaymentPlan): TemplateResult {
    const { billing } = this.snapshot;
    const last4 = billing.state === 'open' ? (billing.settings.card?.last4 ?? '') : '';
    const money = this.texts.price(plan.amountMicros, this.snapshot.me?.currency);
    return html`<button id="pay" class="primary" type="button" @click=${() => this.request('credit-phone-pay-for-request', { asked, plan })}>
      ${this.texts.say('req.pay', { money, last4 })}
    </button>`;
  }

  #declineForm({ agentName, requestId }: CreditRequest): TemplateResult {
    const { say } = this.texts;
    return html`<form class="answer" @submit=${(event: SubmitEvent) => this.#sendDecline(event, requestId)} @keydown=${this.#onKeydown}>
      <label for="words" class="caption">${say('req.words', { name: agentName })}</label>
      <input id="words" type="text" maxlength=${MAX_WORDS_LENGTH} autocomplete="off" />
      <div class="buttons">
        <button type="submit">${say('req.decline')}</button>
        <button class="plain" type="button" @click=${() => this.#decline(null)}>${say('req.back')}</button>
      </div>
    </form>`;
  }

  #decline(requestId: string | null): void {
    this.declining = requestId;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(requestId === null ? '#not-now' : '#words')?.focus(),
    );
  }

  #sendDecline(event: SubmitEvent, requestId: string): void {
    event.preventDefault();
    const words = this.renderRoot.querySelector<HTMLInputElement>('#words')?.value.trim() ?? '';
    this.declining = null;
    this.request('credit-phone-refuse-request', { requestId, words: words === '' ? null : words });
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#decline(null);
  }

  #grantButton(requestId: string): TemplateResult {
    return html`<button
      type="button"
      ?disabled=${this.snapshot.isAddingCredit}
      @click=${() => this.request('credit-phone-grant-request', { requestId, amountMicros: GRANT_MICROS })}
    >
      ${this.texts.say('req.add', { money: this.texts.price(GRANT_MICROS, this.snapshot.me?.currency) })}
    </button>`;
  }
}
