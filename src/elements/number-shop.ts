import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { ShopSnapshot } from '../phone/phone-snapshot.ts';
import type { ShopNumber } from '../protocol/number.ts';
import { calendarDayText } from './calendar-day.ts';
import { controlStyles } from './control.styles.ts';
import { type CountryName, countryNames } from './country-codes.ts';
import { icon } from './later-icons.ts';
import type { NumberFormat } from './number-format.ts';
import { numberPrice, pricesOf, thinWarning } from './number-price.ts';
import { searchForm, searchOf } from './number-search-form.ts';
import { numberShopStyles } from './number-shop.styles.ts';
import { panelIcon } from './panel-icons.ts';
import { PhoneElement } from './phone-element.ts';
import { purchaseRefusalText } from './purchase-refusal-text.ts';
import { isMendedByCredit } from './refusal-text.ts';

type FullShop = Extract<ShopSnapshot, { state: 'full' }>;

/** How long typing has to pause before the shop is searched, in milliseconds. */
const SEARCH_PAUSE_MS = 250;

/**
 * Phone numbers for sale: search, price due today and by the month, and a Buy button that is disabled with the reason beside it
 * while the credit does not cover it (F-27, S-01). Who buys with the last credit is told before.
 *
 * @csspart number-row - One number for sale.
 * @csspart buy-button - The Buy button of a number.
 */
export class NumberShop extends PhoneElement {
  static override properties: PropertyDeclarations = { format: { attribute: false }, hasCountry: { state: true } };
  static override styles = [controlStyles, numberShopStyles];

  declare format: NumberFormat | null;
  /** A country is chosen in the form. */
  declare hasCountry: boolean;

