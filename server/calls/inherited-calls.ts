/**
 * Calls that come to this server because another one died: when it was killed between writing a renewal and telling the edge, the row
 * says more than the edge knows, and the edge would cut a call that is paid for. So whoever takes over slots tells the edges once how
 * long the running calls of these slots may go on.
 */
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';
import { readCall } from './call-rows.ts';
import { callsOfSlots } from './calls-of-slots.ts';
import { isGone } from './gone-at-edge.ts';
import { tellLease } from './tell-lease.ts';

/** Calls told of at the same time; they go to their edges in lists. */
const TOLD_TOGETHER = 500;

interface Inherited {
  readonly slots: readonly number[];
  readonly answeredUpToMs: number;
}

export class InheritedCalls {
  readonly #room: CallRoom;
  readonly #bornAtMs: number;
  #known: ReadonlySet<number> | null = null;

  constructor(room: CallRoom) {
    this.#room = room;
    this.#bornAtMs = room.clock.nowMs();
  }

  /** To be told in every round which slots are this server's. Throws when the store does not answer; the next round tries again. */
  async take(slots: readonly number[]): Promise<void> {
    const known = this.#known;
    const gained = slots.filter((slot) => !known?.has(slot));
    // What was answered since this server began was answered to it, or to somebody who lives.
    const answeredUpToMs = known === null ? this.#bornAtMs - 1 : this.#room.clock.nowMs();
    if (gained.length > 0) await this.#tellAll({ slots: gained, answeredUpToMs });
    this.#known = new Set(slots);
  }

  async #tellAll(inherited: Inherited): Promise<void> {
    let after = '';
    for (;;) {
      const calls = await this.#running(inherited, after);
      const last = calls.at(-1);
      if (last === undefined) return;
      after = last.callId;
      await Promise.all(calls.filter((row) => !isGone(row)).map((row) => this.#tell(row).catch(this.#failed(row))));
    }
  }

  /** One call that fails must not keep the others waiting: it is left to its lease. */
  #failed({ callId }: CallRow): (cause: unknown) => void {
    return (cause) => this.#room.log('the edge could not be reminded of a call', { callId, cause });
  }

  async #running({ slots, answeredUpToMs }: Inherited, after: string): Promise<readonly CallRow[]> {
    return await callsOfSlots(this.#room.store, slots)
      .where('call.status', '=', 'answered')
      .where('call.answeredAtMs', '<=', answeredUpToMs)
      .where('call.callId', '>', after)
      .orderBy('call.callId')
      .limit(TOLD_TOGETHER)
      .execute();
  }

  /** Until the edge was told what the row says now: another server may renew in the same moment, and its command may have come first. */
  async #tell(row: CallRow): Promise<void> {
    for (let told: CallRow = row; ; ) {
      await tellLease(this.#room, told);
      const now = await readCall(this.#room.store, told);
      if (now === null || now.status !== 'answered' || now.leaseSeconds === told.leaseSeconds) return;
      told = now;
    }
  }
}
