import type { Refusal } from '../protocol/problem.ts';
import { refusalText } from './refusal-text.ts';
import type { Texts } from './texts.ts';

/** Why a number cannot be bought (F-27): beside the disabled button, with what is missing. No call is ever refused with the first two. */
export function purchaseRefusalText(refusal: Refusal, texts: Texts): string {
  const { code, neededMicros, availableMicros, currency } = refusal;
  if (code === 'number_undeliverable') return texts.say('num.failed');
  if (code === 'carrier_unavailable') return texts.say('shop.unreachable');
  const isShort = code === 'no_credit' || code === 'insufficient_credit' || code === 'low_credit';
  if (neededMicros === undefined) return isShort ? texts.say('num.short.plain') : refusalText(refusal, texts);
  const needed = texts.price(neededMicros, currency);
  if (code === 'credit_held' && refusal.holdingCalls === 0) return texts.say('num.set_aside', { needed });
  if (code === 'credit_held') return texts.count('num.held', refusal.holdingCalls ?? 1, { needed });
  if (isShort && availableMicros !== undefined)
    return texts.say('num.short', { needed, available: texts.balance(availableMicros, currency) });
  return refusalText(refusal, texts);
}
