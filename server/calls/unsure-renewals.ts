/**
 * Renewals of which nobody knows whether they were written: the store did not answer, because its connection broke or it was replaced by
 * its standby in that moment. One that was not written is still due, and done again. One that was written is due a whole lease later, but
 * the edge has not heard of it and would cut a call that is paid for: as soon as the store answers, the edge is told.
 */
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';
import { isGone } from './gone-at-edge.ts';
import { renewCall } from './renew-call.ts';
import { tellLeaseAgain } from './tell-lease.ts';

export class UnsureRenewals {
  readonly #room: CallRoom;
  /** As each call was before its renewal; never more than there are running calls. */
  readonly #seen = new Map<string, CallRow>();

  constructor(room: CallRoom) {
    this.#room = room;
  }

  /** As renewCall; what it throws is thrown on, and remembered. */
  async renew(seen: CallRow): Promise<void> {
    try {
      await renewCall(this.#room, seen);
    } catch (reason) {
      this.#seen.set(JSON.stringify([seen.accountId, seen.callId]), seen);
      throw reason;
    }
  }

  /** Throws when the store does not answer yet; what was not told then is told at the next time. */
  async tell(): Promise<void> {
    const told = [...this.#seen].map(async ([key, seen]) => {
      await this.#tellOne(seen);
      this.#seen.delete(key);
    });
    await Promise.all(told);
  }

  async #tellOne(seen: CallRow): Promise<void> {
    const row = await readCall(this.#room.store, seen);
    if (row === null || row.version === seen.version) return;
    if (row.status === 'answered' && !isGone(row)) await tellLeaseAgain(this.#room, row);
  }
}
