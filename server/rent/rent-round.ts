/** Periodic work: every number whose time has come, by whichever server has the claim. Doing it twice does no harm. */

import { tellChange } from './rent-notices.ts';
import type { RentRoom } from './rent-room.ts';
import { type Looked, lookAt } from './rent-step.ts';
import { type DueCursor, dueNumbers, lateNumbersWithCredit, type RentedNumber } from './rented-number.ts';

/** Through all that is due, page by page; the next page is read while this one is worked on. */
export async function rentRound(room: RentRoom): Promise<void> {
  let page = await dueNumbers(room, null);
  while (page.numbers.length > 0) {
    const next = page.after ? read(room, page.after) : null;
    await lookAtAll(room, page.numbers);
    if (next === null) return;
    page = await next;
  }
}

/** Numbers that are late are paid as soon as there is credit for them (their own next look may be an hour away). */
export async function lateRound(room: RentRoom): Promise<void> {
  await lookAtAll(room, await lateNumbersWithCredit(room));
}

/** A failure is thrown where it is waited for, not as an unhandled one while the page before is worked on. */
async function read(room: RentRoom, after: DueCursor) {
  const page = dueNumbers(room, after);
  page.catch(() => undefined);
  return await page;
}

async function lookAtAll(room: RentRoom, numbers: readonly RentedNumber[]): Promise<void> {
  await Promise.all(
    numbers.map(async (rented) => {
      try {
        tellLooked(room, { rented, looked: await lookAt(room, rented) });
      } catch (cause) {
        // One number must not keep the others waiting; it is due again in the next round.
        room.log('the rent of a number could not be looked at', { number: rented.row.number, cause });
      }
    }),
  );
}

function tellLooked(
  room: RentRoom,
  { rented, looked }: { readonly rented: RentedNumber; readonly looked: Looked },
): void {
  if (looked.isWalletChanged) room.notices.walletChanged(rented.row);
  if (looked.isChanged) tellChange(room, rented.row);
}
