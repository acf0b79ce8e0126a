/**
 * All prices at one moment: immutable, searched by the longest prefix. A new import makes a new deck; calls that run keep the
 * rate they were authorized with.
 */
import { type DialableNumber, rateKey } from '../../src/protocol/phone-number.ts';
import type { CallDirection, Rate } from '../../src/protocol/rate.ts';
import { createPrefixIndex, type PrefixIndex } from './prefix-index.ts';

export interface RateQuery {
  readonly number: DialableNumber;
  readonly direction: CallDirection;
  /** The caller's licence (D-28); null is everybody else. */
  readonly licence: string | null;
  readonly atMs: number;
}

/** The rates of one prefix: versions (effective dates) and licences, the later version first. */
type Versions = readonly Rate[];

/** One direction of the deck. */
interface Side {
  readonly index: PrefixIndex;
  /** In the order of `index.prefixes`; the versions of the prefix at a position begin at its start and end at the next one's. */
  readonly rates: Versions;
  readonly starts: Int32Array;
  /** "=600" and the like, which only match themselves. */
  readonly exact: ReadonlyMap<string, Versions>;
}

export class RateDeck {
  readonly rates: readonly Rate[];
  readonly #sides: Readonly<Record<CallDirection, Side>>;

  private constructor(rates: readonly Rate[]) {
    this.rates = rates;
    this.#sides = { outbound: sideOf(rates, 'outbound'), inbound: sideOf(rates, 'inbound') };
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
    const side = this.#sides[query.direction];
    if (!query.number.startsWith('+')) {
      const versions = side.exact.get(rateKey(query.number)) ?? [];
      return inForce(versions, { query, from: 0, to: versions.length });
    }
    let position = side.index.longest(query.number);
    while (position >= 0) {
      const rate = inForce(side.rates, { query, from: side.starts[position] ?? 0, to: side.starts[position + 1] ?? 0 });
      if (rate) return rate;
      position = side.index.around(position);
    }
    return null;
  }
}

function inForce(
  rates: Versions,
  { query, from, to }: { readonly query: RateQuery; readonly from: number; readonly to: number },
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

function sideOf(rates: readonly Rate[], direction: CallDirection): Side {
  const byPrefix = new Map<string, Rate[]>();
  for (const rate of rates) {
    if (rate.direction !== direction) continue;
    const versions = byPrefix.get(rate.prefix);
    if (versions) versions.push(rate);
    else byPrefix.set(rate.prefix, [rate]);
  }
  for (const versions of byPrefix.values()) if (versions.length > 1) versions.sort(laterFirst);
  const exact = new Map([...byPrefix].filter(([prefix]) => prefix.startsWith('=')));
  const index = createPrefixIndex([...byPrefix.keys()].filter((prefix) => !prefix.startsWith('=')));
  const flat: Rate[] = [];
  const starts = new Int32Array(index.prefixes.length + 1);
  for (const [position, prefix] of index.prefixes.entries()) {
    flat.push(...(byPrefix.get(prefix) ?? []));
    starts[position + 1] = flat.length;
  }
  return { index, rates: flat, starts, exact };
}

function laterFirst(first: Rate, second: Rate): number {
  return (second.effectiveFromMs ?? Number.NEGATIVE_INFINITY) > (first.effectiveFromMs ?? Number.NEGATIVE_INFINITY)
    ? 1
    : -1;
}
