/**
 * Buying a number. One of our own inventory is one charge and the row that says whose it is, in one step of the store: never two owners
 * (the row's key), never below zero (the ledger), never twice (the purchase id). One of a carrier is ordered there (order-number.ts).
 */
import { micros } from '../../src/protocol/money.ts';
import type { NumberPurchase } from '../../src/protocol/number.ts';
import { granted, type Outcome, type Refusal, refusal, refused } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { walletOf } from '../accounts/wallet.ts';
import type { OperationResult } from '../ledger/operation.ts';
import type { Identity } from '../services.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { claimNumber, ownerOf, readOwnerRow } from './claim-number.ts';
import type { DueToday } from './due-today.ts';
import { shownTo, stockedNow, tellOfNumber } from './number-notices.ts';
import { purchaseRecord } from './number-purchase.ts';
import type { NumberRoom } from './number-room.ts';
import { orderNumber } from './order-number.ts';
import { operationIdOf } from './order-rows.ts';
import { shopperOf } from './search-numbers.ts';
import { readStocked } from './search-stock.ts';
import { buyRefusal, dueOf, type Shopper, type StockedNumber } from './shop-number.ts';

export interface BuyNumber {
  readonly identity: Identity;
  /** E.164. */
  readonly number: string;
  readonly purchaseId: string;
  /** What came with a carrier's number. */
  readonly offer?: string | undefined;
}

interface Purchase extends BuyNumber {
  readonly office: Office;
  readonly stocked: StockedNumber;
  readonly shopper: Shopper;
  readonly due: DueToday;
  /** The row of whoever owns or owned it. */
  readonly before: NumberOwnerRow | null;
}

export async function buyNumber(room: NumberRoom, request: BuyNumber): Promise<Outcome<NumberPurchase>> {
  const { identity, number } = request;
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const stocked = await readStocked(room.store, { accountId: identity.accountId, number });
  if (stocked === null || stocked.carrier !== null) return await orderNumber(room, { ...request, office });
  if (stocked.currency !== office.account.currency) return refused(refusal('number_unknown'));
  if (!office.account.isPhoneEnabled) return refused(refusal('phone_disabled'));
  const before = await readOwnerRow(room.store, number);
  if (isTaken(request, before)) return refused(refusal('number_taken'));
  const shopper = await shopperOf(room, office);
  return await buyStocked(room, { ...request, office, stocked, shopper, due: dueOf(stocked, shopper), before });
}

async function buyStocked(room: NumberRoom, purchase: Purchase): Promise<Outcome<NumberPurchase>> {
  if (isBought(purchase, purchase.before)) return await bought(room, purchase);
  const tooLow = belowFloor(purchase);
  if (tooLow) return refused(tooLow);
  const result = await charge(room, purchase);
  const owner = await readOwnerRow(room.store, purchase.number);
  if (isBought(purchase, owner)) {
    if (result.applied && !result.isRepeat) await tellBought(room, purchase);
    return await bought(room, purchase);
  }
  // A repeat of a purchase whose number has gone to somebody else since is no purchase.
  return result.applied ? refused(refusal('number_taken')) : await whyNot(room, { purchase, result, owner });
}

/** By another purchase: nothing more needs to be asked. */
function isTaken(request: BuyNumber, row: NumberOwnerRow | null): boolean {
  return ownerOf(row) !== null && !isBought(request, row);
}

/** By this very purchase. Asked before the ledger is: the price of the day may have changed between a request and its repeat. */
function isBought({ identity, purchaseId }: BuyNumber, row: NumberOwnerRow | null): boolean {
  const owner = ownerOf(row);
  return owner?.purchaseId === purchaseId && owner.accountId === identity.accountId;
}

async function tellBought(room: NumberRoom, { office, stocked }: Purchase): Promise<void> {
  await tellOfNumber(room, { changed: office.office, number: await stockedNow(room, stocked) });
}

async function bought(room: NumberRoom, { office, stocked, purchaseId }: Purchase): Promise<Outcome<NumberPurchase>> {
  const charged = await room.store.db
    .selectFrom('operation')
    .select(['capturedMicros', 'atMs'])
    .where('accountId', '=', office.account.accountId)
    .where('operationId', '=', operationIdOf(purchaseId))
    .executeTakeFirstOrThrow();
  return granted({
    purchaseId,
    state: 'bought',
    number: await shownTo(room, { office, number: await stockedNow(room, stocked) }),
    chargedMicros: micros(charged.capturedMicros),
    purchasedAtMs: charged.atMs,
  });
}

/**
 * Less credit than must be there before anything is bought (F-11). Looked at before the charge, not in it: two purchases at the same moment
 * may both find enough; neither goes below zero. A number that is owned already is not looked at: it was bought by this very request, or
 * it is taken.
 */
function belowFloor({ stocked, shopper, before }: Purchase): Refusal | null {
  const isFloored = shopper.policy.credit.numberFloorMicros > 0;
  return isFloored && ownerOf(before) === null ? buyRefusal(stocked, shopper) : null;
}

async function charge(room: NumberRoom, purchase: Purchase): Promise<OperationResult> {
  const { stocked, shopper, due, before, purchaseId, identity, number } = purchase;
  const { office } = purchase.office;
  const { accountId, officeId } = office;
  const { atMs } = shopper;
  const operationId = operationIdOf(purchaseId);
  return await room.ledger.submit({
    kind: 'charge',
    operationId,
    accountId,
    walletId: office.walletId,
    atMs,
    amountMicros: due.totalMicros,
    revenueAccount: 'number_revenue',
    entryKind: 'number_purchase',
    reference: number,
    alongside: [
      claimNumber({ number: stocked, office, purchaseId, atMs, due, numberRef: null, before }),
      purchaseRecord({
        ...{ accountId, officeId, number, operationId, atMs, due, chargedMicros: due.totalMicros },
        ...{ personId: identity.personId, personName: identity.name },
      }),
    ],
  });
}

interface Refused {
  readonly purchase: Purchase;
  readonly result: Extract<OperationResult, { applied: false }>;
  readonly owner: NumberOwnerRow | null;
}

/** A number that is owned is "taken" before it is "too dear": credit would not help. */
async function whyNot(room: NumberRoom, { purchase, result, owner }: Refused): Promise<Outcome<NumberPurchase>> {
  const { code } = result.refusal;
  if (code === 'id_reused') return refused(refusal('id_reused'));
  if (code === 'row_conflict' || ownerOf(owner) !== null) return refused(refusal('number_taken'));
  const shopper = await shopperOf(room, purchase.office);
  const wallet = result.wallet ? walletOf(result.wallet) : shopper.wallet;
  const reason = buyRefusal(purchase.stocked, { ...shopper, wallet });
  if (reason === null) throw new Error(`The ledger refused a purchase with ${code}, which no rule explains`);
  return refused(reason);
}
