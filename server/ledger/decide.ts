/**
 * What an operation does to a wallet: facts in, decision out. Pure, so that every store that can ask it decides the same, and one
 * that decides in its own language (a database function) has something to be compared with.
 *
 * The order of refusals is part of the contract: wallet_unknown, id_reused (hold id taken), hold_unknown, hold_closed, insufficient,
 * below_floor, limit_reached. A store checks the operation id (repeat, id_reused) before and the rows (row_conflict) after.
 */
import {
  addMicros,
  type Micros,
  maxMicros,
  micros,
  minMicros,
  negateMicros,
  subtractMicros,
  ZERO_MICROS,
} from '../../src/protocol/money.ts';
import {
  type ChargeOperation,
  type CreditOperation,
  type ExtendOperation,
  type HoldOperation,
  type LimitUse,
  type Operation,
  type OperationRefusal,
  type OperationResult,
  type SettleOperation,
  WALLET_LEDGER_ACCOUNT,
  type WalletState,
} from './operation.ts';

/** A hold as it is stored. */
export interface HoldState {
  readonly walletId: string;
  readonly totalMicros: Micros;
  /** null while it is open. */
  readonly capturedMicros: Micros | null;
  readonly limits: readonly LimitUse[];
}

/** What is known before the operation, read in the same transaction that will write the decision. */
export interface Facts {
  readonly wallet: WalletState | null;
  /** The hold that the operation names; null when there is none, or when the operation names none. */
  readonly hold: HoldState | null;
  /** How much of a limit is used; 0 for a key never seen. A function, because most operations have no limits. */
  readonly usedOf: (limitKey: string) => number;
}

/** One side of a double entry: positive into the ledger account, negative out of it. */
export interface Posting {
  readonly ledgerAccount: string;
  readonly amountMicros: Micros;
}

/** All that must be written, together, when the operation is applied. */
export interface Change {
  readonly isApplied: true;
  readonly result: Extract<OperationResult, { applied: true }>;
  /** null: the wallet stays as it is (a hold of 0, an extend that grew by nothing). */
  readonly wallet: WalletState | null;
  /** The hold as it must be stored now; null when the operation concerns none or it stays as it is. */
  readonly hold: HoldState | null;
  /** Limit counters as they must be stored now. */
  readonly counters: readonly { readonly limitKey: string; readonly used: number }[];
  /** Empty, or two postings that sum to zero. */
  readonly postings: readonly Posting[];
}

export type Decision = Change | { readonly isApplied: false; readonly refusal: OperationRefusal };

export function decide(operation: Operation, facts: Facts): Decision {
  const { wallet } = facts;
  if (wallet === null) return refused({ code: 'wallet_unknown' });
  switch (operation.kind) {
    case 'hold':
      return decideHold(operation, wallet, facts);
    case 'extend':
      return decideExtend(operation, wallet, facts);
    case 'settle':
      return decideSettle(operation, wallet, facts);
    case 'credit':
      return decideCredit(operation, wallet);
    case 'charge':
      return decideCharge(operation, wallet);
  }
}

/** What can be held or charged now. */
export function availableOf(wallet: WalletState): Micros {
  return subtractMicros(wallet.balanceMicros, wallet.heldMicros);
}

function decideHold(operation: HoldOperation, wallet: WalletState, facts: Facts): Decision {
  if (facts.hold !== null) return refused({ code: 'id_reused' });
  const { minimumMicros, floorMicros, limits } = operation;
  const availableMicros = availableOf(wallet);
  if (availableMicros < minimumMicros) {
    return refused({ code: 'insufficient', neededMicros: minimumMicros, availableMicros });
  }
  if (availableMicros < floorMicros) {
    return refused({ code: 'below_floor', neededMicros: floorMicros, availableMicros });
  }
  let totalMicros = minMicros(operation.amountMicros, availableMicros);
  for (const limit of limits) {
    const room = roomUnder(limit, facts);
    if (limit.use > room || (limit.keeps === 'captured' && minimumMicros > room)) {
      return refused({ code: 'limit_reached', limitKey: limit.limitKey, ceiling: limit.ceiling });
    }
    totalMicros = trimToRoom(totalMicros, { limit, room });
  }
  const hold = { walletId: operation.walletId, totalMicros, capturedMicros: null, limits };
  return applied({
    wallet: reserve(wallet, totalMicros),
    before: wallet,
    hold,
    heldMicros: totalMicros,
    counters: countersAfter(hold, facts, (limit) => (limit.keeps === 'captured' ? totalMicros : limit.use)),
  });
}

function decideExtend(operation: ExtendOperation, wallet: WalletState, facts: Facts): Decision {
  const hold = openHold(operation, facts);
  if ('code' in hold) return refused(hold);
  const wishedMicros = maxMicros(subtractMicros(operation.totalMicros, hold.totalMicros), ZERO_MICROS);
  let grownMicros = minMicros(wishedMicros, availableOf(wallet));
  for (const limit of hold.limits) grownMicros = trimToRoom(grownMicros, { limit, room: roomUnder(limit, facts) });
  const totalMicros = addMicros(hold.totalMicros, grownMicros);
  if (totalMicros < operation.minimumMicros) {
    return refused({
      code: 'insufficient',
      neededMicros: operation.minimumMicros,
      availableMicros: availableOf(wallet),
    });
  }
  return applied({
    wallet: reserve(wallet, grownMicros),
    before: wallet,
    hold: grownMicros === 0 ? null : { ...hold, totalMicros },
    heldMicros: totalMicros,
    counters: countersAfter(hold, facts, (limit) => (limit.keeps === 'captured' ? grownMicros : 0)),
  });
}

