/**
 * The drawing of a chart on a canvas, by uPlot: 20 kB, no dependencies, axes and bars that thousands of dashboards have tried out; loaded
 * with the first chart that is shown, and by nobody who only calls.
 */
import uPlot from 'uplot';
import { micros } from '../protocol/money.ts';
import type { ChartModel } from './spend-chart-model.ts';
import { seriesPattern } from './spend-patterns.ts';

/** What the drawing takes from the page's styles, already resolved. */
export interface PlotLook {
  /** One for each series. */
  readonly colours: readonly string[];
  readonly surface: string;
  readonly text: string;
  readonly line: string;
  readonly font: string;
}

export interface PlotOptions {
  readonly model: ChartModel;
  readonly look: PlotLook;
  readonly widthPx: number;
  /** An amount as it stands beside the axis. */
  readonly amountText: (amount: ReturnType<typeof micros>) => string;
  /** The point that the pointer is nearest to; null when it has left. */
  readonly onPoint: (index: number | null) => void;
}

export interface Plot {
  /** Marks a point, as the pointer does; null marks none. */
  mark(index: number | null): void;
  resize(widthPx: number): void;
  destroy(): void;
}

const HEIGHT_PX = 168;
const BAR_SHARE = 0.72;
const MAX_BAR_PX = 28;
const LINE_PX = 2;
/** The least room for the text of a day under its bar, and between two amounts. */
const TICK_SPACE_PX = 26;
const AMOUNT_SPACE_PX = 34;
const AXIS_GAP_PX = 6;

export function drawPlot(box: HTMLElement, options: PlotOptions): Plot {
  const { model, widthPx, onPoint } = options;
  const isStacked = model.shape === 'stacked';
  const plot = new uPlot(
    {
      width: widthPx,
      height: HEIGHT_PX,
      padding: [8, 4, 0, 0],
      legend: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      cursor: { y: false, points: { show: !isStacked }, drag: { x: false, y: false }, move: snapped },
      scales: { x: { time: false, range: xRange(model) }, y: { range: (_self, least, most) => yRange(least, most) } },
      axes: axesOf(options),
      series: [{}, ...(isStacked ? bars(options) : lines(options))],
      hooks: { setCursor: [({ cursor }) => onPoint(isOver(cursor) ? (cursor.idx ?? null) : null)] },
    },
    [model.points.map((_point, index) => index), ...(isStacked ? stacked(model) : amounts(model))],
    box,
  );
  return {
    mark: (index) =>
      plot.setCursor(index === null ? { left: -1, top: -1 } : { left: plot.valToPos(index, 'x'), top: 0 }),
    resize: (width) => plot.setSize({ width, height: HEIGHT_PX }),
    destroy: () => plot.destroy(),
  };
}

/** The line under the pointer stands on a day, not between two. */
function snapped(self: uPlot, left: number, top: number): [number, number] {
  return left < 0 ? [left, top] : [self.valToPos(self.posToIdx(left), 'x'), top];
}

function isOver({ left = -1 }: uPlot.Cursor): boolean {
  return left >= 0;
}

/** Half a day on both sides, where the outer bars need it. */
function xRange({ points, shape }: ChartModel): [number, number] {
  const margin = shape === 'stacked' ? 0.5 : 0.25;
  return [-margin, Math.max(points.length - 1, 0) + margin];
}

/** From zero; a wallet in debt goes below. */
function yRange(least: number | null, most: number | null): [number, number] {
  const [bottom, top] = uPlot.rangeNum(Math.min(least ?? 0, 0), Math.max(most ?? 0, 1), 0.1, true);
  return [(least ?? 0) < 0 ? (bottom ?? 0) : 0, top ?? 1];
}

function amounts({ series }: ChartModel): (number | null)[][] {
  return series.map((one) => [...one.amounts]);
}

/** Each series on top of those before it; drawn from the highest to the lowest, so that the last one is the first. Nothing is no bar. */
function stacked({ points, series }: ChartModel): (number | null)[][] {
  const heights = points.map(() => 0);
  return series
    .map((one) =>
      one.amounts.map((amount, index) => {
        const height = (heights[index] ?? 0) + (amount ?? 0);
        heights[index] = height;
        return amount === null || amount === 0 ? null : height;
      }),
    )
    .reverse();
}

function bars({ model, look }: PlotOptions): uPlot.Series[] {
  const build = uPlot.paths.bars?.({ size: [BAR_SHARE, MAX_BAR_PX], radius: 0 });
  return model.series
    .map((_one, index): uPlot.Series => {
      const colour = look.colours[index] ?? look.text;
      return {
        ...(build === undefined ? {} : { paths: build }),
        stroke: colour,
        width: 1,
        fill: (self) =>
          seriesPattern(self.ctx, { index, colour, surface: look.surface, pixelRatio: uPlot.pxRatio }) ?? colour,
        points: { show: false },
      };
    })
    .reverse();
}

function lines({ model, look }: PlotOptions): uPlot.Series[] {
  return model.series.map(({ isForecast }, index) => ({
    stroke: look.colours[index] ?? look.text,
    width: LINE_PX,
    points: { show: false },
    ...(isForecast ? { dash: [4, 4] } : {}),
  }));
}

function axesOf({ model, look, amountText }: PlotOptions): uPlot.Axis[] {
  const style = { font: look.font, stroke: look.text, ticks: { show: false }, gap: AXIS_GAP_PX };
  return [
    {
      ...style,
      size: 24,
      space: TICK_SPACE_PX,
      grid: { show: false },
      border: { show: true, stroke: look.line, width: 1 },
      incrs: [1, 2, 5, 7, 14, 28],
      values: (_self, places) => places.map((place) => model.points[place]?.tick ?? ''),
    },
    {
      ...style,
      space: AMOUNT_SPACE_PX,
      grid: { stroke: look.line, width: 1 },
      values: (_self, places) => places.map((place) => amountText(micros(Math.round(place)))),
      size: (self, values) => widest(self.ctx, { texts: values ?? [], font: look.font }) + 2 * AXIS_GAP_PX,
    },
  ];
}

/** In CSS pixels. */
function widest(
  context: CanvasRenderingContext2D,
  { texts, font }: { readonly texts: readonly string[]; readonly font: string },
): number {
  context.save();
  context.font = font;
  const width = Math.max(0, ...texts.map((text) => context.measureText(text).width));
  context.restore();
  return Math.ceil(width);
}
