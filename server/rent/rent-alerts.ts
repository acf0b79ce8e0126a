/** What people are told about the rent of a number. Written with the step that it tells of, so that no step is made untold. */
import type { NewAlertFacts } from '../../src/protocol/alert.ts';
import { alertWritesOnce } from '../alerts/write-alert.ts';
import type { NumberOwnerRow, RowWrite } from '../storage/rows.ts';
import { pricedOn, priceOf, stepDayOf } from './decide-rent.ts';
import { type CalendarDay, daysBetween } from './rent-calendar.ts';
import type { RentRoom } from './rent-room.ts';
import type { RentedNumber } from './rented-number.ts';

/** The step as it will have been made: the row is the new one. */
export type Told = 'rent_due' | 'number_late' | 'number_held' | 'number_leaving' | 'number_gone';

export async function alertOf(
  room: RentRoom,
  { rented, row, kind }: { readonly rented: RentedNumber; readonly row: NumberOwnerRow; readonly kind: Told },
): Promise<readonly RowWrite[]> {
  const { accountId, officeId, number, purchaseId } = row;
  const facts = factsOf({ row, kind, today: rented.today });
  // One number can be late more than once, and on the same day of two purchases.
  const subject = `${number}:${purchaseId}:${row.rentDay}:${row.stepDay ?? ''}`;
  return await alertWritesOnce(room.store, { accountId, officeId, subject, facts, atMs: rented.nowMs });
}

function factsOf(told: {
  readonly row: NumberOwnerRow;
  readonly kind: Told;
  readonly today: CalendarDay;
}): NewAlertFacts {
  const { row, kind, today } = told;
  // What brings it back is a month from the day on which somebody pays, not the one that was missed.
  const rentMicros = row.state === 'held' ? pricedOn(row, today).monthlyMicros : priceOf(row);
  const rent = { number: row.number, rentMicros, currency: row.currency };
  switch (kind) {
    case 'rent_due':
      return { kind, ...rent, dueOn: row.rentDay, days: daysBetween(today, row.rentDay) };
    case 'number_late':
      return { kind, ...rent, dueOn: row.rentDay, holdsOn: stepDayOf(row) };
    case 'number_held':
      return { kind, ...rent, heldSinceOn: today, givenBackOn: stepDayOf(row) };
    case 'number_leaving':
      return { kind, ...rent, givenBackOn: stepDayOf(row), days: daysBetween(today, stepDayOf(row)) };
    case 'number_gone':
      return { kind, number: row.number, givenBackOn: today };
  }
}
