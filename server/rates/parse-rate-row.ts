/** One row of a rate deck: cells in, rates out. Rows that differ only in their prefix share the work and the terms. */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { Rate, RateKind, RateStep, Rounding } from '../../src/protocol/rate.ts';
import {
  CellError,
  readCurrency,
  readDecimals,
  readDirection,
  readFee,
  readIncrements,
  readKind,
  readMoment,
  readPrefixes,
  readPrice,
  readRoundingMode,
  readSeconds,
  readServiceKind,
  readServicePrefixes,
  readTimeZone,
} from './rate-cell.ts';
import type { ColumnPlace, RateColumn } from './rate-columns.ts';
import { rateIdOf } from './rate-id.ts';
import { readWindows } from './rate-windows-cell.ts';

/** What holds where a file says nothing. */
export interface RateDefaults {
  readonly currency: string;
  readonly timeZone: string;
  readonly rounding: Rounding;
  readonly increments: { readonly initial: number; readonly next: number };
}

export const RATE_DEFAULTS: RateDefaults = {
  currency: 'USD',
  timeZone: 'UTC',
  rounding: { mode: 'up', decimals: 4 },
  increments: { initial: 60, next: 60 },
};

export interface CellProblem {
  /** As the file calls it; null when the row as a whole is wrong. */
  readonly column: string | null;
  readonly value: string;
  readonly reason: string;
}

export type RowResult = { readonly rates: readonly Rate[] } | { readonly problems: readonly CellProblem[] };

/** Bounds the memory for a deck in which every row is different. */
const MAX_REMEMBERED_TERMS = 50_000;

/**
 * The work of a row is in its terms, and a deck has far fewer terms than rows: they are remembered by the text of their cells,
 * apart from prefix and destination, which differ from row to row.
 */
export function createRowParser(
  places: readonly ColumnPlace[],
  defaults: RateDefaults,
): (record: readonly string[]) => RowResult {
  const prefixPlaces = places.filter(({ column }) => column === 'prefix');
  const destinationAt = places.find(({ column }) => column === 'destination')?.at ?? -1;
  const termPlaces = places.filter(({ column }) => column !== 'prefix' && column !== 'destination');
  const positions = termPlaces.map(({ at }) => at);
  const remembered = new Map<string, ParsedTerms>();
  return (record) => {
    let key = '';
    for (const at of positions) key += `${record[at]}\u001f`;
    let parsed = remembered.get(key);
    if (parsed === undefined) {
      parsed = parseTerms(record, { places: termPlaces, defaults });
      if (remembered.size < MAX_REMEMBERED_TERMS) remembered.set(key, parsed);
    }
    const row = new Row(record, prefixPlaces);
    const readOwn = parsed.terms.service === undefined ? readPrefixes : readServicePrefixes;
    const prefixes = row.read('prefix', readOwn, []);
    if (row.problems.length + parsed.problems.length > 0) return { problems: [...row.problems, ...parsed.problems] };
    const destination = (record[destinationAt] ?? '').trim().replace(/\s+/g, ' ');
    const kind = parsed.kind ?? kindFromName(destination);
    const { terms } = parsed;
    // One copy of an object of the same shape: a quarter of a million of these are made in an import.
    return {
      rates: prefixes.map((prefix) => ({ ...terms, destination, kind, prefix, rateId: rateIdOf(prefix, terms) })),
    };
  };
}

interface ParsedTerms {
  /** A rate whose prefix, id, destination and kind the row fills in. */
  readonly terms: Rate;
  /** Null when no cell says it. */
  readonly kind: RateKind | null;
  readonly problems: readonly CellProblem[];
}

/** Reads the cells of one record and collects what is wrong with them. */
class Row {
  readonly problems: CellProblem[] = [];
  readonly #record: readonly string[];
  readonly #places: readonly ColumnPlace[];

  constructor(record: readonly string[], places: readonly ColumnPlace[]) {
    this.#record = record;
    this.#places = places;
  }

