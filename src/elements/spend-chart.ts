import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { addMicros, type Micros, ZERO_MICROS } from '../protocol/money.ts';
import { controlStyles } from './control.styles.ts';
import { PhoneElement } from './phone-element.ts';
import { spendChartStyles } from './spend-chart.styles.ts';
import type { ChartModel, ChartSeries } from './spend-chart-model.ts';
import { seriesPattern } from './spend-patterns.ts';
import { drawPlot, type Plot, type PlotLook } from './spend-plot.ts';

/**
 * Amounts over days, drawn. Pointer and arrow keys go from day to day, the legend then says the amounts of that day; the same numbers stand
 * in a table for screen readers. Days run from left to right in every language, as on any time axis.
 */
export class SpendChart extends PhoneElement {
  static override properties: PropertyDeclarations = { model: { attribute: false }, pointed: { state: true } };
  static override styles = [controlStyles, spendChartStyles];

  declare model: ChartModel;
  /** The day that is looked at; null: all of them. */
  declare pointed: number | null;

  #plot: Plot | null = null;
  /** What is drawn, as far as it is seen. */
  #drawn: { readonly model: ChartModel; readonly look: string } | null = null;
  #widthPx = 0;
  readonly #sizes = new ResizeObserver(([entry]) => this.#fit(Math.floor(entry?.contentRect.width ?? 0)));

  constructor() {
    super();
    this.pointed = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#erase();
  }

  protected override willUpdate(): void {
    if (this.pointed !== null && this.pointed >= this.model.points.length) this.pointed = null;
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const last = model.points.length - 1;
    return html`
      <figure>
        <figcaption class="at"><span>${this.#whenText()}</span><span>${this.#totalText()}</span></figcaption>
        <div
          class="plot"
          role="slider"
          tabindex="0"
          dir="ltr"
          aria-label=${model.title}
          aria-valuemin="0"
          aria-valuemax=${last}
          aria-valuenow=${this.pointed ?? last}
          aria-valuetext=${this.#spokenText(this.pointed ?? last)}
          @keydown=${this.#onKey}
          @blur=${() => this.#point(null)}
          @transitionend=${() => this.requestUpdate()}
        ></div>
        <ul class="legend" aria-hidden="true">${model.series.map((series, index) => this.#legend(series, index))}</ul>
        ${this.#table()}
      </figure>
    `;
  }

  protected override updated(): void {
    const box = this.#box;
    if (box === null) return;
    this.#sizes.observe(box);
    if (this.#widthPx > 0) this.#draw(box);
  }

  get #box(): HTMLElement | null {
    return this.renderRoot.querySelector('.plot');
  }

  #fit(widthPx: number): void {
    if (widthPx === this.#widthPx || widthPx === 0) return;
    this.#widthPx = widthPx;
    if (this.#plot === null) this.requestUpdate();
    else this.#plot.resize(widthPx);
  }

  #draw(box: HTMLElement): void {
    const look = this.#look(box);
    const key = JSON.stringify(look);
    if (this.#drawn?.model === this.model && this.#drawn.look === key) return;
    this.#erase();
    this.#drawn = { model: this.model, look: key };
    this.#plot = drawPlot(box, {
      model: this.model,
      look,
      widthPx: this.#widthPx,
      amountText: (amount) => this.#amountText(amount).replace(/[.,]00(?!\d)/, ''),
      onPoint: (index) => {
        this.pointed = index;
      },
    });
    if (this.pointed !== null) this.#plot.mark(this.pointed);
    this.#paintSwatches(look);
  }

  #erase(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#drawn = null;
  }

  /** A canvas knows no custom properties: what they come to is read from elements that have them. */
  #look(box: HTMLElement): PlotLook {
    const style = getComputedStyle(box);
    return {
      colours: [...this.renderRoot.querySelectorAll('.swatch')].map((swatch) => getComputedStyle(swatch).color),
      surface: style.backgroundColor,
      text: style.color,
      line: style.borderBlockEndColor,
      font: `${style.fontSize} ${style.fontFamily}`,
    };
  }

  #paintSwatches({ colours, surface }: PlotLook): void {
    for (const [index, swatch] of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas.swatch').entries()) {
      const context = swatch.getContext('2d');
      const pixelRatio = devicePixelRatio;
      swatch.width = swatch.clientWidth * pixelRatio;
      swatch.height = swatch.clientHeight * pixelRatio;
      if (context === null) continue;
      context.fillStyle =
        seriesPattern(context, { index, colour: colours[index] ?? '', surface, pixelRatio }) ?? surface;
      context.fillRect(0, 0, swatch.width, swatch.height);
    }
  }

  #legend(series: ChartSeries, index: number): TemplateResult {
    const amount = this.pointed === null ? this.#sumOf(series) : (series.amounts[this.pointed] ?? null);
    return html`<li>
      ${
        this.model.shape === 'stacked'
          ? html`<canvas class="swatch series-${index}"></canvas>`
          : html`<span class="swatch line ${series.isForecast ? 'forecast' : ''} series-${index}"></span>`
      }
      <span>${series.name}</span><span>${amount === null ? nothing : this.#amountText(amount)}</span>
    </li>`;
  }

  #table(): TemplateResult {
    const { title, points, series } = this.model;
    return html`<div class="visually-hidden"><table>
      <caption>${title}</caption>
      <thead><tr><th scope="col">${this.texts.say('use.day')}</th>${series.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>
        ${points.map(
          ({ name }, index) =>
            html`<tr><th scope="row">${name}</th>${series.map(({ amounts }) => html`<td>${this.#cell(amounts[index] ?? null)}</td>`)}</tr>`,
        )}
      </tbody>
    </table></div>`;
  }

  #cell(amount: Micros | null): string {
    return amount === null ? '' : this.#amountText(amount);
  }

  #whenText(): string {
    return this.pointed === null ? this.model.title : (this.model.points[this.pointed]?.name ?? '');
  }

  /** What the bars add up to; lines do not add up to anything. */
  #totalText(): string {
    const { shape, series } = this.model;
    if (shape === 'lines') return '';
    const at = this.pointed;
    const sums = series.map((one) => (at === null ? this.#sumOf(one) : one.amounts[at]) ?? ZERO_MICROS);
    return this.#amountText(addMicros(...sums));
  }

  #sumOf({ amounts }: ChartSeries): Micros | null {
    if (this.model.shape === 'lines') return null;
    return addMicros(...amounts.map((amount) => amount ?? ZERO_MICROS));
  }

  #spokenText(index: number): string {
    const parts = this.model.series.flatMap(({ name, amounts }) => {
      const amount = amounts[index] ?? null;
      return amount === null || (amount === 0 && this.model.shape === 'stacked')
        ? []
        : [`${name} ${this.#amountText(amount)}`];
    });
    return [this.model.points[index]?.name ?? '', ...parts].join(', ');
  }

  #amountText(amount: Micros): string {
    return this.texts.price(amount, this.model.currency);
  }

  #point(index: number | null): void {
    this.#plot?.mark(index);
    this.pointed = index;
  }

  /** As for any slider (ARIA authoring practices); Escape leaves the day, and nothing else. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.model.points.length - 1;
    const at = this.pointed ?? last + 1;
    const goal: Partial<Record<string, number | null>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowDown: Math.max(0, at - 1),
      ArrowRight: Math.min(last, at + 1),
      ArrowUp: Math.min(last, at + 1),
      Home: 0,
      End: last,
      ...(this.pointed === null ? {} : { Escape: null }),
    };
    const index = goal[event.key];
    if (index === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#point(index);
  };
}
