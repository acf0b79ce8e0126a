/** Operations for tests: say what matters, the rest is ordinary. Amounts are plain numbers of micros. */
import type {
  ChargeOperation,
  CreditOperation,
  ExtendOperation,
  HoldOperation,
  SettleOperation,
} from '../../server/ledger/operation.ts';
import type { CallRow, NumberOwnerRow } from '../../server/storage/rows.ts';
import { micros } from '../../src/protocol/money.ts';

export const ACCOUNT = 'acme';
export const WALLET = 'berlin';

const BASE = { accountId: ACCOUNT, walletId: WALLET, atMs: 1_750_000_000_000, alongside: [] };

type Wish<Operation, Amounts extends string> = Partial<Omit<Operation, Amounts | 'kind'>> & {
  readonly operationId: string;
} & { readonly [Name in Amounts]?: number };

export function creditOf(amount: number, wish: Wish<CreditOperation, 'amountMicros'>): CreditOperation {
  return {
    ...BASE,
    sourceAccount: 'play_credit',
    entryKind: 'play_credit',
    reference: wish.operationId,
    ...wish,
    kind: 'credit',
    amountMicros: micros(amount),
  };
}

export function chargeOf(amount: number, wish: Wish<ChargeOperation, 'amountMicros'>): ChargeOperation {
  return {
    ...BASE,
    revenueAccount: 'revenue_numbers',
    entryKind: 'number_purchase',
    reference: wish.operationId,
    ...wish,
    kind: 'charge',
    amountMicros: micros(amount),
  };
}

/** Holds `amount` or nothing, unless a smaller minimum is given. The hold id is the operation id unless given. */
export function holdOf(
  amount: number,
  wish: Wish<HoldOperation, 'amountMicros' | 'minimumMicros' | 'floorMicros'>,
): HoldOperation {
  return {
    ...BASE,
    holdId: wish.operationId,
    limits: [],
    ...wish,
    kind: 'hold',
    amountMicros: micros(amount),
    minimumMicros: micros(wish.minimumMicros ?? amount),
    floorMicros: micros(wish.floorMicros ?? 0),
  };
}

/** Takes what there is, unless a minimum is given. */
export function extendOf(
  total: number,
  wish: Wish<ExtendOperation, 'totalMicros' | 'minimumMicros'> & { readonly holdId: string },
): ExtendOperation {
  const minimumMicros = micros(wish.minimumMicros ?? 0);
  return { ...BASE, ...wish, kind: 'extend', totalMicros: micros(total), minimumMicros };
}

export function settleOf(
  capture: number,
  wish: Wish<SettleOperation, 'captureMicros'> & { readonly holdId: string },
): SettleOperation {
  return {
    ...BASE,
    revenueAccount: 'revenue_calls',
    entryKind: 'outbound_call',
    reference: wish.holdId,
    ...wish,
    kind: 'settle',
    captureMicros: micros(capture),
  };
}

export function callRowOf(row: Partial<CallRow> & { readonly callId: string }): CallRow {
  return {
    accountId: ACCOUNT,
    officeId: 'berlin',
    walletId: WALLET,
    personId: 'sam',
    personName: 'Sam',
    direction: 'outbound',
    number: '+4930123456',
    callerNumber: null,
    destination: 'Germany',
    kind: 'domestic',
    status: 'authorized',
    currency: 'USD',
    rate: '{}',
    startedAtMs: BASE.atMs,
    answeredAtMs: null,
    endedAtMs: null,
    endReason: null,
    durationSeconds: 0,
    billedSeconds: 0,
    costMicros: 0,
    heldMicros: 0,
    leaseSeconds: 30,
    renewalIndex: 0,
    isLeaseFinal: false,
    dueAtMs: null,
    edgeId: null,
    sipCallId: null,
    refusal: null,
    version: 1,
    ...row,
  };
}

export function numberOwnerRowOf(number: string, row: Partial<NumberOwnerRow> = {}): NumberOwnerRow {
  return {
    number,
    accountId: ACCOUNT,
    officeId: 'berlin',
    purchaseId: `purchase-of-${number}`,
    purchasedAtMs: BASE.atMs,
    personId: null,
    state: 'active',
    currency: 'USD',
    monthlyMicros: 1_000_000,
    nextMonthlyMicros: null,
    nextMonthlyDay: null,
    anchorDay: 1,
    rentDay: '2026-12-01',
    stepDay: null,
    heldMicros: 0,
    holdId: null,
    told: '',
    changeId: null,
    releasedAtMs: null,
    dueAtMs: null,
    version: 1,
    numberRef: null,
    ...row,
  };
}
