import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { StatementWish, UsageDetails, UsageQuery } from '../phone/statement-snapshot.ts';
import type { StatementLine, StatementSummary } from '../protocol/statement.ts';
import { billingStyles } from './billing.styles.ts';
import { controlStyles } from './control.styles.ts';
import { timerText } from './format.ts';
import type { NumberFormat } from './number-format.ts';
import { PhoneElement } from './phone-element.ts';
import { usageStyles } from './usage.styles.ts';
import { usageLinesStyles } from './usage-lines.styles.ts';
import { clockTimeText, countedText, dateText, targetText } from './usage-text.ts';
import { whyTemplate } from './usage-why.ts';

/** Which column each heading names; the same classes lay a line out where there is no room for a table. */
const COLUMNS = ['when', 'who', 'used', 'to', 'duration', 'price', 'balance', 'why'] as const;
const NUMERIC: ReadonlySet<string> = new Set(['duration', 'price', 'balance']);

/**
 * "View details" (L-21, D-25): one line for each item with date, time, person, number used, where to, duration, price and the balance after
 * it. Each explains itself on request.
 */
export class UsageLines extends PhoneElement {
  static override properties: PropertyDeclarations = {
    details: { attribute: false },
    summary: { attribute: false },
    format: { state: true },
  };
  static override styles = [controlStyles, billingStyles, usageStyles, usageLinesStyles];

  declare details: UsageDetails;
  declare summary: StatementSummary;
  /** Groups the digits of numbers once it is there. */
  declare format: NumberFormat | null;

  constructor() {
    super();
    this.format = null;
  }

  protected override firstUpdated(): void {
    const country = this.snapshot.me?.office.country ?? null;
    import('./number-format.ts')
      .then(({ numberFormat }) => {
        this.format = numberFormat(country);
      })
      // Without it every digit is there as well.
      .catch(() => undefined);
  }

  protected override render(): TemplateResult {
    const { lines, isLoading, refusal } = this.details;
    const { say } = this.texts;
    return html`
      <p class="caption" role="status">${this.#foundText()}</p>
      ${lines.length === 0 ? nothing : this.#table(lines)}
      ${lines.length === 0 && isLoading ? html`<div class="ghost"><span class="visually-hidden">${say('part.loading')}</span></div>` : nothing}
      ${refusal === null ? nothing : this.#failed()}
      ${this.#moreButton()}
      ${lines.length === 0 ? nothing : html`<p class="caption">${say('use.zone', { zone: this.summary.timeZone })}</p>`}
    `;
  }

