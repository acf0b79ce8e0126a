/**
 * Negative, 0 or positive as `first` comes before, with or after `second` by code points: the order of the stores' text keys (UTF-8
 * bytes: BINARY in SQLite, COLLATE "C" in PostgreSQL). JavaScript's own < differs beyond U+FFFF, because it compares UTF-16.
 */
export function compareCodePoints(first: string, second: string): number {
  if (first === second) return 0;
  const length = Math.min(first.length, second.length);
  for (let index = 0; index < length; index += 1) {
    const [one, other] = [first.charCodeAt(index), second.charCodeAt(index)];
    if (one !== other) return rank(one) - rank(other);
  }
  return first.length - second.length;
}

/** Surrogates (U+D800 to U+DFFF) stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
