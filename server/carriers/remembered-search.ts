/**
 * Answers of a carrier's search are kept for a moment: each change of the credit lets every open shop look again, and people type. What was
 * sold since is found out when it is ordered. Failures are not kept.
 */
import type { CarrierNumber, CarrierSearch, NumberCarrier } from './number-carrier.ts';

export const REMEMBERED_MS = 30_000;
/** Searches; all are forgotten at once when there are more. */
const MAX_REMEMBERED = 500;

interface Remembered {
  readonly untilMs: number;
  readonly numbers: Promise<readonly CarrierNumber[]>;
}

export function rememberingSearches(
  carrier: NumberCarrier,
  { monotonicMs }: { readonly monotonicMs: () => number },
): NumberCarrier {
  const remembered = new Map<string, Remembered>();
  const ask = (search: CarrierSearch, key: string): Promise<readonly CarrierNumber[]> => {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const numbers = carrier.search(search);
    remembered.set(key, { untilMs: monotonicMs() + REMEMBERED_MS, numbers });
    numbers.catch(() => remembered.delete(key));
    return numbers;
  };
  return {
    ...carrier,
    search: (search) => {
      const key = JSON.stringify(search);
      const known = remembered.get(key);
      return known !== undefined && monotonicMs() < known.untilMs ? known.numbers : ask(search, key);
    },
  };
}
