/** A new monthly rent for a number that somebody has, from a day on: what that makes of its row. Pure. */
import type { Micros } from '../../src/protocol/money.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { pricedOn } from './decide-rent.ts';
import type { CalendarDay } from './rent-calendar.ts';

export interface NewPrice {
  readonly monthlyMicros: Micros;
  /** It holds for rents that fall due on this day or later. */
  readonly fromDay: CalendarDay;
}

export type PriceChange =
  | {
      readonly outcome: 'changed';
      readonly row: NumberOwnerRow;
      /** What the number costs until then. */
      readonly oldMicros: number;
      /** Dearer than now, or than what was announced: people need time to decide. */
      readonly isRise: boolean;
      /** Another price had been announced, which does not come. */
      readonly isCorrection: boolean;
    }
  /** It costs that already, or that was announced already. */
  | { readonly outcome: 'same' }
  /** Another price was announced that begins before this one: a row has room for one, and what was announced stands. */
  | { readonly outcome: 'blocked' };

export function changePrice(
  { row, today, nowMs }: { readonly row: NumberOwnerRow; readonly today: CalendarDay; readonly nowMs: number },
  { monthlyMicros: newMicros, fromDay }: NewPrice,
): PriceChange {
  const prices = pricedOn(row, begunDay(row, today));
  const { monthlyMicros: oldMicros, nextMonthlyMicros, nextMonthlyDay } = prices;
  const isAnnounced = nextMonthlyMicros !== null && nextMonthlyDay !== null;
  if (isAnnounced && nextMonthlyMicros === newMicros && nextMonthlyDay === fromDay) return { outcome: 'same' };
  if (isAnnounced && nextMonthlyDay < fromDay) return { outcome: 'blocked' };
  if (!isAnnounced && newMicros === oldMicros) return { outcome: 'same' };
  const next =
    newMicros === oldMicros
      ? { nextMonthlyMicros: null, nextMonthlyDay: null }
      : { nextMonthlyMicros: newMicros, nextMonthlyDay: fromDay };
  return {
    outcome: 'changed',
    row: {
      ...row,
      monthlyMicros: oldMicros,
      ...next,
      // Nobody had to look at a number without rent before its rent day; from now on its rent may have to be set aside.
      dueAtMs: oldMicros === 0 ? nowMs : row.dueAtMs,
      version: row.version + 1,
    },
    oldMicros,
    isRise: newMicros > oldMicros || (isAnnounced && newMicros > nextMonthlyMicros),
    isCorrection: isAnnounced,
  };
}

/**
 * A price that has begun is the price, unless a month from before it is still to be paid: that month has the old one. What a number on hold
 * has missed is not paid for.
 */
function begunDay({ state, rentDay }: NumberOwnerRow, today: CalendarDay): CalendarDay {
  return state === 'held' || rentDay > today ? today : rentDay;
}
