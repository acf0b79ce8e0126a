import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { BillingSnapshot, BillingWish, PaymentListSnapshot } from '../phone/billing-snapshot.ts';
import type { Invoice } from '../protocol/invoice.ts';
import type { Payment } from '../protocol/payment.ts';
import { billingStyles } from './billing.styles.ts';
import { billingRefusalText, cardText, failureText } from './billing-text.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { type PaymentMark, paymentMark } from './payment-mark.ts';
import { PhoneElement } from './phone-element.ts';

/** Rows that are shown before somebody wants more. */
const FIRST_ROWS = 3;

type FullList = Extract<PaymentListSnapshot, { state: 'full' }>;

/**
 * What was paid, by whom and how, with its receipt (S-18, F-24). Asked for when the Credit tab is opened.
 */
export class PaymentList extends PhoneElement {
  static override properties: PropertyDeclarations = { isOpen: { state: true } };
  static override styles = [
    controlStyles,
    creditPanelStyles,
    billingStyles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) max-content;
        gap: 2px 12px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_line);
      }
      li:last-child {
        border: 0;
      }
      li > * {
        overflow-wrap: anywhere;
      }
      .sum {
        font-weight: 600;
        text-align: end;
      }
      .gone {
        color: var(--_quiet);
        text-decoration: line-through;
      }
      .mark {
        text-align: end;
      }
      .papers {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .papers button {
        min-block-size: 28px;
        padding-inline: 0;
        color: var(--_accent);
        text-decoration: underline;
      }
      .why {
        grid-column: 1 / -1;
      }
      .ghost {
        block-size: 37px;
        border-radius: 8px;
        background: var(--_raised);
      }
    `,
  ];

  declare isOpen: boolean;

  #shownState: PaymentListSnapshot['state'] | null = null;

  constructor() {
    super();
    this.isOpen = false;
  }

  /** When the tab is opened, and again for another office, whose payments are other ones. */
  protected override updated(): void {
    const { state } = this.#list;
    const isNew = this.#shownState === null || (state === 'unopened' && this.#shownState !== 'unopened');
    this.#shownState = state;
    if (isNew) this.#ask({ type: 'list_payments' });
  }

  protected override render(): TemplateResult {
    return html`
      <div class="block stack">
        <h3>${this.texts.say('paid.title')}</h3>
        ${this.#content()}
      </div>
    `;
  }

  #content(): TemplateResult {
    const { say } = this.texts;
    const list = this.#list;
    switch (list.state) {
      case 'unopened':
      case 'loading':
        return html`<div class="ghost" role="status"><span class="visually-hidden">${say('part.loading')}</span></div>`;
      case 'failed':
        return html`
          <p class="wrong" role="alert">${say('paid.unknown')}</p>
          <div class="row"><button type="button" @click=${() => this.#ask({ type: 'list_payments' })}>${say('bill.again')}</button></div>
        `;
      case 'full':
        return html`${list.payments.length === 0 ? html`<p>${say('paid.none')}</p>` : this.#rows(list)} ${this.#invoices(list)}`;
    }
  }

  #rows(list: FullList): TemplateResult {
    const shown = this.isOpen ? list.payments : list.payments.slice(0, FIRST_ROWS);
    const isMoreThere = shown.length < list.payments.length || list.isMoreThere;
    return html`
      <ul>${shown.map((payment) => this.#row(payment, list))}</ul>
      ${list.refusal === null ? nothing : html`<p class="wrong" role="alert">${this.#refusal(list)}</p>`}
      ${isMoreThere ? html`<div class="row"><button id="more" type="button" ?disabled=${list.isLoadingMore} @click=${() => this.#more(list)}>${this.texts.say(list.isLoadingMore ? 'paid.more.busy' : 'paid.more')}</button></div>` : nothing}
    `;
  }

  /** Of the month: credit on account, and services that are paid by invoice (D-15, C-21). One about a single payment stands there. */
  #invoices(list: FullList): TemplateResult | typeof nothing {
    const { say } = this.texts;
    const known = new Set(list.payments.map(({ paymentId }) => paymentId));
    const invoices = list.papers.filter(({ kind, reference }) => kind === 'invoice' && !known.has(reference ?? ''));
    if (invoices.length === 0) return nothing;
    const shown = this.isOpen ? invoices : invoices.slice(0, FIRST_ROWS);
    return html`
      <h4>${say('paid.invoices')}</h4>
      <ul class="invoices">${shown.map((invoice) => this.#invoice(invoice, list))}</ul>
    `;
  }

  #invoice(invoice: Invoice, list: FullList): TemplateResult {
    const { texts } = this;
    const { name, amountMicros, currency, issuedAtMs, isOpen = true } = invoice;
    return html`
      <li class="paid">
        <span>${name}</span>
        <span class="sum">${texts.price(amountMicros, currency)}</span>
        <span class="caption">${texts.day(issuedAtMs)}</span>
        <span class="caption mark ${isOpen ? '' : 'good'}">${texts.say(isOpen ? 'paid.invoice.open' : 'paid.invoice.paid')}</span>
        <span class="papers">${this.#paper(invoice, list)}</span>
      </li>
    `;
  }

  #refusal({ refusal }: FullList): string {
    if (refusal === null || refusal.code === 'unavailable') return this.texts.say('paid.unknown');
    return billingRefusalText(refusal, this.texts, this.snapshot.me);
  }

  #row(payment: Payment, list: FullList): TemplateResult {
    const { texts } = this;
    const mark = paymentMark(payment);
    const amount = texts.price(payment.amountMicros, payment.currency);
    const papers = list.papers.filter(({ reference }) => reference === payment.paymentId);
    return html`
      <li class="paid">
        <span>${payment.kind === 'auto_recharge' ? texts.say('paid.auto') : (payment.byName ?? texts.say('paid.somebody'))}</span>
        <span class="sum ${mark === 'failed' || mark === 'canceled' ? 'gone' : ''}">${amount}</span>
        <span class="caption">${texts.day(payment.createdAtMs)}, ${texts.time(payment.createdAtMs)}${payment.card === null ? '' : html` · ${cardText(payment.card, texts)}`}</span>
        <span class="caption mark ${TONES[mark]}">${this.#markText(payment, mark)}</span>
        ${this.#why(payment)}
        ${papers.length === 0 ? nothing : html`<span class="papers">${papers.map((paper) => this.#paper(paper, list))}</span>`}
      </li>
    `;
  }

  #markText({ returnedMicros, currency }: Payment, mark: PaymentMark): string {
    return this.texts.say(`paid.${mark}`, { money: this.texts.price(returnedMicros, currency) });
  }

  /** Why it failed, or why it was charged without anybody asking. */
  #why({ status, kind, failure, availableMicros, currency }: Payment): TemplateResult | typeof nothing {
    const { texts } = this;
    if (status === 'failed') return html`<span class="caption why">${failureText(failure, texts)}</span>`;
    if (kind !== 'auto_recharge' || availableMicros === null) return nothing;
    return html`<span class="caption why">${texts.say('paid.because', { money: texts.balance(availableMicros, currency) })}</span>`;
  }

  #paper({ name, kind }: Invoice, { savingPaper }: FullList): TemplateResult {
    const { say } = this.texts;
    const shown = say(savingPaper === name ? 'paid.paper.busy' : `paid.${kind}`);
    return html`<button
      class="plain"
      type="button"
      aria-label=${say('paid.paper.label', { kind: shown, name })}
      ?disabled=${savingPaper !== null}
      @click=${() => this.#ask({ type: 'save_paper', name })}
    >
      ${shown}
    </button>`;
  }

  /** First what is there already, then the next page. */
  #more(list: FullList): void {
    const wasOpen = this.isOpen;
    this.isOpen = true;
    if (wasOpen || list.payments.length <= FIRST_ROWS) this.#ask({ type: 'more_payments' });
  }

  get #list(): PaymentListSnapshot {
    const { billing }: { readonly billing: BillingSnapshot } = this.snapshot;
    return billing.state === 'open' ? billing.list : { state: 'loading' };
  }

  #ask(wish: BillingWish): void {
    this.request('credit-phone-billing-request', { wish });
  }
}

const TONES: Readonly<Record<PaymentMark, string>> = {
  done: 'good',
  coming: '',
  unfinished: '',
  failed: 'wrong',
  canceled: '',
  refunded: '',
  partly_refunded: '',
};
