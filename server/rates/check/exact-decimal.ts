/** Decimal texts of a vector, never turned into floats. */
import { MAX_CALL_SECONDS } from '../../../src/protocol/duration.ts';
import { type Micros, micros, parseMicros } from '../../../src/protocol/money.ts';
import { CellError, type Price, readPrice } from '../rate-cell.ts';
import { needText, Unsupported } from './vector.ts';

const MICRO_DECIMALS = 6;

/** An amount in the vector's unit; Unsupported below one micro. */
export function needMicros(value: unknown, name: string): Micros {
  const amount = parseMicros(needText(value, name));
  if (amount === null) throw new Unsupported(`"${name}" is no amount with at most six decimals`);
  return amount;
}

/** An amount that the vector writes with more digits than money has, such as 0.000943333333: to the micro, half up. */
export function roundedMicros(text: string): Micros {
  const { digits, decimals } = scaled(text);
  const parts = 10n ** BigInt(Math.max(0, decimals - MICRO_DECIMALS));
  const factor = 10n ** BigInt(Math.max(0, MICRO_DECIMALS - decimals));
  return micros(Number((digits * factor * 2n + parts) / (2n * parts)));
}

/** A price per interval, kept exactly. */
export function needPrice(text: string, intervalSeconds: number): Price {
  try {
    return readPrice(text, intervalSeconds);
  } catch (error) {
    if (error instanceof CellError) throw new Unsupported(`price "${text}": ${error.message}`);
    throw error;
  }
}

export function wholeSeconds(value: unknown, name: string): number {
  const seconds = Number(needText(value, name));
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_CALL_SECONDS) {
    throw new Unsupported(`"${name}" is not from 1 to ${MAX_CALL_SECONDS} whole seconds`);
  }
  return seconds;
}

/** "0.0001" with 23 % on top: "0.000123". */
export function withPercent(amount: string, percent: string): string {
  const factor = scaled(percent);
  const hundred = 100n * 10n ** BigInt(factor.decimals);
  const value = scaled(amount);
  return decimalText(value.digits * (hundred + factor.digits), value.decimals + factor.decimals + 2);
}

function scaled(text: string): { readonly digits: bigint; readonly decimals: number } {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new Unsupported(`"${text}" is no decimal`);
  const [, whole = '', fraction = ''] = match;
  return { digits: BigInt(whole + fraction), decimals: fraction.length };
}

function decimalText(digits: bigint, decimals: number): string {
  const padded = String(digits).padStart(decimals + 1, '0');
  const text = `${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`;
  return text.replace(/0+$/, '').replace(/\.$/, '');
}
