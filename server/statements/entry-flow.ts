import type { StatementFlow } from '../../src/protocol/statement.ts';

/** Money between the wallet and the card that paid, both ways. */
const RETURNS: ReadonlySet<string> = new Set(['refund_order', 'payment_refund', 'payment_dispute', 'payment_return']);

/** A kind that nobody knows counts as usage when it takes money: nothing that was spent may be missing (L-17). */
export function entryFlow(entryKind: string, amountMicros: number): StatementFlow {
  if (RETURNS.has(entryKind)) return 'returned';
  return amountMicros < 0 ? 'usage' : 'added';
}
