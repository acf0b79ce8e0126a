/** The charts: what is drawn is what their table says, and nobody has to see colours, own a mouse or like motion. */
import { expect } from 'chai';
import { PLOT_RULES } from '../../../src/elements/spend-chart.styles.ts';
import type { SpendChart } from '../../../src/elements/spend-chart.ts';
import { SERIES_COLOURS } from '../../../src/elements/spend-colours.ts';
import { createTexts } from '../../../src/elements/texts.ts';
import { ROLE_COLOURS } from '../../../src/elements/theme.ts';
import { balanceOverTime, spendByDay } from '../../../src/elements/usage-charts.ts';
import { USAGE_MESSAGES } from '../../../src/elements/usage-messages.ts';
import { micros } from '../../../src/protocol/money.ts';
import { contrast } from '../../support/contrast.ts';
import { find, findAll, type ShownScene, settled, showScene } from '../../support/element-stage.ts';
import { sampleForecast, sampleSummary } from '../../support/statement-samples.ts';
import { USAGE_SCENES } from '../../support/usage-scenes.ts';

afterEach(() => document.body.replaceChildren());

const words = createTexts({ messages: USAGE_MESSAGES, locale: 'en-US', currency: 'USD' });

async function scene(
  name: string,
  theme: 'light' | 'dark' = 'light',
): Promise<ShownScene & { readonly chart: SpendChart }> {
  const found = USAGE_SCENES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  const shown = await showScene(found, { theme });
  const chart = find<SpendChart>(shown.element, 'credit-phone-spend-chart');
  await until(() => chart.shadowRoot?.querySelector('canvas:not(.swatch)') != null);
  return { ...shown, chart };
}

async function until(isDone: () => boolean): Promise<void> {
  for (let round = 0; !isDone(); round += 1) {
    if (round > 500) throw new Error('It never came about.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const textOf = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

async function key(chart: SpendChart, name: string): Promise<HTMLElement> {
  const plot = chart.shadowRoot?.querySelector<HTMLElement>('.plot');
  if (!plot) throw new Error('There is no plot.');
  plot.focus();
  plot.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true }));
  await chart.updateComplete;
  return plot;
}

/** How many pixels of the drawing have about this colour. */
function pixelsOf(chart: SpendChart, [red, green, blue]: readonly [number, number, number]): number {
  const canvas = chart.shadowRoot?.querySelector<HTMLCanvasElement>('canvas:not(.swatch)');
  const data =
    canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const near = (index: number, value: number): boolean => Math.abs((data[at + index] ?? 0) - value) < 6;
    if ((data[at + 3] ?? 0) > 200 && near(0, red) && near(1, green) && near(2, blue)) count += 1;
  }
  return count;
}

