/** What a benchmark prints: one JSON line a figure, so that people and `npm run bench` read the same. */

export interface Measure {
  /** "ledger: durable authorize+settle, 64 clients". */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Against a peer that did the same work in the same run. */
  readonly ratio?: number;
  /** What `ratio` is to be if there is one, else `value`. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
}

export type PrintedMeasure = Measure & { readonly isMet?: boolean };

export function printMeasure(measure: Measure): void {
  const printed: PrintedMeasure = {
    ...measure,
    value: rounded(measure.value),
    ...(measure.ratio === undefined ? {} : { ratio: rounded(measure.ratio) }),
    ...(measure.goal === undefined ? {} : { isMet: isMet(measure) }),
  };
  console.log(JSON.stringify(printed));
}

export function isMet({ value, ratio, goal }: Measure): boolean {
  const judged = ratio ?? value;
  if (goal === undefined) return true;
  return 'atLeast' in goal ? judged >= goal.atLeast : judged <= goal.atMost;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `share` of the values are at or below it: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