function decideSettle(operation: SettleOperation, wallet: WalletState, facts: Facts): Decision {
  const hold = openHold(operation, facts);
  if ('code' in hold) return refused(hold);
  const capturedMicros = minMicros(operation.captureMicros, hold.totalMicros);
  const releasedMicros = subtractMicros(hold.totalMicros, capturedMicros);
  return applied({
    wallet: {
      balanceMicros: subtractMicros(wallet.balanceMicros, capturedMicros),
      heldMicros: subtractMicros(wallet.heldMicros, hold.totalMicros),
      version: wallet.version + (hold.totalMicros === 0 ? 0 : 1),
    },
    before: wallet,
    hold: { ...hold, capturedMicros },
    capturedMicros,
    shortMicros: subtractMicros(operation.captureMicros, capturedMicros),
    counters: countersAfter(hold, facts, (limit) => -(limit.keeps === 'captured' ? releasedMicros : limit.use)),
    postings: postingsFor(operation.revenueAccount, capturedMicros),
  });
}

function decideCredit(operation: CreditOperation, wallet: WalletState): Decision {
  return applied({
    wallet: {
      balanceMicros: addMicros(wallet.balanceMicros, operation.amountMicros),
      heldMicros: wallet.heldMicros,
      version: wallet.version + 1,
    },
    before: wallet,
    postings: postingsFor(operation.sourceAccount, negateMicros(operation.amountMicros)),
  });
}

function decideCharge(operation: ChargeOperation, wallet: WalletState): Decision {
  const { amountMicros } = operation;
  const availableMicros = availableOf(wallet);
  if (availableMicros < amountMicros) {
    return refused({ code: 'insufficient', neededMicros: amountMicros, availableMicros });
  }
  return applied({
    wallet: {
      balanceMicros: subtractMicros(wallet.balanceMicros, amountMicros),
      heldMicros: wallet.heldMicros,
      version: wallet.version + (amountMicros === 0 ? 0 : 1),
    },
    before: wallet,
    capturedMicros: amountMicros,
    postings: postingsFor(operation.revenueAccount, amountMicros),
  });
}

function openHold(
  operation: ExtendOperation | SettleOperation,
  facts: Facts,
): HoldState | Extract<OperationRefusal, { code: 'hold_unknown' | 'hold_closed' }> {
  const { hold } = facts;
  if (hold === null || hold.walletId !== operation.walletId) return { code: 'hold_unknown' };
  return hold.capturedMicros === null ? hold : { code: 'hold_closed' };
}

function reserve(wallet: WalletState, amountMicros: Micros): WalletState {
  if (amountMicros === 0) return wallet;
  return {
    balanceMicros: wallet.balanceMicros,
    heldMicros: addMicros(wallet.heldMicros, amountMicros),
    version: wallet.version + 1,
  };
}

/** How much still fits under a limit's ceiling; 0 when the ceiling was lowered below what is used. */
function roomUnder(limit: LimitUse, facts: Facts): number {
  return Math.max(0, limit.ceiling - facts.usedOf(limit.limitKey));
}

function trimToRoom(
  amountMicros: Micros,
  { limit, room }: { readonly limit: LimitUse; readonly room: number },
): Micros {
  return limit.keeps === 'captured' && room < amountMicros ? micros(room) : amountMicros;
}

function countersAfter(hold: HoldState, facts: Facts, addedBy: (limit: LimitUse) => number): Change['counters'] {
  if (hold.limits.length === 0) return [];
  return hold.limits
    .map((limit) => ({ limitKey: limit.limitKey, added: addedBy(limit) }))
    .filter(({ added }) => added !== 0)
    .map(({ limitKey, added }) => ({ limitKey, used: facts.usedOf(limitKey) + added }));
}

/** The wallet gives `amountMicros` to the other account (takes it from there when negative); nothing is posted for nothing. */
function postingsFor(otherAccount: string, amountMicros: Micros): readonly Posting[] {
  if (amountMicros === 0) return [];
  return [
    { ledgerAccount: WALLET_LEDGER_ACCOUNT, amountMicros: negateMicros(amountMicros) },
    { ledgerAccount: otherAccount, amountMicros },
  ];
}

interface Applied {
  readonly before: WalletState;
  readonly wallet: WalletState;
  readonly hold?: HoldState | null;
  readonly heldMicros?: Micros;
  readonly capturedMicros?: Micros;
  readonly shortMicros?: Micros;
  readonly counters?: Change['counters'];
  readonly postings?: readonly Posting[];
}

function applied(change: Applied): Change {
  return {
    isApplied: true,
    result: {
      applied: true,
      isRepeat: false,
      heldMicros: change.heldMicros ?? ZERO_MICROS,
      capturedMicros: change.capturedMicros ?? ZERO_MICROS,
      shortMicros: change.shortMicros ?? ZERO_MICROS,
      wallet: change.wallet,
    },
    wallet: change.wallet.version === change.before.version ? null : change.wallet,
    hold: change.hold ?? null,
    counters: change.counters ?? [],
    postings: change.postings ?? [],
  };
}

function refused(refusal: OperationRefusal): Decision {
  return { isApplied: false, refusal };
}