  #countries: readonly CountryName[] = [];
  #countriesLocale = '';
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.format = null;
    this.hasCountry = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searchTimer);
  }

  protected override willUpdate(): void {
    if (this.#countriesLocale === this.texts.locale) return;
    this.#countriesLocale = this.texts.locale;
    this.#countries = countryNames(this.texts.locale);
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    if (this.snapshot.shop.state === 'unopened') this.#search();
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    return html`
      <section tabindex="-1" data-focus aria-label=${say('shop.title')}>
        <h2>${say('shop.title')}</h2>
        ${this.#searchForm()}
        <div role="region" aria-label=${say('shop.results')}>${this.#results()}</div>
      </section>
    `;
  }

  #searchForm(): TemplateResult {
    return searchForm({
      texts: this.texts,
      countries: this.#countries,
      hasCountry: this.hasCountry,
      onSubmit: this.#onSubmit,
      onChange: this.#onChange,
      onInput: this.#searchSoon,
    });
  }

  #results(): TemplateResult {
    const { shop } = this.snapshot;
    switch (shop.state) {
      case 'unopened':
      case 'loading':
        return html`<p class="visually-hidden">${this.texts.say('part.loading')}</p>
          ${[1, 2, 3, 4].map(() => html`<div class="ghost"></div>`)}`;
      case 'failed':
        return html`<p class="problem" role="alert">${purchaseRefusalText(shop.refusal, this.texts)}</p>
          <button type="button" @click=${() => this.#search()}>${this.texts.say('shop.again')}</button>`;
      case 'full':
        return this.#full(shop);
    }
  }

  #full(shop: FullShop): TemplateResult {
    const { say } = this.texts;
    if (shop.numbers.length === 0)
      return html`<div class="empty"><b>${say('shop.empty')}</b><p class="caption">${say('shop.empty.detail')}</p></div>`;
    return html`
      ${shop.bought === null ? nothing : this.#bought(shop.bought, shop)}
      ${shop.refusal === null ? nothing : html`<p class="problem" role="alert">${purchaseRefusalText(shop.refusal, this.texts)}</p>`}
      ${this.isAdmin ? nothing : html`<p class="caption" id="admin-only">${say('shop.admin_only')}</p>`}
      <ul>${shop.numbers.map((number, index) => this.#row(number, { shop, reasonId: `reason-${index}` }))}</ul>
      ${shop.isMoreThere ? html`<button class="more" type="button" @click=${() => this.request('credit-phone-more-numbers-request', {})}>${say('shop.more')}</button>` : nothing}
    `;
  }

  #bought(bought: string, { numbers }: FullShop): TemplateResult {
    const row = numbers.find(({ number }) => number === bought);
    const number = this.#shown(bought);
    const { say, locale } = this.texts;
    const day = row && calendarDayText(row.due.nextRentDay, locale);
    return html`<p class="bought" role="status">
      ${icon('check')}<span>${day === undefined ? say('num.done.plain', { number }) : say('num.done', { number, day })}</span>
    </p>`;
  }

  #row(number: ShopNumber, place: { readonly shop: FullShop; readonly reasonId: string }): TemplateResult {
    const { texts } = this;
    const reason = this.isAdmin ? this.#whyNot(number) : null;
    return html`
      <li class="row" part="number-row">
        <div class="facts">
          <bdi class="number" dir="ltr">${this.#shown(number.number)}</bdi>
          <span class="caption">${[number.region, texts.say(`shop.type.${number.type}`)].filter(Boolean).join(' · ')}</span>
        </div>
        ${this.#buyButton(number, place, reason)}
        <div class="prices">
          ${numberPrice(number, texts)}
          <span class="caption">${this.#inbound(number)}</span>
        </div>
        ${this.#state(number)}
        ${reason === null ? nothing : html`<div class="reason"><span id=${place.reasonId}>${reason}</span> ${this.#fix(number)}</div>`}
        ${this.isAdmin ? thinWarning(number, texts) : nothing}
      </li>
    `;
  }

  /** What an order at a carrier has come to. */
  #state(number: ShopNumber): TemplateResult | typeof nothing {
    const { texts } = this;
    if (number.status === 'failed') return html`<p class="reason">${texts.say('num.failed')}</p>`;
    if (number.status !== 'ordering') return nothing;
    const money = texts.price(number.dueTodayMicros, number.currency);
    return html`<p class="caption wide">${texts.say('num.ordering.detail', { money })}</p>`;
  }

  #fix({ refusal }: ShopNumber): TemplateResult | typeof nothing {
    if (refusal === null || !isMendedByCredit(refusal)) return nothing;
    return html`<credit-phone-fix-button
      exportparts="action"
      .snapshot=${this.snapshot}
      .texts=${this.texts}
      .kind=${'link'}
    ></credit-phone-fix-button>`;
  }

  #buyButton(
    number: ShopNumber,
    place: { readonly shop: FullShop; readonly reasonId: string },
    reason: string | null,
  ): TemplateResult {
    const { say } = this.texts;
    if (number.status === 'owned') return html`<span class="state owned">${icon('check')}${say('num.owned')}</span>`;
    if (number.status === 'taken') return html`<span class="state">${say('num.taken')}</span>`;
    if (number.status === 'ordering')
      return html`<span class="state" role="status">${panelIcon('clock')}${say('num.ordering')}</span>`;
    if (number.status === 'failed')
      return html`<span class="state failed">${icon('cross')}${say('num.undelivered')}</span>`;
    const isBuying = place.shop.buying === number.number;
    return html`<button
      class="buy"
      part="buy-button"
      type="button"
      ?disabled=${!this.isAdmin || reason !== null || place.shop.buying !== null}
      aria-label=${say('num.buy.label', { number: this.#shown(number.number), ...pricesOf(number, this.texts) })}
      aria-describedby=${this.isAdmin ? (reason === null ? nothing : place.reasonId) : 'admin-only'}
      @click=${() => this.request('credit-phone-buy-request', { number: number.number })}
    >
      ${say(isBuying ? 'num.buying' : 'num.buy')}
    </button>`;
  }

  #whyNot(number: ShopNumber): string | null {
    if (number.status !== 'available') return null;
    return number.refusal === null ? null : purchaseRefusalText(number.refusal, this.texts);
  }

  #inbound(number: ShopNumber): string {
    return number.inboundPerMinuteMicros === 0
      ? this.texts.say('shop.inbound.free')
      : this.texts.say('shop.inbound', { price: this.texts.price(number.inboundPerMinuteMicros, number.currency) });
  }

  #shown(number: string): string {
    return this.format === null ? number : this.format.complete(number);
  }

  #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.#search();
  };

  #onChange = (): void => {
    this.#search();
  };

  #searchSoon = (event: InputEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => this.#search(), SEARCH_PAUSE_MS);
  };

  #search(): void {
    clearTimeout(this.#searchTimer);
    const form = this.renderRoot.querySelector('form');
    if (!form) return;
    const search = searchOf(new FormData(form));
    this.hasCountry = search.country !== undefined;
    this.request('credit-phone-search-request', { search });
  }
}
