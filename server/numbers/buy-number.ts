/**
 * Buying a number: one charge, and the row that says whose it is, in one step of the store. Never two owners (the row's primary key),
 * never below zero (the ledger), never twice (the purchase id).
 */
import { micros } from '../../src/protocol/money.ts';
import type { NumberPurchase } from '../../src/protocol/number.ts';
import { granted, type Outcome, type Refusal, refusal, refused } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { walletOf } from '../accounts/wallet.ts';
import type { OperationResult } from '../ledger/operation.ts';
import { claimNumber, isFree } from '../rent/own-number.ts';
import type { Identity } from '../services.ts';
import type { NumberOwnerRow, RowWrite } from '../storage/rows.ts';
import type { NumberRoom } from './number-room.ts';
import { readStocked, shopperOf } from './search-numbers.ts';
import { buyRefusal, dueTodayMicros, type StockedNumber, shopNumberOf } from './shop-number.ts';

export interface BuyNumber {
  readonly identity: Identity;
  /** E.164. */
  readonly number: string;
  readonly purchaseId: string;
}

interface Purchase extends BuyNumber {
  readonly office: Office;
  readonly stocked: StockedNumber;
  readonly atMs: number;
}

export async function buyNumber(room: NumberRoom, request: BuyNumber): Promise<Outcome<NumberPurchase>> {
  const { identity, number } = request;
  const office = await room.offices.find(identity);
  if (!office) return refused(refusal('office_forbidden'));
  const stocked = await readStocked(room.store, { accountId: identity.accountId, number });
  if (stocked?.currency !== office.account.currency) return refused(refusal('number_unknown'));
  if (!office.account.isPhoneEnabled) return refused(refusal('phone_disabled'));
  const purchase: Purchase = { ...request, office, stocked, atMs: room.clock.nowMs() };
  const tooLow = await belowFloor(room, purchase);
  if (tooLow) return refused(tooLow);
  const result = await charge(room, purchase);
  if (!result.applied) return await whyNot(room, { purchase, result });
  const owner = await readOwner(room, number);
  // A repeat of a purchase whose number has gone to somebody else since is no purchase.
  if (owner?.purchaseId !== request.purchaseId) return refused(refusal('number_taken'));
  if (!result.isRepeat) await tell(room, purchase);
  return granted({
    purchaseId: request.purchaseId,
    number: await shown(room, purchase),
    chargedMicros: micros(result.capturedMicros),
    purchasedAtMs: owner.purchasedAtMs,
  });
}

/**
 * Less credit than must be there before anything is bought (F-11). Looked at before the charge, not in it: two purchases at the same moment
 * may both find enough; neither goes below zero. A number that is owned already is not looked at: it was bought by this very request, or
 * it is taken.
 */
async function belowFloor(room: NumberRoom, { office, stocked, number }: Purchase): Promise<Refusal | null> {
  const isFloored = room.policy.of(office.account).credit.numberFloorMicros > 0;
  return isFloored && (await readOwner(room, number)) === null
    ? buyRefusal(stocked, await shopperOf(room, office))
    : null;
}

async function charge(room: NumberRoom, purchase: Purchase): Promise<OperationResult> {
  const { office } = purchase.office;
  return await room.ledger.submit({
    kind: 'charge',
    operationId: `purchase:${purchase.purchaseId}`,
    accountId: office.accountId,
    walletId: office.walletId,
    atMs: purchase.atMs,
    amountMicros: dueTodayMicros(purchase.stocked),
    revenueAccount: 'number_revenue',
    entryKind: 'number_purchase',
    reference: purchase.number,
    alongside: [await claimOf(room, purchase)],
  });
}

/** A number that somebody has is claimed as if it were new, which the store refuses. */
async function claimOf(room: NumberRoom, purchase: Purchase): Promise<RowWrite> {
  const { account, office } = purchase.office;
  const { number, purchaseId, atMs, stocked } = purchase;
  const before = await readRow(room, number);
  const bought = {
    number,
    accountId: office.accountId,
    officeId: office.officeId,
    purchaseId,
    purchasedAtMs: atMs,
    currency: stocked.currency,
    monthlyMicros: stocked.monthlyMicros,
    timeZone: account.timeZone,
    firstMonth: 'full_month',
  } as const;
  return claimNumber(bought, isFree(before) ? before : null);
}

/** A number that is owned is "taken" before it is "too dear": credit would not help. */
async function whyNot(
  room: NumberRoom,
  { purchase, result }: { readonly purchase: Purchase; readonly result: Extract<OperationResult, { applied: false }> },
): Promise<Outcome<NumberPurchase>> {
  const { code } = result.refusal;
  if (code === 'id_reused') return refused(refusal('id_reused'));
  if (code === 'row_conflict' || (await readOwner(room, purchase.number))) return refused(refusal('number_taken'));
  const shopper = await shopperOf(room, purchase.office);
  const wallet = result.wallet ? walletOf(result.wallet) : shopper.wallet;
  const reason = buyRefusal(purchase.stocked, { ...shopper, wallet });
  if (reason === null) throw new Error(`The ledger refused a purchase with ${code}, which no rule explains`);
  return refused(reason);
}

async function readOwner(room: NumberRoom, number: string): Promise<NumberOwnerRow | null> {
  const row = await readRow(room, number);
  return isFree(row) ? null : row;
}

/** Also of a number that was given back. */
async function readRow(room: NumberRoom, number: string): Promise<NumberOwnerRow | null> {
  const owner = await room.store.db
    .selectFrom('number_owner')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  return owner ?? null;
}

/** Every widget of the buying office sees it as its own; the account's other offices see it gone. */
async function tell(room: NumberRoom, purchase: Purchase): Promise<void> {
  const { accountId } = purchase.identity;
  room.offices.changed(purchase.identity);
  room.notices.walletChanged(purchase.identity);
  const offices = await room.store.db
    .selectFrom('office')
    .select('officeId')
    .where('accountId', '=', accountId)
    .execute();
  for (const { officeId } of offices) {
    const office = await room.offices.find({ accountId, officeId });
    if (!office) continue;
    const number = await shown(room, { ...purchase, office });
    room.publisher.publish({ accountId, officeId, personId: null }, { type: 'number', number });
  }
}

async function shown(room: NumberRoom, { identity, number, office, stocked }: Purchase) {
  const now = await readStocked(room.store, { accountId: identity.accountId, number });
  return shopNumberOf(now ?? stocked, await shopperOf(room, office));
}
