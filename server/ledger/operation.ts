/**
 * What can be done to money: operations in, results out, in batches. The ledger knows wallets, holds, limits and entries; it
 * knows no call, no number, no card. RFC 8506 words in brackets.
 *
 *   hold     [initial]      available -> held                              refusal when not covered
 *   extend   [update]       grows a hold, as far as the wallet can pay
 *   settle   [termination]  captures a part of the hold, releases the rest; capture 0 is a plain release
 *   credit                  money in: from a named source account to the wallet
 *   charge                  money out at once: from the wallet to a named revenue account, refusal when not covered
 *
 * Every operation has an id made by its caller. The first time decides; a repeat gets the stored result and changes nothing; the
 * same id with other content is refused as `id_reused`. Only what was applied is stored: a refused operation may be submitted again
 * with the same id, e.g. after credit was added. Results are decided, never thrown.
 */
import type { Micros } from '../../src/protocol/money.ts';
import type { RowWrite } from '../storage/rows.ts';

/**
 * Consumes a counter that must not pass its ceiling, e.g. calls at once or spend a day. Checked and counted with the hold: refused
 * as `limit_reached` when `use` does not fit under the ceiling any more. A use of 0 always fits.
 */
export interface LimitUse {
  /** For instance "agent:sam:calls" or "office:berlin:spend:2026-11-21". */
  readonly limitKey: string;
  readonly use: number;
  readonly ceiling: number;
  /**
   * What the counter keeps when the hold is settled: 'nothing' (calls at once; `use` is counted while the hold is open) or
   * 'captured' (spend: what the hold holds is counted, and becomes the captured micros). A 'captured' ceiling trims the hold and
   * each extend exactly as the wallet does; below `minimumMicros` it refuses.
   */
  readonly keeps: 'nothing' | 'captured';
}

interface OperationBase {
  readonly operationId: string;
  readonly accountId: string;
  readonly walletId: string;
  readonly atMs: number;
  /** Rows that are written in the same transaction if, and only if, this operation is applied (not on refusal or repeat). */
  readonly alongside: readonly RowWrite[];
}

export interface HoldOperation extends OperationBase {
  readonly kind: 'hold';
  readonly holdId: string;
  /** Wished for; the hold gets min(this, available) when that is at least `minimumMicros`. 0 is a valid hold (free calls). */
  readonly amountMicros: Micros;
  readonly minimumMicros: Micros;
  /** The wallet must have this much available before the hold (F-12: "low"); 0 when there is no such floor. */
  readonly floorMicros: Micros;
  readonly limits: readonly LimitUse[];
}

export interface ExtendOperation extends OperationBase {
  readonly kind: 'extend';
  readonly holdId: string;
  /**
   * The new total of the hold that is wished for; gets as much as is available and its 'captured' limits leave, never shrinks. Not
   * a refusal when it grows by nothing: compare the result's heldMicros. A later try needs a new operation id.
   */
  readonly totalMicros: Micros;
  /**
   * The hold must have at least this much afterwards, or nothing is done: `insufficient`, whether the wallet or a limit has too little.
   * For rows alongside that say what is held. Not part of the fingerprint: a repeat gets what was held the first time.
   */
  readonly minimumMicros: Micros;
}

export interface SettleOperation extends OperationBase {
  readonly kind: 'settle';
  readonly holdId: string;
  /** At most the hold. More than the hold is captured up to the hold; `shortMicros` of the result tells the rest. */
  readonly captureMicros: Micros;
  readonly revenueAccount: string;
  /** Fixed list of REQUIREMENTS F-06, e.g. "outbound_call"; for statements. */
  readonly entryKind: string;
  /** What it was for: call id, number. */
  readonly reference: string;
}

export interface CreditOperation extends OperationBase {
  readonly kind: 'credit';
  readonly amountMicros: Micros;
  /** Where the money comes from: "play_credit", "operator_credit", or the provider of a payment. */
  readonly sourceAccount: string;
  readonly entryKind: string;
  readonly reference: string;
}

export interface ChargeOperation extends OperationBase {
  readonly kind: 'charge';
  readonly amountMicros: Micros;
  readonly revenueAccount: string;
  readonly entryKind: string;
  readonly reference: string;
}

export type Operation = HoldOperation | ExtendOperation | SettleOperation | CreditOperation | ChargeOperation;

/** The wallet right after the operation, for events and refusals. `version` counts every change of the wallet. */
export interface WalletState {
  readonly balanceMicros: Micros;
  readonly heldMicros: Micros;
  readonly version: number;
}

export type OperationRefusal =
  | {
      readonly code: 'insufficient';
      /** hold, extend: the minimum. charge: the amount. */
      readonly neededMicros: Micros;
      readonly availableMicros: Micros;
    }
  | {
      readonly code: 'below_floor';
      readonly neededMicros: Micros;
      readonly availableMicros: Micros;
    }
  | {
      readonly code: 'limit_reached';
      readonly limitKey: string;
      readonly ceiling: number;
    }
  | { readonly code: 'hold_unknown' }
  | { readonly code: 'hold_closed' }
  | { readonly code: 'wallet_unknown' }
  | { readonly code: 'id_reused' }
  /** A row of `alongside` with mode 'insert' was there already: somebody else was first. */
  | { readonly code: 'row_conflict'; readonly table: string };

export type OperationResult =
  | {
      readonly applied: true;
      /** True when this is the stored answer to a repeat. */
      readonly isRepeat: boolean;
      /** hold, extend: the hold's total now. settle: 0. */
      readonly heldMicros: Micros;
      /** settle, charge: what was taken. */
      readonly capturedMicros: Micros;
      /** settle: what the hold did not cover. Never becomes a negative balance. */
      readonly shortMicros: Micros;
      readonly wallet: WalletState;
    }
  | {
      readonly applied: false;
      readonly refusal: OperationRefusal;
      readonly wallet: WalletState | null;
    };

/** The name of a wallet's own side in the book; no source or revenue account may be called so. */
export const WALLET_LEDGER_ACCOUNT = 'wallet';

/** Operations in one transaction at most. The order inside a batch, the same in every store: arrival order. */
export const MAX_BATCH = 256;

/** One at a time in, batched underneath; resolves after COMMIT. */
export interface Ledger {
  submit(operation: Operation): Promise<OperationResult>;
}
