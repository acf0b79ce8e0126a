/**
 * Money: integer millionths of a currency unit ("micros"), never a float.
 *
 * One wallet has one currency, so an amount carries no currency of its own; the object around it does.
 * Arithmetic goes through this file only, so that an amount that leaves the safe range is a bug that stops
 * the request instead of a wrong bill.
 */

declare const microsBrand: unique symbol;

/** A safe integer of millionths of the currency unit: 1 USD = 1_000_000. */
export type Micros = number & { readonly [microsBrand]: true };

/** Micros in one currency unit. */
export const MICROS_PER_UNIT = 1_000_000;

/** The largest amount that any wallet, entry or price may hold: one thousand million units. */
export const MAX_MICROS = 1_000_000_000 * MICROS_PER_UNIT;

/** Marks an integer as micros. Throws RangeError when it is not a safe integer within ±MAX_MICROS. */
export function micros(value: number): Micros {
  if (!Number.isSafeInteger(value) || Math.abs(value) > MAX_MICROS) {
    throw new RangeError(`Not an amount in micros: ${value}`);
  }
  // The check above is what the brand stands for; -0 is folded into 0 so that amounts compare with Object.is too.
  return (value === 0 ? 0 : value) as Micros;
}

export const ZERO_MICROS: Micros = micros(0);

export function addMicros(...amounts: readonly Micros[]): Micros {
  return micros(amounts.reduce((sum: number, amount) => sum + amount, 0));
}

/** What is left when `taken` is taken from `amount`; may be negative. */
export function subtractMicros(amount: Micros, taken: Micros): Micros {
  return micros(amount - taken);
}

export function minMicros(first: Micros, second: Micros): Micros {
  return first < second ? first : second;
}

export function maxMicros(first: Micros, second: Micros): Micros {
  return first > second ? first : second;
}

export function negateMicros(amount: Micros): Micros {
  return micros(-amount);
}

const DECIMAL = /^(-?)(\d{1,10})(?:\.(\d{1,12}))?$/;

/**
 * Reads a decimal such as "0.0125" exactly. Returns null when the text is no plain decimal, has digits below one micro,
 * or is out of range; the caller knows the line and the field to name in its error.
 */
export function parseMicros(text: string): Micros | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  const [, sign, units = '0', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(6))) return null;
  const value = Number(units) * MICROS_PER_UNIT + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (value > MAX_MICROS) return null;
  return micros(sign === '-' ? -value : value);
}

/** Writes micros as an exact decimal with at least two decimals: 12_500 -> "0.0125", 5_000_000 -> "5.00". */
export function decimalFromMicros(amount: Micros): string {
  const absolute = Math.abs(amount);
  const units = Math.floor(absolute / MICROS_PER_UNIT);
  const fraction = String(absolute % MICROS_PER_UNIT).padStart(6, '0');
  const shown = fraction.replace(/0{1,4}$/, '');
  return `${amount < 0 ? '-' : ''}${units}.${shown}`;
}