function rgb(hex: string): [number, number, number] {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

describe('the numbers of a chart', () => {
  const facts = { summary: sampleSummary, forecast: sampleForecast, texts: words };
  const sum = (amounts: readonly (number | null)[]): number =>
    amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);

  it('L-17: the bars of each group add up to its total, all together to what was spent, to the micro-unit', () => {
    const { series, points } = spendByDay(facts);
    const groups = sampleSummary.groups.filter(({ flow }) => flow === 'usage');
    expect(series.map(({ amounts }) => sum(amounts))).to.deep.equal(groups.map(({ spentMicros }) => spentMicros));
    expect(sum(series.flatMap(({ amounts }) => amounts))).to.equal(sampleSummary.spentMicros);
    expect(points.map(({ tick }) => tick)).to.deep.equal([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
    ]);
  });

  it('small groups are drawn as one, and nothing is lost by it', () => {
    const many = Array.from({ length: 9 }, (_one, index) => ({
      ...sampleSummary.groups[0],
      groupKey: `kind_${index}`,
      title: `Kind ${index}`,
      flow: 'usage' as const,
    }));
    const day = sampleSummary.days[1];
    const each = sampleSummary.groups[2]?.spentMicros;
    if (!day || each === undefined) throw new Error('The sample has no such day.');
    const usage = many.map(({ groupKey }) => ({ groupKey, spentMicros: each }));
    const summary = {
      ...sampleSummary,
      days: [{ ...day, usage }],
      groups: many.map((group) => ({
        ...group,
        spentMicros: each,
        addedMicros: each,
        lineCount: 1,
        durationSeconds: 0,
      })),
    };
    const { series } = spendByDay({ ...facts, summary });
    expect(series.map(({ name }) => name)).to.deep.equal(['Kind 0', 'Kind 1', 'Kind 2', 'Kind 3', 'Kind 4', 'Other']);
    expect(sum(series.flatMap(({ amounts }) => amounts))).to.equal(9 * each);
  });

  it('the balance of days without a line is that of the day before; the forecast leads from today to nothing', () => {
    const { series, points } = balanceOverTime(facts);
    const [balance, forecast] = series;
    const dollars = (amounts: readonly (number | null)[] = []): (number | null)[] =>
      amounts.map((amount) => (amount === null ? null : amount / 1_000_000));
    expect(dollars(balance?.amounts).slice(0, 12)).to.deep.equal([
      20, 20, 20, 9.56, 9.56, 8.36, 8.36, 8.36, 8.36, 33.36, 33.36, 32.6,
    ]);
    expect(forecast?.amounts[10]).to.equal(null);
    expect(dollars(forecast?.amounts)[11]).to.equal(32.6);
    expect(forecast?.amounts.at(-1)).to.equal(0);
    expect(points.at(-1)?.name).to.equal('Sat, Mar 21');
  });

  it('a rent is taken on its day; what is left leads to nothing, and one that is not covered ends it', () => {
    const rents = [
      { day: '2026-03-14', amountMicros: micros(10_000_000) },
      { day: '2026-03-21', amountMicros: micros(50_000_000) },
    ];
    const { series } = balanceOverTime({ ...facts, forecast: { ...sampleForecast, rents } });
    const forecast = series[1];
    expect(forecast?.name).to.equal("At this week's pace, with rents");
    const dollars = forecast?.amounts.slice(11).map((amount) => Math.round((amount ?? 0) / 10_000) / 100);
    // 22.60 in nine days, and ten on the second.
    expect(dollars).to.deep.equal([32.6, 30.09, 17.58, 15.07, 12.56, 10.04, 7.53, 5.02, 2.51, 0]);
  });

  it('a month that is over has no forecast', () => {
    const february = { ...sampleSummary, from: '2026-02-01', to: '2026-02-28', days: [] };
    const { series, points } = balanceOverTime({ ...facts, summary: february });
    expect([series.length, points.length]).to.deep.equal([1, 28]);
  });
});

