import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { StatementWish, UsageDetails, UsageSnapshot } from '../phone/statement-snapshot.ts';
import type { Micros } from '../protocol/money.ts';
import type { StatementSummary } from '../protocol/statement.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { creditPanelStyles } from './credit-panel.styles.ts';
import { loadPart } from './element-registry.ts';
import { PhoneElement } from './phone-element.ts';
import type { ChartModel } from './spend-chart-model.ts';
import { usageStyles } from './usage.styles.ts';
import { balanceOverTime, spendByDay } from './usage-charts.ts';
import { USAGE_VIEWS, type UsageView } from './usage-groups.ts';
import { countedText, monthText } from './usage-text.ts';

const CHARTS = ['none', 'days', 'balance'] as const;
type Chart = (typeof CHARTS)[number];
type FullUsage = Extract<UsageSnapshot, { state: 'full' }>;

/**
 * "Balance usage" (L-17, L-18, D-25, D-26): where the credit of a month went, by type, person or destination; drawn; item by item; as a
 * file.
 */
export class UsagePanel extends PhoneElement {
  static override properties: PropertyDeclarations = {
    view: { state: true },
    chart: { state: true },
    hasChartFailed: { state: true },
  };
  static override styles = [
    controlStyles,
    creditPanelStyles,
    billingStyles,
    usageStyles,
    css`
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
      }
      .chart {
        min-block-size: 240px;
      }
      h3[tabindex] {
        font-size: 14px;
        color: var(--_text);
      }
    `,
  ];

  declare view: UsageView;
  declare chart: Chart;
  declare hasChartFailed: boolean;

  #wasUnopened = false;
  #hadDetails = false;
  #hadRates = false;
  #hadFocus = false;
  #drawn: { readonly facts: readonly unknown[]; readonly model: ChartModel } | null = null;

  constructor() {
    super();
    this.view = 'type';
    this.chart = 'none';
    this.hasChartFailed = false;
  }

  protected override firstUpdated(): void {
    const { state } = this.#usage;
    if (state !== 'unopened' && state !== 'off') this.#ask({ type: 'open' });
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.matches(':focus-within');
  }

  /** Opened once, and again for another office, whose usage is another one. Lines that take the place of sums take the focus, and back. */
  protected override updated(): void {
    const isUnopened = this.#usage.state === 'unopened';
    if (isUnopened && !this.#wasUnopened) this.#ask({ type: 'open' });
    this.#wasUnopened = isUnopened;
    const hasRates = (this.snapshot.statement.rates ?? null) !== null;
    if (this.#hadRates && !hasRates && this.#hadFocus) this.renderRoot.querySelector<HTMLElement>('#rates')?.focus();
    this.#hadRates = hasRates;
    const hasDetails = this.#usage.state === 'full' && this.#usage.details !== null;
    if (hasDetails !== this.#hadDetails && this.#hadFocus)
      this.renderRoot.querySelector<HTMLElement>('#heading')?.focus();
    this.#hadDetails = hasDetails;
  }

  /** F-08: what calls cost is one click away from where their charges stand, also while the charges can't be shown. */
  protected override render(): TemplateResult | typeof nothing {
    const { rates = null } = this.snapshot.statement;
    if (rates !== null)
      return html`<credit-phone-call-rates .snapshot=${this.snapshot} .texts=${this.texts} .rates=${rates}></credit-phone-call-rates>`;
    if (this.#usage.state === 'off') return nothing;
    return html`
      ${this.#charges()}
      <div class="block"><button id="rates" class="link" type="button" @click=${() => this.#ask({ type: 'show_rates', search: '' })}>${this.texts.say('rates.title')}</button></div>
    `;
  }

  #charges(): TemplateResult | typeof nothing {
    const usage = this.#usage;
    const { say } = this.texts;
    switch (usage.state) {
      case 'off':
        return nothing;
      case 'unopened':
      case 'loading':
        return html`<div class="block stack"><h3>${say('use.title')}</h3>${this.#ghost()}</div>`;
      case 'failed':
        return html`<div class="block stack">
          <h3>${say('use.title')}</h3>
          <p class="wrong" role="alert">${say('use.unknown')}</p>
          <div class="row"><button type="button" @click=${() => this.#ask({ type: 'open' })}>${say('use.again')}</button></div>
        </div>`;
      case 'full':
        return html`<div class="block stack">${this.#head(usage)} ${this.#month(usage)}</div>`;
    }
  }

  get #usage(): UsageSnapshot {
    return this.snapshot.statement.usage;
  }

  #head(usage: FullUsage): TemplateResult {
    return html`
      <div class="head">
        <h3 id="heading" tabindex="-1">${usage.details === null ? this.texts.say('use.title') : this.#detailsTitle(usage.details, usage)}</h3>
        <credit-phone-usage-export .snapshot=${this.snapshot} .texts=${this.texts} .query=${usage.details?.query ?? {}}></credit-phone-usage-export>
      </div>
    `;
  }

  #month(usage: FullUsage): TemplateResult {
    const { summary, refusal, details } = usage;
    const { say } = this.texts;
    const failed = html`<p class="wrong" role="alert">${say(summary === null ? 'use.unknown' : 'use.old')}</p>
      <div class="row"><button type="button" @click=${() => this.#ask({ type: 'open' })}>${say('use.again')}</button></div>`;
    if (details !== null && summary !== null)
      return html`${refusal === null ? nothing : failed} ${this.#details(details, summary)}`;
    return html`
      ${this.#choices(usage)}
      ${refusal === null ? nothing : failed}
      ${summary === null ? (refusal === null ? this.#ghost() : nothing) : this.#summary(summary, usage)}
    `;
  }

