/**
 * What is set aside, and for what: the second half of `ledger check`. The book by itself cannot know that a call is over whose hold is
 * still open (that credit would be lost to its owner), nor that one runs whose hold is smaller than its lease (that call would be free).
 * A room writes a hold and the row that it is for in one commit, and closes both in one, so at any moment the two agree.
 */
import { type ExpressionBuilder, sql } from 'kysely';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { SERVICE_HOLD_PREFIX } from '../metering/service-operation.ts';
import { ORDER_HOLD_PREFIX } from '../numbers/order-rows.ts';
import type { Database } from '../storage/schema.ts';
import type { Store } from '../storage/store.ts';

/** A hold whose call, charge, order or rent is over; or a running call that has less set aside than its lease costs. */
export interface HeldCreditFault {
  readonly what: 'forgotten_hold' | 'unpaid_call';
  readonly accountId: string;
  readonly walletId: string;
  /** The id of the hold, or of the call. */
  readonly subject: string;
  readonly amountMicros: number;
  readonly sinceMs: number;
}

/** Of each kind; more than a person reads, and a bound for the memory. Whoever gets so many says that there may be more. */
export const MAX_LISTED_FAULTS = 100;

export async function heldCreditFaults(
  store: Pick<Store, 'db'>,
  { accountId }: { readonly accountId?: string } = {},
): Promise<readonly HeldCreditFault[]> {
  return [...(await forgottenHolds(store, accountId)), ...(await unpaidCalls(store, accountId))];
}

/** One line for each, for an operator. */
export function heldCreditLines(faults: readonly HeldCreditFault[]): readonly string[] {
  const isWhole = faults.length < MAX_LISTED_FAULTS;
  return [...faults.map(describeHeldCreditFault), ...(isWhole ? [] : ['and perhaps more of these'])];
}

function describeHeldCreditFault(fault: HeldCreditFault): string {
  const { what, accountId, walletId, subject, amountMicros, sinceMs } = fault;
  const amount = decimalFromMicros(micros(amountMicros));
  const since = new Date(sinceMs).toISOString();
  const words = {
    forgotten_hold: `hold ${subject} keeps ${amount} of wallet ${walletId} since ${since}, for nothing that is still open`,
    unpaid_call: `call ${subject} runs since ${since} on ${amount} of wallet ${walletId}, which nobody holds`,
  };
  return `account ${accountId}: ${words[what]}`;
}

async function forgottenHolds({ db }: Pick<Store, 'db'>, accountId?: string): Promise<readonly HeldCreditFault[]> {
  let query = db
    .selectFrom('hold')
    .select(['accountId', 'walletId', 'holdId as subject', 'totalMicros as amountMicros', 'openedAtMs as sinceMs'])
    .where('capturedMicros', 'is', null)
    .where((is) => is.not(is.or([ofCall(is), ofService(is), ofOrder(is), ofRent(is)])))
    .orderBy('accountId')
    .orderBy('holdId')
    .limit(MAX_LISTED_FAULTS);
  if (accountId !== undefined) query = query.where('accountId', '=', accountId);
  return (await query.execute()).map((row) => ({ what: 'forgotten_hold', ...row }));
}

type OfHold = ExpressionBuilder<Database, 'hold'>;

/** A call's hold has the id of the call. */
function ofCall(is: OfHold) {
  return is.exists(
    is
      .selectFrom('call')
      .select('call.callId')
      .whereRef('call.accountId', '=', 'hold.accountId')
      .whereRef('call.callId', '=', 'hold.holdId')
      .where('call.dueAtMs', 'is not', null),
  );
}

function ofService(is: OfHold) {
  return is.exists(
    is
      .selectFrom('service_charge')
      .select('service_charge.chargeId')
      .whereRef('service_charge.accountId', '=', 'hold.accountId')
      .where('service_charge.chargeId', '=', idAfter(SERVICE_HOLD_PREFIX))
      .where('service_charge.status', '=', 'authorized'),
  );
}

function ofOrder(is: OfHold) {
  return is.exists(
    is
      .selectFrom('number_order')
      .select('number_order.orderId')
      .whereRef('number_order.accountId', '=', 'hold.accountId')
      .where('number_order.orderId', '=', idAfter(ORDER_HOLD_PREFIX))
      .where('number_order.endedAtMs', 'is', null),
  );
}

function ofRent(is: OfHold) {
  return is.exists(
    is
      .selectFrom('number_owner')
      .select('number_owner.number')
      .whereRef('number_owner.accountId', '=', 'hold.accountId')
      .whereRef('number_owner.holdId', '=', 'hold.holdId'),
  );
}

/** What follows the prefix in the hold's id, and no id at all where it has another. */
function idAfter(prefix: string) {
  return sql<string>`CASE WHEN hold.hold_id LIKE ${`${prefix}%`} THEN substr(hold.hold_id, ${sql.lit(prefix.length + 1)}) END`;
}

async function unpaidCalls({ db }: Pick<Store, 'db'>, accountId?: string): Promise<readonly HeldCreditFault[]> {
  let query = db
    .selectFrom('call')
    .select(['accountId', 'walletId', 'callId as subject', 'heldMicros as amountMicros', 'startedAtMs as sinceMs'])
    .where('dueAtMs', 'is not', null)
    .where('heldMicros', '>', 0)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('hold')
            .select('hold.holdId')
            .whereRef('hold.accountId', '=', 'call.accountId')
            .whereRef('hold.holdId', '=', 'call.callId')
            .where('hold.capturedMicros', 'is', null)
            .whereRef('hold.totalMicros', '>=', 'call.heldMicros'),
        ),
      ),
    )
    .orderBy('accountId')
    .orderBy('callId')
    .limit(MAX_LISTED_FAULTS);
  if (accountId !== undefined) query = query.where('accountId', '=', accountId);
  return (await query.execute()).map((row) => ({ what: 'unpaid_call', ...row }));
}
