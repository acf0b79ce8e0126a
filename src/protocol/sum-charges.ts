/**
 * Adds up charges without loss and rounds once. A micro is cut into as many parts as the intervals of the charges ask for (a
 * price per 60 s: 60 parts), so every increment is a whole number of parts. Numbers are used as long as they are exact, BigInt
 * beyond.
 */
import { type Micros, micros } from './money.ts';
import type { Rounding, RoundingMode } from './rate.ts';
import type { TariffCharges } from './tariff-charges.ts';

/** What the charges and the connection fee add up to, rounded. Throws RangeError beyond MAX_MICROS. */
export function sumCharges({ connectionFeeMicros, charges }: TariffCharges, rounding: Rounding): Micros {
  let partsPerMicro = 1;
  for (const { step } of charges) partsPerMicro = leastCommonMultiple(partsPerMicro, step.intervalSeconds);
  const quantumMicros = 10 ** (6 - rounding.decimals);
  let parts = partsPerMicro * connectionFeeMicros;
  for (const { step, increments } of charges) {
    parts += step.priceMicros * (partsPerMicro / step.intervalSeconds) * (increments * step.incrementSeconds);
  }
  const quantum = partsPerMicro * quantumMicros;
  return Number.isSafeInteger(parts) && Number.isSafeInteger(quantum)
    ? micros(roundedQuotient(parts, quantum, rounding.mode) * quantumMicros)
    : micros(sumBigCharges({ connectionFeeMicros, charges }, rounding));
}

/** The same with any number of digits: a sum that reached 2^53 anywhere ends above it, so it is noticed and done again here. */
function sumBigCharges({ connectionFeeMicros, charges }: TariffCharges, rounding: Rounding): number {
  const partsPerMicro = charges.reduce(
    (parts, { step }) => bigLeastCommonMultiple(parts, BigInt(step.intervalSeconds)),
    1n,
  );
  const parts = charges.reduce(
    (sum, { step, increments }) =>
      sum +
      BigInt(step.priceMicros) *
        (partsPerMicro / BigInt(step.intervalSeconds)) *
        BigInt(increments * step.incrementSeconds),
    partsPerMicro * BigInt(connectionFeeMicros),
  );
  const quantumMicros = 10n ** BigInt(6 - rounding.decimals);
  const quantum = partsPerMicro * quantumMicros;
  const whole = parts / quantum;
  const isUp = roundsUp(rounding.mode, {
    rest: parts % quantum,
    half: compare((parts % quantum) * 2n, quantum),
    isOdd: whole % 2n === 1n,
  });
  return Number((whole + (isUp ? 1n : 0n)) * quantumMicros);
}

function roundedQuotient(parts: number, quantum: number, mode: RoundingMode): number {
  const rest = parts % quantum;
  const whole = (parts - rest) / quantum;
  return whole + (roundsUp(mode, { rest, half: compare(rest * 2, quantum), isOdd: whole % 2 === 1 }) ? 1 : 0);
}

/** `half` is negative below one half, 0 at it, positive above. Amounts of calls are never negative, so up is away from zero. */
function roundsUp(
  mode: RoundingMode,
  position: { readonly rest: number | bigint; readonly half: number; readonly isOdd: boolean },
): boolean {
  switch (mode) {
    case 'up':
      return position.rest > 0;
    case 'down':
      return false;
    case 'half_up':
      return position.half >= 0 && position.rest > 0;
    case 'half_even':
      return position.half > 0 || (position.half === 0 && position.isOdd);
  }
}

function compare<Value extends number | bigint>(first: Value, second: Value): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

function leastCommonMultiple(first: number, second: number): number {
  return first % second === 0 ? first : (first / greatestCommonDivisor(first, second)) * second;
}

function greatestCommonDivisor(first: number, second: number): number {
  return second === 0 ? first : greatestCommonDivisor(second, first % second);
}

function bigLeastCommonMultiple(first: bigint, second: bigint): bigint {
  let [divisor, rest] = [first, second];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return (first / divisor) * second;
}
