import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { RatesSnapshot, StatementWish } from '../phone/statement-snapshot.ts';
import { clockText, SECONDS_PER_MINUTE } from '../protocol/duration.ts';
import { isFree, perMinuteMicros } from '../protocol/price.ts';
import { ANY_PREFIX, type Rate } from '../protocol/rate.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { usageStyles } from './usage.styles.ts';

/** Somebody is still typing; the server is asked when they pause. */
const TYPING_PAUSE_MS = 300;
/** What the server takes. */
const MAX_SEARCH_LENGTH = 60;

/** F-08, C-19: what a call costs before anybody makes it, searched by destination or number. It takes the place of the usage. */
export class CallRates extends PhoneElement {
  static override properties: PropertyDeclarations = { rates: { attribute: false } };
  static override styles = [
    controlStyles,
    creditPanelStyles,
    billingStyles,
    usageStyles,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 12px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_line);
      }
      li > .caption {
        inline-size: 100%;
      }
      li b {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare rates: RatesSnapshot;

  #typing: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  /** The link that was pressed is gone: the focus goes where somebody types next. */
  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('#search')?.focus();
  }

  protected override render(): TemplateResult {
    const { say } = this.texts;
    const { rates, search, isLoading, refusal } = this.rates;
    return html`
      <div class="block stack">
        <h3>${say('rates.title')}</h3>
        <div><button id="back" class="link" type="button" @click=${() => this.#ask({ type: 'show_rates', search: null })}>${say('rates.back')}</button></div>
        <div class="field">
          <label for="search">${say('rates.search')}</label>
          <input id="search" type="search" maxlength=${MAX_SEARCH_LENGTH} placeholder=${say('rates.search.hint')} .value=${search} @input=${this.#onType} @change=${this.#onSearch} />
        </div>
        ${rates.length === 0 ? this.#empty() : html`<ul aria-label=${say('rates.title')} aria-busy=${isLoading}>${rates.map((rate) => this.#row(rate))}</ul>`}
        ${refusal === null ? this.#more() : this.#failed()}
      </div>
    `;
  }

  #empty(): TemplateResult | typeof nothing {
    const { say } = this.texts;
    const { search, isLoading, refusal } = this.rates;
    if (isLoading)
      return html`<div class="ghost" role="status"><span class="visually-hidden">${say('part.loading')}</span></div>`;
    if (refusal !== null) return nothing;
    return html`<div class="empty"><p role="status">${search === '' ? say('rates.none.at_all') : say('rates.none', { search })}</p></div>`;
  }

  #row(rate: Rate): TemplateResult {
    const { texts } = this;
    return html`<li>
      <b><bdi>${rate.destination === '' ? (rate.service ?? '') : rate.destination}</bdi></b>
      <span class="number">${this.#priceText(rate)}</span>
      <span class="caption">${prefixText(rate)} ${this.#facts(rate).join(' · ')}</span>
      ${rate.licence === null ? nothing : html`<span class="caption">${texts.say('rates.licence', { licence: rate.licence })}</span>`}
    </li>`;
  }

  /** Of a call the price of a minute, as the dial pad says it; of a metered service that of one unit. */
  #priceText(rate: Rate): string {
    const { say, price } = this.texts;
    if (isFree(rate)) return say('rates.free');
    const [first] = rate.steps;
    if (rate.service !== undefined && first !== undefined)
      return say('rates.each', { money: price(first.priceMicros, rate.currency) });
    return say('rate.price', { price: price(perMinuteMicros(rate, { startedAtMs: this.rates.atMs }), rate.currency) });
  }

  #facts(rate: Rate): readonly string[] {
    const { texts } = this;
    const { say } = texts;
    const { service, connectionFeeMicros, effectiveFromMs, effectiveToMs } = rate;
    return [
      ...(service === undefined ? [say(`rates.kind.${rate.kind}`), say(`rates.${rate.direction}`)] : [service]),
      ...(connectionFeeMicros === 0
        ? []
        : [say('rates.fee', { money: texts.price(connectionFeeMicros, rate.currency) })]),
      ...(service === undefined && !isFree(rate) ? this.#steps(rate) : []),
      ...(rate.windows.length === 0 ? [] : [say('rates.windows')]),
      ...(effectiveFromMs === null ? [] : [say('rates.from', { date: texts.day(effectiveFromMs) })]),
      ...(effectiveToMs === null ? [] : [say('rates.until', { date: texts.day(effectiveToMs) })]),
    ];
  }

  /** How it is billed, and from when on it costs something else. */
  #steps({ steps, ...rate }: Rate): readonly string[] {
    const { texts } = this;
    return steps.flatMap((step) => {
      const money = texts.price(
        perMinuteMicros({ ...rate, steps: [{ ...step, fromSecond: 0 }], windows: [] }, AT_ONCE),
        rate.currency,
      );
      const by = this.#incrementText(step.incrementSeconds);
      return steps.length === 1 ? [by] : [texts.say('rates.step', { money, clock: clockText(step.fromSecond) }), by];
    });
  }

  #incrementText(seconds: number): string {
    const { say } = this.texts;
    if (seconds === SECONDS_PER_MINUTE) return say('rates.by.minute');
    return seconds === 1 ? say('rates.by.second') : say('rates.by.seconds', { count: seconds });
  }

  #failed(): TemplateResult {
    const { say } = this.texts;
    const { rates, search } = this.rates;
    const again: StatementWish = rates.length === 0 ? { type: 'show_rates', search } : { type: 'more_rates' };
    return html`
      <p class="wrong" role="alert">${say('rates.unknown')}</p>
      <div class="row"><button id="again" type="button" @click=${() => this.#ask(again)}>${say('use.again')}</button></div>
    `;
  }

  #more(): TemplateResult | typeof nothing {
    const { isMoreThere, isLoading } = this.rates;
    if (!isMoreThere) return nothing;
    return html`<div class="row"><button id="more" type="button" aria-disabled=${isLoading} @click=${() => this.#ask({ type: 'more_rates' })}>${this.texts.say(isLoading ? 'use.more.busy' : 'use.more')}</button></div>`;
  }

  readonly #onType = ({ currentTarget }: Event): void => {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#search(currentTarget), TYPING_PAUSE_MS);
  };

  readonly #onSearch = ({ currentTarget }: Event): void => {
    clearTimeout(this.#typing);
    this.#search(currentTarget);
  };

  #search(field: EventTarget | null): void {
    if (!(field instanceof HTMLInputElement)) return;
    const search = field.value.trim();
    if (search !== this.rates.search) this.#ask({ type: 'show_rates', search });
  }

  #ask(wish: StatementWish): void {
    this.request('credit-phone-statement-request', { wish });
  }
}

/** One step alone costs the same at any moment. */
const AT_ONCE = { startedAtMs: 0 };

/** "+4915…" is many numbers, "600" is one. */
function prefixText({ prefix }: Rate): TemplateResult | typeof nothing {
  if (prefix === ANY_PREFIX) return nothing;
  return html`<bdi dir="ltr">${prefix.startsWith('=') ? prefix.slice(1) : `+${prefix}…`}</bdi> ·`;
}