  #foundText(): string | typeof nothing {
    const { lines, lineCount, isLoading, isMoreThere, refusal } = this.details;
    if (refusal !== null || (isLoading && lines.length === 0)) return nothing;
    if (lines.length === 0) return this.texts.say(isMoreThere ? 'use.found.none_yet' : 'use.found.none');
    if (lineCount === null) return nothing;
    return countedText('use.lines', lineCount, this.texts);
  }

  #failed(): TemplateResult {
    const { say } = this.texts;
    return html`
      <p class="wrong" role="alert">${say('use.lines.unknown')}</p>
      <div class="row"><button type="button" @click=${() => this.#ask({ type: 'show_lines', query: this.details.query })}>${say('use.again')}</button></div>
    `;
  }

  #moreButton(): TemplateResult | typeof nothing {
    const { isMoreThere, isLoading, refusal } = this.details;
    if (!isMoreThere || refusal !== null) return nothing;
    return html`<div class="row"><button id="more" type="button" aria-disabled=${isLoading} @click=${() => this.#ask({ type: 'more_lines' })}>${this.texts.say(isLoading ? 'use.more.busy' : 'use.more')}</button></div>`;
  }

  /** The roles are said outright: a table whose rows are laid out as blocks would be none for a screen reader. */
  #table(lines: readonly StatementLine[]): TemplateResult {
    const { say } = this.texts;
    return html`
      <table role="table" aria-label=${say('use.title')}>
        <thead role="rowgroup">
          <tr role="row">${COLUMNS.map((column) => html`<th role="columnheader" scope="col" class=${NUMERIC.has(column) ? 'end' : ''}>${say(`use.col.${column}`)}</th>`)}</tr>
        </thead>
        <tbody role="rowgroup">${lines.map((line) => this.#line(line))}</tbody>
      </table>
    `;
  }

  #line(line: StatementLine): TemplateResult {
    const { texts } = this;
    const { currency, timeZone } = this.summary;
    const place = { locale: texts.locale, timeZone };
    const isOpen = this.details.why?.sequence === line.sequence;
    return html`
      <tr role="row" class="line ${isOpen ? 'open' : ''}">
        <td role="cell" class="when"><bdi>${dateText(line.atMs, place)}, <span class="number">${clockTimeText(line.atMs, place)}</span></bdi></td>
        <td role="cell" class="who">${line.personName ?? texts.say('use.nobody')}</td>
        <td role="cell" class="used">${line.numberUsed === null ? nothing : this.#number(line.numberUsed)}</td>
        <td role="cell" class="to">${this.#target(line)}</td>
        <td role="cell" class="duration end">${line.durationSeconds === null ? nothing : timerText(line.durationSeconds)}</td>
        <td role="cell" class="price end ${line.amountMicros > 0 ? 'in' : ''}"><bdi>${this.#amountText(line, currency)}</bdi></td>
        <td role="cell" class="balance end"><bdi><span class="narrow">${texts.say('use.balance', { money: '' })}</span>${texts.price(line.balanceMicros, currency)}</bdi></td>
        <td role="cell" class="why">${this.#whyButton(line, isOpen)}</td>
      </tr>
      ${isOpen ? html`<tr role="row" class="explained"><td role="cell" class="why-cell" colspan=${COLUMNS.length}>${this.#why()}</td></tr>` : nothing}
    `;
  }

  #target(line: StatementLine): TemplateResult {
    const target = targetText(line);
    const number = line.otherNumber !== null && line.otherNumber !== target ? line.otherNumber : null;
    return html`<bdi>${target}</bdi>${number === null ? nothing : html`<span class="caption">${this.#number(number)}</span>`}`;
  }

  #number(number: string): TemplateResult {
    return html`<bdi dir="ltr">${this.format?.complete(number) ?? number}</bdi>`;
  }

  /** A price is what was paid, without a sign; what came in has a plus. */
  #amountText({ amountMicros }: StatementLine, currency: string): string {
    const text = this.texts.price(amountMicros, currency);
    return amountMicros > 0 ? `+${text}` : text.replace(/^[-−]/, '');
  }

  #whyButton(line: StatementLine, isOpen: boolean): TemplateResult {
    const { texts } = this;
    const money = this.#amountText(line, this.summary.currency);
    return html`<button
      class="link"
      type="button"
      aria-expanded=${isOpen}
      aria-label=${texts.say(isOpen ? 'use.why.close.label' : 'use.why.label', { money })}
      @click=${() => this.#ask({ type: 'explain', sequence: isOpen ? null : line.sequence })}
    >
      <bdi>${texts.say(isOpen ? 'use.why.close' : 'use.why')}</bdi>
    </button>`;
  }

  #why(): TemplateResult | typeof nothing {
    const { why } = this.details;
    const { say } = this.texts;
    if (why === null) return nothing;
    if (why.refusal !== null) return html`<p class="wrong" role="alert">${say('use.why.unknown')}</p>`;
    if (why.explained === null)
      return html`<div class="ghost" role="status"><span class="visually-hidden">${say('part.loading')}</span></div>`;
    return whyTemplate(why.explained, this.texts);
  }

  #ask(wish: StatementWish): void {
    this.request('credit-phone-statement-request', { wish });
  }
}

/** The orders that the list offers. */
export const USAGE_ORDERS = {
  newest: { sort: 'time', direction: 'desc' },
  oldest: { sort: 'time', direction: 'asc' },
  dearest: { sort: 'amount', direction: 'desc' },
  longest: { sort: 'duration', direction: 'desc' },
} as const satisfies Record<string, Pick<UsageQuery, 'sort' | 'direction'>>;
export type UsageOrder = keyof typeof USAGE_ORDERS;
