/**
 * Longest prefix over E.164 digits. Each prefix is a range of 15-digit numbers; the ranges are sorted by their first number and
 * each one points to the range around it, so a look-up is one short binary search and a short walk outwards. Three typed arrays, 13
 * bytes a prefix, and nothing to rebuild: a new deck gets a new index. They are as small as they can be, because what a look-up
 * costs is the memory that it touches: a quarter of a million prefixes do not fit into a processor's cache.
 */

/** E.164: at most 15 digits, so every number is a safe integer. */
export const MAX_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
const NONE = -1;
/** The search begins with a table of the first so many digits. */
const LEADING_DIGITS = 5;
const LEADING_VALUES = 10 ** LEADING_DIGITS;
const LEADING_SIZE = 10 ** (MAX_DIGITS - LEADING_DIGITS);

export interface PrefixIndex {
  /** Position of the longest prefix of an E.164 number (with its "+"), in the order of `prefixes`; -1 when there is none. */
  longest(number: string): number;
  /** Position of the next shorter prefix around the one at `position`; -1 when there is none. */
  around(position: number): number;
  readonly prefixes: readonly string[];
}

/** `prefixes` are distinct strings of 1 to 15 digits, in any order. */
export function createPrefixIndex(prefixes: Iterable<string>): PrefixIndex {
  // As text, a prefix sorts right before everything that begins with it, and numbers of equal length sort by value.
  const sorted = [...prefixes].sort();
  const first = Float64Array.from(sorted, (prefix) => Number(prefix) * powerOfTen(MAX_DIGITS - prefix.length));
  const lengths = Uint8Array.from(sorted, (prefix) => prefix.length);
  const parent = parents(sorted);
  const firstByLeading = positionsByLeading(first);
  return {
    prefixes: sorted,
    around: (position) => parent[position] ?? NONE,
    longest(number) {
      const length = Math.min(number.length - 1, MAX_DIGITS);
      const smallest = firstOfRange(number, length);
      const leading = Math.floor(smallest / LEADING_SIZE);
      const low = firstByLeading[leading] ?? 0;
      const high = firstByLeading[leading + 1] ?? first.length;
      let position = lastNotAbove(first, smallest, low, high);
      // A prefix fits when its range holds the number and it is not longer than the number itself.
      while (position !== NONE) {
        const digits = lengths[position] ?? 0;
        if (digits <= length && smallest - (first[position] ?? 0) < powerOfTen(MAX_DIGITS - digits)) return position;
        position = parent[position] ?? NONE;
      }
      return NONE;
    },
  };
}

/**
 * A number that sorts prefixes as their texts sort: the digits 1 higher, in base 11, so that "no more digits" is the smallest one.
 * 11 ** 15 is still a safe integer.
 */
export function prefixSortKey(prefix: string): number {
  let key = 0;
  for (let at = 0; at < MAX_DIGITS; at += 1) key = key * 11 + (at < prefix.length ? prefix.charCodeAt(at) - 47 : 0);
  return key;
}

function parents(sorted: readonly string[]): Int32Array {
  const parent = new Int32Array(sorted.length).fill(NONE);
  const open: number[] = [];
  for (const [position, prefix] of sorted.entries()) {
    while (open.length > 0 && !prefix.startsWith(sorted[open[open.length - 1] ?? 0] ?? '')) open.pop();
    parent[position] = open[open.length - 1] ?? NONE;
    open.push(position);
  }
  return parent;
}

/** For each value of the leading digits, the position of the first range that begins there or later. */
function positionsByLeading(first: Float64Array): Int32Array {
  const positions = new Int32Array(LEADING_VALUES + 1);
  let position = 0;
  for (let leading = 0; leading <= LEADING_VALUES; leading += 1) {
    while (position < first.length && (first[position] ?? 0) < leading * LEADING_SIZE) position += 1;
    positions[leading] = position;
  }
  return positions;
}

/** The last of the sorted `values` from `low` to `high` that is not above the limit; of equal ones the last: the longest prefix. */
function lastNotAbove(values: Float64Array, limit: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The smallest 15-digit number that begins with the digits of "+4912345". */
function firstOfRange(number: string, length: number): number {
  let value = 0;
  for (let at = 1; at <= length; at += 1) value = value * 10 + number.charCodeAt(at) - 48;
  return value * powerOfTen(MAX_DIGITS - length);
}

function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] ?? 1;
}
