/** What a chart draws: amounts over days. The same numbers make its table and what is said of each day. */
import type { Micros } from '../protocol/money.ts';

export interface ChartSeries {
  readonly name: string;
  /** One for each point; null where there is none. */
  readonly amounts: readonly (Micros | null)[];
  /** Not a fact but what is expected: drawn with dashes. */
  readonly isForecast: boolean;
}

export interface ChartPoint {
  /** As short as it fits under the chart: "12". */
  readonly tick: string;
  /** "Thu, Mar 12". */
  readonly name: string;
}

export interface ChartModel {
  /** Bars on top of each other, or a line for each series. */
  readonly shape: 'stacked' | 'lines';
  readonly title: string;
  readonly points: readonly ChartPoint[];
  readonly series: readonly ChartSeries[];
  readonly currency: string;
}