describe('a chart on the page', () => {
  it('has a table with the same numbers for screen readers', async () => {
    const { chart } = await scene('usage-chart-days');
    const rows = [...(chart.shadowRoot?.querySelectorAll('tbody tr') ?? [])].map(textOf);
    expect(rows).to.have.length(12);
    expect([...(chart.shadowRoot?.querySelectorAll('thead th') ?? [])].map(textOf)).to.deep.equal([
      'Day',
      'Outbound International Call',
      'Number Purchase',
      'Inbound Toll-free Call',
    ]);
    expect(rows[3]).to.equal('Wed, Mar 4$10.44$0.00$0.00');
    expect(rows[11]).to.equal('Thu, Mar 12$0.72$0.00$0.04');
  });

  it('is gone through by arrow keys: the legend and what is spoken are those of the day', async () => {
    const { chart } = await scene('usage-chart-days');
    const legend = (): string[] => [...(chart.shadowRoot?.querySelectorAll('.legend li') ?? [])].map(textOf);
    expect(legend()[0]).to.equal('Outbound International Call$11.16');
    const plot = await key(chart, 'ArrowLeft');
    expect(plot.getAttribute('aria-valuetext')).to.equal(
      'Thu, Mar 12, Outbound International Call $0.72, Inbound Toll-free Call $0.04',
    );
    expect([legend()[0], textOf(chart.shadowRoot?.querySelector('.at'))]).to.deep.equal([
      'Outbound International Call$0.72',
      'Thu, Mar 12$0.76',
    ]);
    await key(chart, 'Home');
    expect(plot.getAttribute('aria-valuenow')).to.equal('0');
    await key(chart, 'ArrowLeft');
    expect(plot.getAttribute('aria-valuenow')).to.equal('0');
    await key(chart, 'End');
    await key(chart, 'ArrowRight');
    expect(plot.getAttribute('aria-valuenow')).to.equal('11');
    await key(chart, 'Escape');
    expect(textOf(chart.shadowRoot?.querySelector('.at'))).to.equal('Spend by day$12.40');
  });

  it('follows the pointer, and forgets the day when it leaves', async () => {
    const { chart } = await scene('usage-chart-days');
    const over = chart.shadowRoot?.querySelector<HTMLElement>('.u-over');
    if (!over) throw new Error('There is nothing to point at.');
    const { left, top, width } = over.getBoundingClientRect();
    const at = (share: number): MouseEventInit => ({ clientX: left + width * share, clientY: top + 20, bubbles: true });
    over.dispatchEvent(new MouseEvent('mouseenter', at(0.29)));
    over.dispatchEvent(new MouseEvent('mousemove', at(0.29)));
    await until(() => textOf(chart.shadowRoot?.querySelector('.at')) === 'Wed, Mar 4$10.44');
    over.dispatchEvent(new MouseEvent('mouseleave', at(0.29)));
    await until(() => textOf(chart.shadowRoot?.querySelector('.at')) === 'Spend by day$12.40');
  });

  it('draws in the colours of the theme, and again when the theme changes', async () => {
    const { chart, element } = await scene('usage-chart-days');
    const [first] = SERIES_COLOURS;
    expect(pixelsOf(chart, rgb(first.light))).to.be.greaterThan(200);
    element.theme = 'dark';
    await until(() => pixelsOf(chart, rgb(first.dark)) > 200);
    expect(pixelsOf(chart, rgb(first.light))).to.equal(0);
  });

  it('stacks the groups of a day: none hides another, and each has its own fill', async () => {
    const { chart } = await scene('usage-chart-days');
    const amounts = [micros(2_000_000), micros(2_000_000)];
    const points = [1, 2].map((day) => ({ tick: String(day), name: String(day) }));
    const series = ['first', 'second'].map((name) => ({ name, amounts, isForecast: false }));
    const before = chart.shadowRoot?.querySelector('canvas:not(.swatch)');
    chart.model = { ...chart.model, points, series };
    await until(() => chart.shadowRoot?.querySelector('canvas:not(.swatch)') !== before);
    await until(() => pixelsOf(chart, rgb(SERIES_COLOURS[1].light)) > 0);
    const [solid = 0, striped = 0] = SERIES_COLOURS.map(({ light }) => pixelsOf(chart, rgb(light)));
    expect(striped).to.be.greaterThan(100);
    // Bars of one height, of which the second is half surface.
    expect(solid).to.be.greaterThan(1.5 * striped);
  });

  it('has the width that there is, and follows it', async () => {
    const { chart, box, element } = await scene('usage-chart-days');
    const width = (): number => chart.shadowRoot?.querySelector<HTMLElement>('.uplot')?.offsetWidth ?? 0;
    const before = width();
    element.style.setProperty('--credit-phone-width', '280px');
    box.style.inlineSize = '280px';
    await until(() => width() < before);
    expect(width()).to.be.at.most(chart.offsetWidth);
  });

  it('is taken away when it is not wanted any more', async () => {
    const { element } = await scene('usage-chart-days');
    const list = find<HTMLSelectElement>(element, '#chart');
    list.value = 'none';
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled(element);
    expect(findAll(element, 'credit-phone-spend-chart, .uplot')).to.deep.equal([]);
  });

  it('breaks no strict policy: no style element, and rules that are those of uPlot', async () => {
    const { chart } = await scene('usage-chart-days');
    expect(chart.shadowRoot?.querySelectorAll('style').length).to.equal(0);
    const own = await (await fetch('/node_modules/uplot/dist/uPlot.min.css')).text();
    const rules = PLOT_RULES.trim().split('\n');
    expect(rules.filter((rule) => !own.includes(rule.trim()))).to.deep.equal([]);
    expect(rules.length).to.be.greaterThan(8);
  });
});

describe('the colours of a chart', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`each has 3:1 on the surface, ${theme} (WCAG 2.2, 1.4.11)`, () => {
      for (const colour of SERIES_COLOURS)
        expect(contrast(colour[theme], ROLE_COLOURS.surface[theme])).to.be.at.least(3);
    });
  }
});
