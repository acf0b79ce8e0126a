/** What callers asked of a ledger and what they were told: the truth that a store has to agree with after a fault. */
import type { Operation, OperationResult } from '../../server/ledger/operation.ts';

export interface Acknowledgement {
  readonly operation: Operation;
  readonly result: OperationResult;
}

export interface WalletSums {
  readonly balanceMicros: number;
  readonly heldMicros: number;
}

export class OperationHistory {
  /** Applied, as their callers were told. */
  readonly #acknowledged = new Map<string, Acknowledgement>();
  readonly #asked = new Map<string, Operation>();

  /** To be told before the operation is sent. */
  asked(operation: Operation): void {
    this.#asked.set(operation.operationId, operation);
  }

  /** To be told of every answer. A refusal leaves nothing behind, so nothing has to be there later. */
  answered(operation: Operation, result: OperationResult): void {
    this.#asked.delete(operation.operationId);
    if (result.applied) this.#acknowledged.set(operation.operationId, { operation, result });
  }

  get acknowledged(): readonly Acknowledgement[] {
    return [...this.#acknowledged.values()];
  }

  /** Asked for and never answered: whether they were applied is not known. In the order in which they were asked. */
  get unanswered(): readonly Operation[] {
    return [...this.#asked.values()];
  }

  /** What each wallet must have when every operation that was acknowledged was applied once, and no other at all. */
  expectedWallets(): Map<string, WalletSums> {
    const wallets = new Map<string, { balanceMicros: number; heldMicros: number }>();
    const holds = new Map<string, number>();
    for (const { operation, result } of this.#acknowledged.values()) {
      if (!result.applied) continue;
      const wallet = wallets.get(operation.walletId) ?? { balanceMicros: 0, heldMicros: 0 };
      wallets.set(operation.walletId, wallet);
      if (operation.kind === 'credit') wallet.balanceMicros += operation.amountMicros;
      wallet.balanceMicros -= result.capturedMicros;
      if (!('holdId' in operation)) continue;
      const before = holds.get(operation.holdId) ?? 0;
      wallet.heldMicros += result.heldMicros - before;
      holds.set(operation.holdId, result.heldMicros);
    }
    return wallets;
  }
}