  #ghost(): TemplateResult {
    return html`<div class="ghost" role="status"><span class="visually-hidden">${this.texts.say('part.loading')}</span></div>`;
  }

  #choices(usage: FullUsage): TemplateResult {
    const { say, locale } = this.texts;
    const months = [...new Set([usage.currentMonth, usage.month, ...usage.months.map(({ month }) => month)])]
      .sort()
      .reverse();
    return html`
      <div class="choices">
        <label>
          ${say('use.month')}
          <select id="month" @change=${this.#onMonth}>
            ${months.map((month) => html`<option value=${month} ?selected=${month === usage.month}>${monthText(month, locale)}</option>`)}
          </select>
        </label>
        <label>
          ${say('use.by')}
          <select id="view" @change=${this.#onView}>
            ${USAGE_VIEWS.map((view) => html`<option value=${view} ?selected=${view === this.view}>${say(`use.by.${view}`)}</option>`)}
          </select>
        </label>
        <label>
          ${say('use.charts')}
          <select id="chart" @change=${this.#onChart}>
            ${CHARTS.map((chart) => html`<option value=${chart} ?selected=${chart === this.chart}>${say(`use.chart.${chart}`)}</option>`)}
          </select>
        </label>
      </div>
    `;
  }

  #summary(summary: StatementSummary, usage: FullUsage): TemplateResult {
    const { texts } = this;
    const month = monthText(usage.month, texts.locale);
    if (summary.lineCount === 0)
      return html`
        ${this.#sums(summary, usage)}
        <div class="empty"><b>${texts.say('use.none', { month })}</b><p class="caption">${texts.say('use.none.detail')}</p></div>
        ${this.#invoiced(summary)}
      `;
    return html`
      ${this.#sums(summary, usage)}
      <p class="counts caption">
        <span>${countedText('use.toll_free', summary.tollFreeCallCount, texts)}</span>
        <span>${countedText('use.international', summary.internationalCallCount, texts)}</span>
      </p>
      ${this.chart === 'none' ? nothing : this.#chart(summary)}
      <credit-phone-usage-groups .snapshot=${this.snapshot} .texts=${texts} .summary=${summary} .view=${this.view}></credit-phone-usage-groups>
      <div class="row"><button id="all" type="button" @click=${() => this.#ask({ type: 'show_lines', query: {} })}>${texts.say('use.all')}</button></div>
      ${this.#invoiced(summary)}
    `;
  }

  /** C-21: apart from the credit, whose sums stand above. */
  #invoiced({ invoiced = [], currency }: StatementSummary): TemplateResult | typeof nothing {
    const { say, price } = this.texts;
    if (invoiced.length === 0) return nothing;
    return html`
      <h4>${say('use.invoiced')}</h4>
      <p class="caption">${say('use.invoiced.detail')}</p>
      <dl class="sums invoiced">
        ${invoiced.map(({ title, units, unit, amountMicros }) => html`<div><dt>${title} <span class="caption">${say('use.invoiced.units', { units, unit })}</span></dt><dd>${price(amountMicros, currency)}</dd></div>`)}
      </dl>
    `;
  }

  /** opening + added - spent = closing, to the micro-unit. */
  #sums(
    { openingMicros, addedMicros, spentMicros, closingMicros, currency }: StatementSummary,
    { month, currentMonth }: FullUsage,
  ): TemplateResult {
    const { say, price } = this.texts;
    const rows: readonly (readonly [name: string, amount: Micros])[] = [
      [say('use.opening'), openingMicros],
      [say('use.added'), addedMicros],
      [say('use.spent'), spentMicros],
      [say(month === currentMonth ? 'use.closing.now' : 'use.closing'), closingMicros],
    ];
    return html`<dl class="sums">${rows.map(([name, amount]) => html`<div><dt>${name}</dt><dd>${price(amount, currency)}</dd></div>`)}</dl>`;
  }

  #chart(summary: StatementSummary): TemplateResult {
    const { texts } = this;
    if (this.hasChartFailed) return html`<p class="caption wrong" role="alert">${texts.say('use.chart.failed')}</p>`;
    return html`<credit-phone-spend-chart class="chart" .snapshot=${this.snapshot} .texts=${texts} .model=${this.#chartModel(summary)}></credit-phone-spend-chart>
      <p class="caption">${texts.say('use.chart.hint')}</p>`;
  }

  /** The same object for the same figures: each new one is drawn anew. */
  #chartModel(summary: StatementSummary): ChartModel {
    const { texts, chart } = this;
    const { forecast } = this.snapshot.statement;
    const facts = [summary, forecast, chart, texts.locale] as const;
    if (this.#drawn === null || facts.some((fact, index) => fact !== this.#drawn?.facts[index])) {
      const model = (chart === 'balance' ? balanceOverTime : spendByDay)({ summary, forecast, texts });
      this.#drawn = { facts, model };
    }
    return this.#drawn.model;
  }

  #details(details: UsageDetails, summary: StatementSummary): TemplateResult {
    const { texts, snapshot } = this;
    return html`
      <div><button id="back" class="link" type="button" @click=${() => this.#ask({ type: 'show_lines', query: null })}>${texts.say('use.back')}</button></div>
      <credit-phone-usage-filter .snapshot=${snapshot} .texts=${texts} .query=${details.query} .summary=${summary}></credit-phone-usage-filter>
      <credit-phone-usage-lines .snapshot=${snapshot} .texts=${texts} .details=${details} .summary=${summary}></credit-phone-usage-lines>
    `;
  }

  #detailsTitle({ query }: UsageDetails, { summary, month }: FullUsage): string {
    const group = summary?.groups.find(({ groupKey }) => groupKey === query.group)?.title;
    const person = summary?.people.find(({ personId }) => personId === query.personId && personId !== null)?.personName;
    const parts = [group, person, query.destination, query.numberUsed].filter(
      (part) => part !== undefined && part !== null,
    );
    const name = parts.length === 0 ? this.texts.say('use.title') : parts.join(' · ');
    return `${name}, ${monthText(month, this.texts.locale)}`;
  }

  readonly #onMonth = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) this.#ask({ type: 'choose_month', month: target.value });
  };

  readonly #onView = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) this.view = USAGE_VIEWS.find((view) => view === target.value) ?? 'type';
  };

  /** Whoever wants no chart loads none. */
  readonly #onChart = ({ target }: Event): void => {
    if (!(target instanceof HTMLSelectElement)) return;
    this.chart = CHARTS.find((chart) => chart === target.value) ?? 'none';
    this.hasChartFailed = false;
    if (this.chart !== 'none')
      loadPart('chart').catch(() => {
        this.hasChartFailed = true;
      });
  };

  #ask(wish: StatementWish): void {
    this.request('credit-phone-statement-request', { wish });
  }
}
