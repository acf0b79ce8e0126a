/** Why credit does not cover something, in the words of problem.ts. The same rule for calls and for numbers. */
import { type Micros, maxMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { Wallet } from './wallet.ts';

export interface CreditNeed {
  readonly neededMicros: Micros;
  /** The least amount that must be available before anything is taken (F-12); 0 when there is none. */
  readonly floorMicros: Micros;
  readonly currency: string;
  /** How many running calls hold credit of this wallet now. */
  readonly holdingCalls: number;
}

/**
 * Null when the wallet covers the need.
 *
 *   available >= needed and floor          -> null
 *   the balance would do, holds are why    -> credit_held
 *   nothing at all                         -> no_credit            (F-12: "empty")
 *   less than is needed                    -> insufficient_credit
 *   enough, but below the floor            -> low_credit           (F-12: "low")
 */
export function creditRefusal(wallet: Wallet, need: CreditNeed): Refusal | null {
  const { availableMicros, balanceMicros } = wallet;
  const requiredMicros = maxMicros(need.neededMicros, need.floorMicros);
  if (availableMicros >= requiredMicros) return null;
  const numbers = { neededMicros: requiredMicros, availableMicros, currency: need.currency };
  if (balanceMicros >= requiredMicros) {
    return refusal('credit_held', { ...numbers, holdingCalls: need.holdingCalls });
  }
  if (balanceMicros <= ZERO_MICROS) return refusal('no_credit', numbers);
  if (availableMicros < need.neededMicros) return refusal('insufficient_credit', numbers);
  return refusal('low_credit', numbers);
}
