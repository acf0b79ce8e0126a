/** Tells the open widgets what became of a call. Never waits, never fails: the money is already moved. */

import type { ServerEvent } from '../../src/protocol/events.ts';
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { Audience, EventPublisher, ServerClock } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import { callRecordOf } from './call-record.ts';

export interface CallNotices {
  callChanged(row: CallRow): void;
  /** The call's wallet changed: every widget of the office sees the new balance (C-17). */
  walletChanged(row: CallRow): void;
  /** The call holds more than before; its wallet is as it was but for that. */
  leaseGrew(row: CallRow): void;
  /** An inbound call was refused by policy (F-10). */
  missed(row: CallRow): void;
}

export function createCallNotices(world: {
  readonly publisher: EventPublisher;
  readonly balance: BalanceNotices;
  readonly clock: ServerClock;
}): CallNotices {
  const recordOf = (row: CallRow) => callRecordOf(row, { nowMs: world.clock.nowMs() });
  return {
    callChanged: (row) => world.publisher.publish(audienceOf(row), callEvent(row, world.clock)),
    walletChanged: (row) => world.balance.walletChanged(row),
    leaseGrew: (row) => world.balance.leaseGrew(row),
    missed: (row) => world.publisher.publish(audienceOf(row), { type: 'missed_call', call: recordOf(row) }),
  };
}

/** For the call's own person and those who manage credit. */
export function callEvent(row: CallRow, clock: ServerClock): ServerEvent {
  return { type: 'call', call: callRecordOf(row, { nowMs: clock.nowMs() }) };
}

export function audienceOf(row: CallRow): Audience {
  return { accountId: row.accountId, officeId: row.officeId, personId: row.personId };
}
