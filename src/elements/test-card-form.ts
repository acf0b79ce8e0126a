import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Checkout, TypedCard } from '../phone/billing-snapshot.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, failureText, hasEnded } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import type { MessageKey } from './messages.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { supportLine } from './support-line.ts';

type CardStep = Extract<Checkout, { step: 'card' }>;
type Field = 'number' | 'expiry' | 'cvc';
type Mistakes = Partial<Record<Field, MessageKey>>;

/** The simulated provider's card form. It takes test cards only and says so; real ones belong into the real provider's form. */
export class TestCardForm extends PhoneElement {
  static override properties: PropertyDeclarations = {
    step: { attribute: false },
    mistakes: { state: true },
  };
  static override styles = [controlStyles, billingStyles];

  declare step: CardStep;
  declare mistakes: Mistakes;

  constructor() {
    super();
    this.mistakes = {};
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const { isBusy, plan } = this.step;
    return html`
      <form class="stack" novalidate tabindex="-1" data-focus aria-label=${say('test.title')} aria-busy=${isBusy} @submit=${this.#submit} @keydown=${this.#onKeydown}>
        <h2>${say('test.title')}</h2>
        ${this.#problem()}
        <div class="note">${panelIcon('card')}<span>${say('test.note')} ${say('test.cards')}</span></div>
        <div class="fields">
          ${this.#field('number', { className: 'wide', maxLength: 23 })} ${this.#field('expiry', { maxLength: 5 })}
          ${this.#field('cvc', { maxLength: 4 })}
        </div>
        <button class="primary" type="submit" ?disabled=${isBusy}>${this.#label()}</button>
        <p class="caption" role="status">${isBusy && plan !== null ? say('pay.busy') : nothing}</p>
        ${isBusy ? nothing : html`<button class="plain" type="button" @click=${this.#leave}>${say('add.cancel')}</button>`}
      </form>
    `;
  }

  /** Never filled in by the browser: it would offer real cards. */
  #field(name: Field, look: { readonly className?: string; readonly maxLength: number }): TemplateResult {
    const mistake = this.mistakes[name];
    return html`<div class="field ${look.className ?? ''}">
      <label for=${name}>${this.texts.say(`test.${name}`)}</label>
      <input
        id=${name}
        name=${name}
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength=${look.maxLength}
        aria-invalid=${mistake !== undefined}
        aria-describedby=${`${name}-wrong`}
      />
      <span class="caption wrong" id=${`${name}-wrong`}>${mistake === undefined ? nothing : this.texts.say(mistake)}</span>
    </div>`;
  }

  #label(): string {
    const { say } = this.texts;
    const { isBusy, plan } = this.step;
    if (isBusy) return say(plan === null ? 'test.busy.save' : 'pay.busy.button');
    return plan === null ? say('test.save') : say('pay.button', { money: this.texts.price(plan.amountMicros) });
  }

  /** Above the fields, which are empty again: below them it would be out of sight. */
  #problem(): TemplateResult | typeof nothing {
    const { failure, refusal } = this.step;
    if (failure === null && refusal === null) return nothing;
    const isNoTestCard = refusal?.code === 'request_invalid';
    const words = isNoTestCard
      ? this.texts.say('no.test_card')
      : refusal === null
        ? failureText(failure, this.texts)
        : billingRefusalText(refusal, this.texts, this.snapshot.me);
    return html`<p class="wrong" role="alert">${words}</p>${supportLine(this.texts, this.snapshot.me)}`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const card = this.#typed();
    const [first] = Object.keys(this.mistakes);
    if (first !== undefined) this.renderRoot.querySelector<HTMLElement>(`#${first}`)?.focus();
    else if (card !== null) this.request('credit-phone-billing-request', { wish: { type: 'give_test_card', card } });
  }

  #typed(): TypedCard | null {
    const read = readCard((field) => this.renderRoot.querySelector<HTMLInputElement>(`#${field}`)?.value ?? '');
    this.mistakes = 'mistakes' in read ? read.mistakes : {};
    return 'card' in read ? read.card : null;
  }

  readonly #leave = (): void => {
    this.request('credit-phone-billing-request', { wish: { type: 'leave' } });
  };

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.step.isBusy) return;
    event.stopPropagation();
    this.#leave();
  }
}

/** Checks the shape only: whether a card is good is the provider's to say. */
export function readCard(
  typed: (field: Field) => string,
  nowMs?: number,
): { readonly card: TypedCard } | { readonly mistakes: Mistakes } {
  const number = typed('number').replace(/[\s-]/g, '');
  const [, month = '', year = ''] = /^\s*(\d{1,2})\s*\/?\s*(\d{2})\s*$/.exec(typed('expiry')) ?? [];
  const cvc = typed('cvc').trim();
  const expiryMonth = Number(month);
  const expiryYear = 2000 + Number(year);
  const isMonth = month !== '' && expiryMonth >= 1 && expiryMonth <= 12;
  const mistakes: Mistakes = {
    ...(/^\d{12,19}$/.test(number) ? {} : { number: 'test.number.wrong' }),
    ...(isMonth
      ? hasEnded({ expiryMonth, expiryYear }, nowMs)
        ? { expiry: 'test.expiry.over' }
        : {}
      : { expiry: 'test.expiry.wrong' }),
    ...(/^\d{3,4}$/.test(cvc) ? {} : { cvc: 'test.cvc.wrong' }),
  };
  return Object.keys(mistakes).length > 0 ? { mistakes } : { card: { number, expiryMonth, expiryYear, cvc } };
}
