/**
 * One step of an order at a carrier (order-states.ts). Each step begins with the row as it was read and ends with the next version of it,
 * so that of two servers that take the same step one goes on. What the carrier did is found out by asking it for the order with our id.
 */
import { type Micros, micros, minMicros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { CarrierError, type CarrierOrder, type NumberCarrier, type OrderAnswer } from '../carriers/number-carrier.ts';
import type { OperationResult } from '../ledger/operation.ts';
import type { NumberOrderRow, RowWrite } from '../storage/rows.ts';
import { claimNumber, ownerOf, readOwnerRow } from './claim-number.ts';
import { dueToday } from './due-today.ts';
import { orderedNow, tellOfNumber } from './number-notices.ts';
import { purchaseRecord } from './number-purchase.ts';
import type { NumberRoom } from './number-room.ts';
import {
  changedOrder,
  holdIdOf,
  type OrderChange,
  operationIdOf,
  readOrder,
  saveOrder,
  writeOrder,
} from './order-rows.ts';
import { ANSWER_MS, ASK_AGAIN_MS, GIVE_UP_MS, LOOK_OUT_MS, MAX_BUSY, patienceMs } from './order-states.ts';
import { factsOfOrder } from './search-stock.ts';

interface Step {
  readonly room: NumberRoom;
  readonly carrier: NumberCarrier;
  readonly row: NumberOrderRow;
}

/** The row after the step; as somebody else wrote it, where they were faster. */
export async function stepOrder(room: NumberRoom, row: NumberOrderRow): Promise<NumberOrderRow> {
  const { carrier } = room;
  // Its carrier is switched off: the money stays aside until it can be asked.
  if (carrier?.name !== row.carrier) return row;
  const step: Step = { room, carrier, row };
  return row.state === 'held' ? await ask(step) : await askAbout(step);
}

/** Written before the carrier hears of it: from here on it may have the order. */
async function ask(step: Step): Promise<NumberOrderRow> {
  const { room, carrier, row } = step;
  const nowMs = room.clock.nowMs();
  const change = { state: 'asking', askedAtMs: nowMs, attempts: row.attempts + 1, dueAtMs: nowMs + ANSWER_MS };
  const asking = await saveOrder(room.store, row, change);
  if (asking === null) return await reread(step);
  const heard = { ...step, row: asking };
  return await orLater(heard, async () => await hear(heard, await carrier.order(asking)));
}

async function hear(step: Step, answer: OrderAnswer): Promise<NumberOrderRow> {
  const nowMs = step.room.clock.nowMs();
  switch (answer.outcome) {
    case 'order':
      return await follow(step, answer.order);
    case 'refused':
      return await fail(step, answer.reason);
    case 'busy': {
      if (step.row.attempts >= MAX_BUSY) return await fail(step, 'the carrier was too busy for too long');
      const dueAtMs = nowMs + answer.retryInMs;
      return await save(step, { state: 'held', askedAtMs: null, problem: 'the carrier is busy', dueAtMs });
    }
    case 'unknown':
      return await save(step, { problem: answer.reason, dueAtMs: nowMs + ASK_AGAIN_MS });
  }
}

async function askAbout(step: Step): Promise<NumberOrderRow> {
  return await orLater(step, async () => {
    const order = await step.carrier.findOrder(step.row);
    return order === null ? await missing(step) : await follow(step, order);
  });
}

/** Where the carrier cannot be asked nothing was learned, so nothing is decided. */
async function orLater(step: Step, act: () => Promise<NumberOrderRow>): Promise<NumberOrderRow> {
  try {
    return await act();
  } catch (cause) {
    if (!(cause instanceof CarrierError)) throw cause;
    return await later(step, { problem: cause.message });
  }
}

async function missing(step: Step): Promise<NumberOrderRow> {
  const { room, row } = step;
  const sinceMs = room.clock.nowMs() - (row.askedAtMs ?? row.createdAtMs);
  if (row.state === 'asking' && sinceMs >= GIVE_UP_MS) return await abandon(step);
  if (row.state === 'abandoned' && sinceMs >= LOOK_OUT_MS) return await save(step, { state: 'failed', dueAtMs: null });
  return await later(step, { problem: 'the carrier knows of no such order' });
}

async function follow(step: Step, order: CarrierOrder): Promise<NumberOrderRow> {
  const isAbandoned = step.row.state === 'abandoned';
  switch (order.state) {
    case 'pending':
      return await later(step, { carrierRef: order.ref, problem: null, ...(isAbandoned ? {} : { state: 'ordered' }) });
    case 'delivered':
      return isAbandoned ? await giveBack(step, order.ref) : await deliver(step, order.ref);
    case 'failed':
      return isAbandoned
        ? await save(step, { state: 'failed', carrierRef: order.ref, dueAtMs: null })
        : await fail(step, order.reason, order.ref);
  }
}

/** The hold becomes the charge, and the number has its owner. */
async function deliver(step: Step, carrierRef: string): Promise<NumberOrderRow> {
  const { room, row } = step;
  const office = await room.offices.find(row);
  if (!office) throw new Error(`The office of an order is gone: ${row.accountId} ${row.officeId}`);
  const before = await readOwnerRow(room.store, row.number);
  // It cannot be: the carrier sells a number once. Somebody must look at it; nobody pays for it.
  if (ownerOf(before) !== null) return await fail(step, 'the number has an owner here already', carrierRef);
  const number = factsOfOrder(row);
  const { timeZone } = office.account;
  const { firstMonth } = room.policy.of(office.account).numbers;
  const atMs = room.clock.nowMs();
  // Days before it was delivered are not paid for, and never more than was set aside.
  const due = dueToday(number, { atMs, timeZone, firstMonth });
  const amountMicros = minMicros(micros(row.amountMicros), due.totalMicros);
  const numberRef = await step.carrier.findNumber(row.number);
  const claim = claimNumber({ number, office: office.office, purchaseId: row.orderId, atMs, due, numberRef, before });
  return await end(step, {
    captureMicros: amountMicros,
    change: { state: 'bought', amountMicros, carrierRef, numberRef, problem: null },
    alongside: [
      { table: 'number', mode: 'upsert', row: number },
      claim,
      purchaseRecord({ ...row, operationId: endOperationId(row, 'bought'), atMs, due, chargedMicros: amountMicros }),
    ],
  });
}

async function fail(step: Step, problem: string, carrierRef = step.row.carrierRef): Promise<NumberOrderRow> {
  const { orderId, number, accountId } = step.row;
  step.room.log('a number could not be ordered', { accountId, orderId, number, problem });
  return await end(step, {
    captureMicros: ZERO_MICROS,
    change: { state: 'failed', carrierRef, problem },
    alongside: [],
  });
}

/** Nobody waits any longer for what the carrier does not know of; should it turn up after all, it is given back. */
async function abandon(step: Step): Promise<NumberOrderRow> {
  const dueAtMs = step.room.clock.nowMs() + patienceMs(GIVE_UP_MS);
  const change = { state: 'abandoned', problem: 'the carrier knows of no such order', dueAtMs };
  return await end(step, { captureMicros: ZERO_MICROS, change, alongside: [] });
}

async function giveBack(step: Step, carrierRef: string): Promise<NumberOrderRow> {
  const { room, carrier, row } = step;
  const { orderId, number, accountId } = row;
  const named = row.numberRef === null ? await nameNumber(step, carrierRef) : row;
  if (named === null) return await reread(step);
  if (named.numberRef !== null) await carrier.release(named.numberRef);
  room.log('an order turned up after it was given up; its number was given back', { accountId, orderId, number });
  return await save({ ...step, row: named }, { state: 'failed', carrierRef, dueAtMs: null });
}

/**
 * Which number it is is written before the carrier hears that it is given back: whoever is late names that one. Null: somebody was quicker.
 */
async function nameNumber({ room, carrier, row }: Step, carrierRef: string): Promise<NumberOrderRow | null> {
  const numberRef = await carrier.findNumber(row.number);
  return await saveOrder(room.store, row, { carrierRef, numberRef });
}

interface End {
  readonly captureMicros: Micros;
  readonly change: OrderChange;
  readonly alongside: readonly RowWrite[];
}

async function end(step: Step, { captureMicros, change, alongside }: End): Promise<NumberOrderRow> {
  const { room, row } = step;
  const atMs = room.clock.nowMs();
  const ended = changedOrder(row, { dueAtMs: null, endedAtMs: atMs, ...change });
  const result = await room.ledger.submit({
    kind: 'settle',
    operationId: endOperationId(row, ended.state),
    accountId: row.accountId,
    walletId: row.walletId,
    atMs,
    holdId: holdIdOf(row.orderId),
    captureMicros,
    revenueAccount: 'number_revenue',
    entryKind: 'number_purchase',
    reference: row.number,
    alongside: [writeOrder(ended), ...alongside],
  });
  if (!isDone(result)) return await reread(step);
  await tellOfNumber(room, { changed: ended, number: await orderedNow(room, ended) });
  return ended;
}

function endOperationId({ orderId }: NumberOrderRow, state: string): string {
  return `${operationIdOf(orderId)}:${state}`;
}

/** A conflict or a closed hold: somebody else has taken this step, and the next look sees what they made of it. */
function isDone(result: OperationResult): boolean {
  if (result.applied) return !result.isRepeat;
  const { code } = result.refusal;
  if (code === 'row_conflict' || code === 'hold_closed' || code === 'id_reused') return false;
  throw new Error(`The ledger refused the end of an order with ${code}`);
}

async function later(step: Step, change: OrderChange): Promise<NumberOrderRow> {
  const { room, row } = step;
  const nowMs = room.clock.nowMs();
  return await save(step, {
    attempts: row.attempts + 1,
    dueAtMs: nowMs + patienceMs(nowMs - row.createdAtMs),
    ...change,
  });
}

async function save(step: Step, change: OrderChange): Promise<NumberOrderRow> {
  return (await saveOrder(step.room.store, step.row, change)) ?? (await reread(step));
}

async function reread({ room, row }: Step): Promise<NumberOrderRow> {
  const now = await readOrder(room.store, row);
  if (now === null) throw new Error(`An order is gone: ${row.accountId} ${row.orderId}`);
  return now;
}