  /** The value of a cell; `otherwise` when the cell is empty (prefix and price may not be) or wrong. */
  read<Value>(column: RateColumn, reader: (cell: string) => Value, otherwise: Value): Value {
    const place = this.#places.find((candidate) => candidate.column === column);
    const cell = place === undefined ? '' : (this.#record[place.at] ?? '').trim();
    if (cell === '' && column !== 'prefix' && column !== 'price') return otherwise;
    try {
      return reader(cell);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      this.problems.push({ column: place?.header ?? column, value: cell, reason: error.message });
      return otherwise;
    }
  }

  complain(column: RateColumn, reason: string): void {
    const place = this.#places.find((candidate) => candidate.column === column);
    this.problems.push({ column: place?.header ?? column, value: this.#record[place?.at ?? -1] ?? '', reason });
  }

  /** Rules of other systems that are not ours: 0 and "no" say that they do not apply. */
  refuseUnsupported(): void {
    for (const { column, at, header } of this.#places) {
      const value = (this.#record[at] ?? '').trim();
      if (column !== 'unsupported' || /^(|0+(\.0+)?|no|false|f|n)$/i.test(value)) continue;
      this.problems.push({ column: header, value, reason: 'this rule is not supported and would change the price' });
    }
  }
}

function parseTerms(
  record: readonly string[],
  { places, defaults }: { readonly places: readonly ColumnPlace[]; readonly defaults: RateDefaults },
): ParsedTerms {
  const row = new Row(record, places);
  row.refuseUnsupported();
  const kind = row.read('kind', (cell): RateKind | null => readKind(cell), null);
  const service = row.read('service_kind', (cell): string | null => readServiceKind(cell), null);
  const terms: Rate = {
    rateId: '',
    ...(service === null ? {} : { service }),
    prefix: '',
    destination: '',
    kind: kind ?? 'international',
    direction: row.read('direction', readDirection, 'outbound'),
    ...parseTariff(row, service === null ? { ...defaults, intervalSeconds: 60 } : { ...defaults, ...ONE_UNIT }),
    licence: row.read('licence', (cell): string | null => cell, null),
    currency: row.read('currency', readCurrency, defaults.currency),
    effectiveFromMs: row.read('effective_from', (cell): number | null => readMoment(cell), null),
    effectiveToMs: row.read('effective_to', (cell): number | null => readMoment(cell), null),
  };
  if (terms.effectiveToMs !== null && terms.effectiveToMs <= (terms.effectiveFromMs ?? Number.NEGATIVE_INFINITY)) {
    row.complain('effective_to', 'not after the beginning');
  }
  if (service !== null) refuseForServices(row, terms);
  return { terms, kind, problems: row.problems };
}

/** The price of a service is that of one unit, where a file says nothing else. */
const ONE_UNIT = { intervalSeconds: 1, increments: { initial: 1, next: 1 } } as const;

/** A unit is no second: it has no time of day. What comes in has a name of its own. */
function refuseForServices(row: Row, terms: Rate): void {
  if (terms.direction === 'inbound')
    row.complain('direction', 'a service has none; name what comes in by a kind of its own');
  if (terms.windows.length > 0) row.complain('windows', 'a service costs the same at all times');
}

/** A deck without kinds says it in the destination's name, if at all. Emergency and internal are never guessed: they are free. */
function kindFromName(destination: string): RateKind {
  if (/\b(mobile|cellular|cell|gsm)\b/i.test(destination)) return 'mobile';
  if (/toll.?free|free.?phone/i.test(destination)) return 'toll_free';
  return /premium/i.test(destination) ? 'premium' : 'international';
}

function parseTariff(row: Row, defaults: RateDefaults & { readonly intervalSeconds: number }) {
  const both = row.read('increments', readIncrements, defaults.increments);
  const initial = row.read('initial_increment', (cell) => readSeconds(cell), both.initial);
  const next = row.read('next_increment', (cell) => readSeconds(cell), both.next);
  const interval = row.read('interval_seconds', (cell) => readSeconds(cell), defaults.intervalSeconds);
  const freeSeconds = row.read('free_seconds', (cell) => (/^0+$/.test(cell) ? 0 : readSeconds(cell)), 0);
  const connectionFeeMicros = row.read('connection_fee', readFee, ZERO_MICROS);
  const stepsOf = (price: string, increments: { initial: number; next: number } | null): RateStep[] =>
    steps({ ...readPrice(price, interval), ...(increments ?? { initial, next }), freeSeconds });
  const none: RateStep[] = [];
  return {
    connectionFeeMicros,
    steps: row.read('price', (cell) => stepsOf(cell, null), none),
    windows: row.read('windows', (cell) => readWindows(cell, { connectionFeeMicros, steps: stepsOf }), []),
    timeZone: row.read('time_zone', readTimeZone, defaults.timeZone),
    rounding: {
      mode: row.read('rounding', readRoundingMode, defaults.rounding.mode),
      decimals: row.read('decimals', readDecimals, defaults.rounding.decimals),
    },
  };
}

/** 30/6 is two steps: one increment of 30 s, then increments of 6 s. Free seconds come first and are one increment of nothing. */
function steps(price: {
  readonly priceMicros: Micros;
  readonly intervalSeconds: number;
  readonly initial: number;
  readonly next: number;
  readonly freeSeconds: number;
}): RateStep[] {
  const { priceMicros, intervalSeconds, initial, next, freeSeconds } = price;
  const free = { fromSecond: 0, priceMicros: micros(0), intervalSeconds: 1, incrementSeconds: freeSeconds };
  const first = { fromSecond: freeSeconds, priceMicros, intervalSeconds, incrementSeconds: initial };
  const following = { fromSecond: freeSeconds + initial, priceMicros, intervalSeconds, incrementSeconds: next };
  return [...(freeSeconds > 0 ? [free] : []), first, ...(initial === next ? [] : [following])];
}
