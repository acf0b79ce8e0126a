/**
 * Which offices' credit is looked at, and when.
 *
 *   this server changed the wallet, or refused a call for want of credit   looked at within a second, by this server
 *   a cool-down has ended                                                  found by its due mark, by whoever owns the work
 *   any other process changed it, or died before it looked                 found by a slow round over all offices, a page at a time
 *
 * A page of a thousand offices every five seconds is nothing to the store, and goes around a hundred thousand in some eight minutes.
 */
import type { OfficeAddress } from '../accounts/office-directory.ts';
import type { AlertRoom } from './alert-room.ts';
import { lookAtCredit } from './look-at-credit.ts';
import { creditsAfter, creditsDue, creditsOf, type OfficeCredit } from './office-credits.ts';
import type { GatheredOffice } from './offices-to-look-at.ts';

const PAGE = 1_000;
/** Offices of one query: their ids stand in its text. */
const MAX_TOGETHER = 200;
const MAX_DUE = 200;
const MAX_AT_ONCE = 100;

export class CreditLooks {
  readonly #room: AlertRoom;
  #last: OfficeAddress | null = null;

  constructor(room: AlertRoom) {
    this.#room = room;
  }

  async look(offices: readonly GatheredOffice[]): Promise<void> {
    for (let from = 0; from < offices.length; from += MAX_TOGETHER) {
      const some = new Map(offices.slice(from, from + MAX_TOGETHER).map((office) => [keyOf(office), office]));
      const credits = await creditsOf(this.#room.store, [...some.values()]);
      await this.#lookAt(
        credits.filter((credit) => some.has(keyOf(credit))),
        (credit) => some.get(keyOf(credit))?.wasRefused === true,
      );
    }
  }

  /** Periodic: whose cool-down has ended, and the next page of all. */
  async round(): Promise<void> {
    const { store, clock } = this.#room;
    const due = await creditsDue(store, { nowMs: clock.nowMs(), limit: MAX_DUE });
    await this.#lookAt(due);
    const page = await creditsAfter(store, { last: this.#last, limit: PAGE });
    this.#last = page.length < PAGE ? null : (page.at(-1) ?? null);
    await this.#lookAt(page);
  }

  /** Several at once: their writes are durable together. */
  async #lookAt(credits: readonly OfficeCredit[], wasRefused = (_credit: OfficeCredit) => false): Promise<void> {
    for (let from = 0; from < credits.length; from += MAX_AT_ONCE) {
      const some = credits.slice(from, from + MAX_AT_ONCE);
      await Promise.all(some.map((credit) => this.#lookAtOne(credit, wasRefused(credit))));
    }
  }

  async #lookAtOne(credit: OfficeCredit, wasRefused: boolean): Promise<void> {
    try {
      await lookAtCredit(this.#room, { credit, wasRefused });
    } catch (cause) {
      // One office must not keep the others waiting; the next round comes by again.
      this.#room.log('the credit of an office could not be looked at', { officeId: credit.officeId, cause });
    }
  }
}

function keyOf({ accountId, officeId }: OfficeAddress): string {
  return JSON.stringify([accountId, officeId]);
}
