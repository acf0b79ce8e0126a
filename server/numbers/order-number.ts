/**
 * A number of a carrier: the money is set aside together with the row of the order, before the carrier hears of it. Whoever waits gets the
 * answer of the carrier, or "ordered" when it takes longer; the sweep does the rest (settle-order.ts).
 */
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { NumberPurchase } from '../../src/protocol/number.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Office } from '../accounts/office-directory.ts';
import { walletOf } from '../accounts/wallet.ts';
import type { OperationResult } from '../ledger/operation.ts';
import type { Identity } from '../services.ts';
import type { NumberOrderRow } from '../storage/rows.ts';
import { ownerOf, readOwnerRow } from './claim-number.ts';
import { orderedNow, shownTo, tellOfNumber } from './number-notices.ts';
import type { NumberFacts } from './number-offer.ts';
import type { NumberRoom } from './number-room.ts';
import { holdIdOf, operationIdOf, readOrder } from './order-rows.ts';
import { ANSWER_MS, isBlocking, isOpen } from './order-states.ts';
import { shopperOf } from './search-numbers.ts';
import { stepOrder } from './settle-order.ts';
import { buyRefusal, dueOf, floorOf, type Shopper } from './shop-number.ts';

export interface OrderNumber {
  readonly identity: Identity;
  readonly office: Office;
  readonly number: string;
  readonly purchaseId: string;
  readonly offer?: string | undefined;
}

interface Order extends OrderNumber {
  readonly facts: NumberFacts;
  readonly shopper: Shopper;
}

export async function orderNumber(room: NumberRoom, request: OrderNumber): Promise<Outcome<NumberPurchase>> {
  const { office, number, purchaseId } = request;
  const { accountId } = office.account;
  const known = await readOrder(room.store, { accountId, orderId: purchaseId });
  if (known !== null) return known.number === number ? await outcomeOf(room, known) : refused(refusal('id_reused'));
  if (!office.account.isPhoneEnabled) return refused(refusal('phone_disabled'));
  const facts = request.offer === undefined ? null : room.offers.read(request.offer);
  const isOurs = facts?.accountId === accountId && facts.number === number && facts.carrier === room.carrier?.name;
  if (facts === null || !isOurs || facts.currency !== office.account.currency)
    return refused(refusal('number_unknown'));
  if (ownerOf(await readOwnerRow(room.store, number)) !== null) return refused(refusal('number_taken'));
  const order: Order = { ...request, facts, shopper: await shopperOf(room, office) };
  const result = await setAside(room, order);
  if (!result.applied) return await whyNot(room, { order, result });
  const row = await readOrder(room.store, { accountId, orderId: purchaseId });
  if (row === null) throw new Error(`An order that was just written is not there: ${purchaseId}`);
  return await outcomeOf(room, result.isRepeat ? row : await begin(room, row));
}

async function setAside(room: NumberRoom, order: Order): Promise<OperationResult> {
  const { facts, shopper, purchaseId } = order;
  const { office } = order.office;
  const amountMicros = dueOf(facts, shopper).totalMicros;
  return await room.ledger.submit({
    kind: 'hold',
    operationId: operationIdOf(purchaseId),
    accountId: office.accountId,
    walletId: office.walletId,
    atMs: shopper.atMs,
    holdId: holdIdOf(purchaseId),
    amountMicros,
    minimumMicros: amountMicros,
    floorMicros: floorOf(facts, shopper),
    limits: [],
    alongside: [{ table: 'number_order', mode: 'insert', row: rowOf(order, amountMicros) }],
  });
}

function rowOf({ identity, office, number, purchaseId, facts, shopper }: Order, amountMicros: number): NumberOrderRow {
  return {
    accountId: office.account.accountId,
    orderId: purchaseId,
    officeId: office.office.officeId,
    walletId: office.office.walletId,
    number,
    carrier: facts.carrier,
    carrierRef: null,
    state: 'held',
    facts: JSON.stringify(facts),
    currency: facts.currency,
    amountMicros,
    personId: identity.personId,
    personName: identity.name,
    attempts: 0,
    problem: null,
    createdAtMs: shopper.atMs,
    askedAtMs: null,
    endedAtMs: null,
    dueAtMs: shopper.atMs + ANSWER_MS,
    version: 1,
    numberRef: null,
  };
}

/** Everybody sees at once that it is being ordered, then the carrier is asked. */
async function begin(room: NumberRoom, row: NumberOrderRow): Promise<NumberOrderRow> {
  await tellOfNumber(room, { changed: row, number: await orderedNow(room, row) });
  return await stepOrder(room, row);
}

async function outcomeOf(room: NumberRoom, row: NumberOrderRow): Promise<Outcome<NumberPurchase>> {
  if (row.state !== 'bought' && !isOpen(row)) return refused(refusal('number_undeliverable'));
  const office = await room.offices.find(row);
  if (!office) return refused(refusal('office_forbidden'));
  const isBought = row.state === 'bought';
  return granted({
    purchaseId: row.orderId,
    state: isBought ? 'bought' : 'ordered',
    number: await shownTo(room, { office, number: await orderedNow(room, row) }),
    chargedMicros: isBought ? micros(row.amountMicros) : ZERO_MICROS,
    purchasedAtMs: row.createdAtMs,
  });
}

async function whyNot(
  room: NumberRoom,
  { order, result }: { readonly order: Order; readonly result: Extract<OperationResult, { applied: false }> },
): Promise<Outcome<NumberPurchase>> {
  const { code } = result.refusal;
  if (code === 'id_reused') return refused(refusal('id_reused'));
  // Somebody is ordering it right now, here or for another account.
  if (code === 'row_conflict' || (await isBeingOrdered(room, order.number))) return refused(refusal('number_taken'));
  const wallet = result.wallet ? walletOf(result.wallet) : order.shopper.wallet;
  const reason = buyRefusal(order.facts, { ...order.shopper, wallet });
  if (reason === null) throw new Error(`The ledger refused an order with ${code}, which no rule explains`);
  return refused(reason);
}

async function isBeingOrdered({ store }: NumberRoom, number: string): Promise<boolean> {
  const orders = await store.db.selectFrom('number_order').select('state').where('number', '=', number).execute();
  return orders.some(isBlocking);
}
