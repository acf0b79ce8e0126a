/** Amounts as people type them, and what is wrong with them. */
import { type Micros, parseMicros } from '../protocol/money.ts';
import type { AmountBounds } from '../protocol/payment.ts';
import type { Texts } from './texts.ts';

export type TypedAmount = { readonly amountMicros: Micros } | { readonly wrong: string };

/** "37.50" and "37,50" are the same; separators of thousands are not guessed at. */
export function typedAmount(
  text: string,
  rules: { readonly bounds: AmountBounds; readonly stepMicros?: Micros; readonly texts: Texts },
): TypedAmount {
  const { bounds, stepMicros, texts } = rules;
  const amountMicros = parseMicros(text.trim().replace(',', '.'));
  if (amountMicros === null) return { wrong: texts.say('add.no_number') };
  if (amountMicros < bounds.leastMicros)
    return { wrong: texts.say('add.least', { least: texts.price(bounds.leastMicros) }) };
  if (amountMicros > bounds.mostMicros)
    return { wrong: texts.say('add.most', { most: texts.price(bounds.mostMicros) }) };
  if (stepMicros !== undefined && amountMicros % stepMicros !== 0)
    return { wrong: texts.say('add.step', { step: texts.price(stepMicros) }) };
  return { amountMicros };
}
