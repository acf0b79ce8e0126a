/**
 * All prices at one moment: immutable, searched by the longest prefix. A new import makes a new deck; calls that run keep the
 * rate they were authorized with.
 */
import { type DialableNumber, rateKey } from '../../src/protocol/phone-number.ts';
import { ANY_PREFIX, type CallDirection, type Rate } from '../../src/protocol/rate.ts';
import { createPrefixIndex, type PrefixIndex, prefixSortKey } from './prefix-index.ts';

export interface RateQuery {
  readonly number: DialableNumber;
  readonly direction: CallDirection;
  /** The caller's licence (D-28); null is everybody else. */
  readonly licence: string | null;
  readonly atMs: number;
}

/** What a metered service costs now; `number` is null where it goes to none. */
export interface ServiceRateQuery extends Omit<RateQuery, 'number' | 'direction'> {
  readonly service: string;
  readonly number: DialableNumber | null;
}

/** The rates of one prefix: versions (effective dates) and licences, the later version first. */
type Versions = readonly Rate[];

/** One direction of the deck. */
interface Side {
  readonly index: PrefixIndex;
  /** In the order of `index.prefixes`; the versions of the prefix at a position begin at its start and end at the next one's. */
  readonly rates: Versions;
  readonly starts: Int32Array;
  /**
   * From when on the one rate at a position holds for everybody and without end, in ms since 1970; NaN where it is not so simple. Says
   * what most look-ups ask without touching the rate itself, which lies anywhere in the memory.
   */
  readonly plainFromMs: Float64Array;
  /** "=600" and the like, which only match themselves. */
  readonly exact: ReadonlyMap<string, Versions>;
}

export class RateDeck {
  readonly rates: readonly Rate[];
  readonly #sides: Readonly<Record<CallDirection, Side>>;
  readonly #services: ReadonlyMap<string, ServiceRates>;

  private constructor(rates: readonly Rate[]) {
    this.rates = rates;
    const ofCalls = (direction: CallDirection) =>
      sideOf(rates.filter((rate) => rate.direction === direction && rate.service === undefined));
    this.#sides = { outbound: ofCalls('outbound'), inbound: ofCalls('inbound') };
    this.#services = serviceRates(rates);
  }

  static from(rates: readonly Rate[]): RateDeck {
    return new RateDeck(rates);
  }

  /**
   * The rate in force for a number: the longest prefix that has one at that moment. Between two rates of the same prefix the one
   * of the caller's licence wins; a licence's short prefix never makes a dear longer one cheap (D-28). Null when there is no
   * price: such a number cannot be called.
   */
  find(query: RateQuery): Rate | null {
    return findIn(this.#sides[query.direction], query);
  }

  /** By the longest prefix where it goes to a number, else, and where no prefix fits, the price for all of them. */
  findService({ service, number, ...query }: ServiceRateQuery): Rate | null {
    const rates = this.#services.get(service);
    if (!rates) return null;
    const byNumber = number === null ? null : findIn(rates.side, { ...query, number });
    return byNumber ?? inForce(rates.forAny, { query, from: 0, to: rates.forAny.length });
  }
}

/** A service's prices by number, and for any of them. */
interface ServiceRates {
  readonly side: Side;
  readonly forAny: Versions;
}

function serviceRates(rates: readonly Rate[]): ReadonlyMap<string, ServiceRates> {
  const named = rates.filter((rate) => rate.service !== undefined);
  const byService = Map.groupBy(named, ({ service }) => service ?? '');
  return new Map(
    [...byService].map(([service, own]) => [
      service,
      {
        side: sideOf(own.filter(({ prefix }) => prefix !== ANY_PREFIX)),
        forAny: own.filter(({ prefix }) => prefix === ANY_PREFIX).sort(laterFirst),
      },
    ]),
  );
}

type PrefixQuery = Omit<RateQuery, 'direction'>;

function findIn(side: Side, query: PrefixQuery): Rate | null {
  if (!query.number.startsWith('+')) {
    const versions = side.exact.get(rateKey(query.number)) ?? [];
    return inForce(versions, { query, from: 0, to: versions.length });
  }
  let position = side.index.longest(query.number);
  while (position >= 0) {
    const from = side.starts[position] ?? 0;
    if (query.atMs >= (side.plainFromMs[position] ?? Number.NaN)) return side.rates[from] ?? null;
    const rate = inForce(side.rates, { query, from, to: side.starts[position + 1] ?? 0 });
    if (rate) return rate;
    position = side.index.around(position);
  }
  return null;
}

function inForce(
  rates: Versions,
  {
    query,
    from,
    to,
  }: { readonly query: Pick<RateQuery, 'licence' | 'atMs'>; readonly from: number; readonly to: number },
): Rate | null {
  let general: Rate | null = null;
  for (let at = from; at < to; at += 1) {
    const rate = rates[at];
    if (rate === undefined || !isEffective(rate, query.atMs)) continue;
    if (rate.licence !== null && rate.licence === query.licence) return rate;
    if (rate.licence === null) general ??= rate;
  }
  return general;
}

/** From `effectiveFromMs` inclusive to `effectiveToMs` exclusive. */
function isEffective(rate: Rate, atMs: number): boolean {
  return (
    (rate.effectiveFromMs === null || atMs >= rate.effectiveFromMs) &&
    (rate.effectiveToMs === null || atMs < rate.effectiveToMs)
  );
}

function sideOf(own: readonly Rate[]): Side {
  const flat = sortedByPrefix(own.filter(({ prefix }) => !prefix.startsWith('=')));
  const prefixes: string[] = [];
  const starts: number[] = [];
  for (const [at, { prefix }] of flat.entries()) {
    if (prefix === prefixes.at(-1)) continue;
    prefixes.push(prefix);
    starts.push(at);
  }
  starts.push(flat.length);
  const exact = Map.groupBy(
    own.filter(({ prefix }) => prefix.startsWith('=')).sort(laterFirst),
    ({ prefix }) => prefix,
  );
  const plainFromMs = Float64Array.from(prefixes, (_, position) => plainFromMsOf(flat, starts, position));
  return { index: createPrefixIndex(prefixes), rates: flat, starts: Int32Array.from(starts), plainFromMs, exact };
}

function plainFromMsOf(rates: Versions, starts: readonly number[], position: number): number {
  const [from = 0, to = 0] = [starts[position], starts[position + 1]];
  const rate = rates[from];
  const isPlain = to - from === 1 && rate?.licence === null && rate.effectiveToMs === null;
  return isPlain ? (rate.effectiveFromMs ?? Number.NEGATIVE_INFINITY) : Number.NaN;
}

/** In the order of the index; of one prefix the later version first. By numbers, because comparing texts takes five times as long. */
function sortedByPrefix(rates: Versions): Versions {
  const keys = Float64Array.from(rates, ({ prefix }) => prefixSortKey(prefix));
  const order = Uint32Array.from(rates, (_, at) => at);
  order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || laterFirst(rates[a], rates[b]));
  return Array.from(order, (at) => rates[at]).filter((rate) => rate !== undefined);
}

function laterFirst(first: Rate | undefined, second: Rate | undefined): number {
  const [a, b] = [
    first?.effectiveFromMs ?? Number.NEGATIVE_INFINITY,
    second?.effectiveFromMs ?? Number.NEGATIVE_INFINITY,
  ];
  return a === b ? 0 : b > a ? 1 : -1;
}
