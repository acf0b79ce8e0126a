/**
 * The ledger in the plainest words there are: maps and if. Written from the contract (operation.ts), not from the code, so that
 * the two can disagree.
 */
import type {
  ExtendOperation,
  HoldOperation,
  LimitUse,
  Operation,
  OperationRefusal,
  OperationResult,
  SettleOperation,
} from '../../server/ledger/operation.ts';
import { micros } from '../../src/protocol/money.ts';

interface ModelWallet {
  balance: number;
  held: number;
  version: number;
}

interface ModelHold {
  readonly walletId: string;
  readonly limits: readonly LimitUse[];
  total: number;
  captured: number | null;
}

interface Done {
  readonly held?: number;
  readonly captured?: number;
  readonly short?: number;
}

export class LedgerModel {
  readonly wallets = new Map<string, ModelWallet>();
  readonly holds = new Map<string, ModelHold>();
  readonly counters = new Map<string, number>();
  readonly answers = new Map<string, { readonly asked: string; readonly result: OperationResult }>();

  clone(): LedgerModel {
    const copy = new LedgerModel();
    for (const name of ['wallets', 'holds', 'counters', 'answers'] as const) {
      // Each map is copied into the map of its own name.
      const target = copy[name] as Map<string, unknown>;
      for (const [key, value] of this[name]) target.set(key, structuredClone(value));
    }
    return copy;
  }

  apply(operation: Operation): OperationResult {
    const asked = JSON.stringify({ ...operation, atMs: 0, alongside: [], limits: [] });
    const before = this.answers.get(operation.operationId);
    if (before?.asked === asked) return { ...before.result, isRepeat: true } as OperationResult;
    if (before !== undefined) return this.#refuse(operation, { code: 'id_reused' });
    const wallet = this.wallets.get(operation.walletId);
    if (wallet === undefined) return this.#refuse(operation, { code: 'wallet_unknown' });
    const done = this.#do(operation, wallet);
    if ('code' in done) return this.#refuse(operation, done);
    const result: OperationResult = {
      applied: true,
      isRepeat: false,
      heldMicros: micros(done.held ?? 0),
      capturedMicros: micros(done.captured ?? 0),
      shortMicros: micros(done.short ?? 0),
      wallet: stateOf(wallet),
    };
    this.answers.set(operation.operationId, { asked, result });
    return result;
  }

  #do(operation: Operation, wallet: ModelWallet): Done | OperationRefusal {
    const available = wallet.balance - wallet.held;
    switch (operation.kind) {
      case 'credit':
        this.#change(wallet, { balance: operation.amountMicros });
        return {};
      case 'charge':
        if (operation.amountMicros > available) return insufficient(operation.amountMicros, available);
        this.#change(wallet, { balance: -operation.amountMicros });
        return { captured: operation.amountMicros };
      case 'hold':
        return this.#hold(operation, wallet);
      case 'extend':
        return this.#extend(operation, wallet);
      case 'settle':
        return this.#settle(operation, wallet);
    }
  }

  #hold(operation: HoldOperation, wallet: ModelWallet): Done | OperationRefusal {
    const available = wallet.balance - wallet.held;
    if (this.holds.has(operation.holdId)) return { code: 'id_reused' };
    if (operation.minimumMicros > available) return insufficient(operation.minimumMicros, available);
    if (operation.floorMicros > available) {
      return { code: 'below_floor', neededMicros: operation.floorMicros, availableMicros: micros(available) };
    }
    let total = Math.min(operation.amountMicros, available);
    for (const limit of operation.limits) {
      const room = this.#room(limit);
      const need = limit.keeps === 'captured' ? Math.max(limit.use, operation.minimumMicros) : limit.use;
      if (need > room) return { code: 'limit_reached', limitKey: limit.limitKey, ceiling: limit.ceiling };
      if (limit.keeps === 'captured') total = Math.min(total, room);
    }
    for (const limit of operation.limits) this.#count(limit, limit.keeps === 'captured' ? total : limit.use);
    this.#change(wallet, { held: total });
    this.holds.set(operation.holdId, { walletId: operation.walletId, limits: operation.limits, total, captured: null });
    return { held: total };
  }

  #extend(operation: ExtendOperation, wallet: ModelWallet): Done | OperationRefusal {
    const hold = this.holds.get(operation.holdId);
    if (hold === undefined || hold.walletId !== operation.walletId) return { code: 'hold_unknown' };
    if (hold.captured !== null) return { code: 'hold_closed' };
    const available = wallet.balance - wallet.held;
    let grown = Math.min(Math.max(0, operation.totalMicros - hold.total), available);
    const spends = hold.limits.filter(({ keeps }) => keeps === 'captured');
    for (const limit of spends) grown = Math.min(grown, this.#room(limit));
    if (hold.total + grown < operation.minimumMicros) return insufficient(operation.minimumMicros, available);
    for (const limit of spends) this.#count(limit, grown);
    hold.total += grown;
    this.#change(wallet, { held: grown });
    return { held: hold.total };
  }

  #settle(operation: SettleOperation, wallet: ModelWallet): Done | OperationRefusal {
    const hold = this.holds.get(operation.holdId);
    if (hold === undefined || hold.walletId !== operation.walletId) return { code: 'hold_unknown' };
    if (hold.captured !== null) return { code: 'hold_closed' };
    const captured = Math.min(operation.captureMicros, hold.total);
    hold.captured = captured;
    for (const limit of hold.limits)
      this.#count(limit, limit.keeps === 'captured' ? captured - hold.total : -limit.use);
    if (hold.total > 0) this.#change(wallet, { balance: -captured, held: -hold.total });
    return { captured, short: operation.captureMicros - captured };
  }

  #room(limit: LimitUse): number {
    return Math.max(0, limit.ceiling - (this.counters.get(limit.limitKey) ?? 0));
  }

  #count(limit: LimitUse, added: number): void {
    if (added !== 0) this.counters.set(limit.limitKey, (this.counters.get(limit.limitKey) ?? 0) + added);
  }

  #change(wallet: ModelWallet, { balance = 0, held = 0 }: { readonly balance?: number; readonly held?: number }): void {
    if (balance === 0 && held === 0) return;
    wallet.balance += balance;
    wallet.held += held;
    wallet.version += 1;
  }

  #refuse(operation: Operation, refusal: OperationRefusal): OperationResult {
    const wallet = this.wallets.get(operation.walletId);
    return { applied: false, refusal, wallet: wallet === undefined ? null : stateOf(wallet) };
  }
}

function insufficient(needed: number, available: number): OperationRefusal {
  return { code: 'insufficient', neededMicros: micros(needed), availableMicros: micros(available) };
}

function stateOf({ balance, held, version }: ModelWallet) {
  return { balanceMicros: micros(balance), heldMicros: micros(held), version };
}
