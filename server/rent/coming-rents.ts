/** The rents of a wallet that are known to fall due, day by day: for how long its credit lasts. */
import { type Micros, micros } from '../../src/protocol/money.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import type { Store } from '../storage/store.ts';
import { pricedOn } from './decide-rent.ts';
import { PRICE_IN_QUERY } from './price-in-query.ts';
import { type CalendarDay, nextRentDay } from './rent-calendar.ts';

export interface ComingRent {
  /** In the account's time zone. */
  readonly day: CalendarDay;
  /** Of all numbers whose rent falls due on that day; what is set aside for it is paid already. */
  readonly amountMicros: Micros;
}

/**
 * Up to and including a day, earliest first, at the prices that are announced. Of numbers that are paid for: what a late one owes is taken
 * as soon as the credit covers it, and never when it does not. One query, with a row for each rent day and anchor, however many numbers
 * there are.
 */
export async function comingRents(
  { db }: Pick<Store, 'db'>,
  { accountId, walletId, untilDay }: WalletAddress & { readonly untilDay: CalendarDay },
): Promise<readonly ComingRent[]> {
  const groups = await db
    .selectFrom('number_owner')
    .innerJoin('office', (join) =>
      join
        .onRef('office.accountId', '=', 'number_owner.accountId')
        .onRef('office.officeId', '=', 'number_owner.officeId'),
    )
    .where('number_owner.accountId', '=', accountId)
    .where('office.walletId', '=', walletId)
    .where('number_owner.state', '=', 'active')
    // Bought before there was rent, and not looked at yet.
    .where('number_owner.rentDay', '!=', '')
    .where('number_owner.rentDay', '<=', untilDay)
    .groupBy(['number_owner.rentDay', 'number_owner.anchorDay', 'number_owner.nextMonthlyDay'])
    .select(({ fn, eb }) => [
      'number_owner.rentDay',
      'number_owner.anchorDay',
      'number_owner.nextMonthlyDay',
      fn.sum<number>('number_owner.monthlyMicros').as('monthlyMicros'),
      fn.sum<number>('number_owner.nextMonthlyMicros').as('nextMonthlyMicros'),
      // A price that fell since leaves more set aside than is due.
      fn
        .sum<number>(
          eb
            .case()
            .when('number_owner.heldMicros', '<', PRICE_IN_QUERY)
            .then(eb.ref('number_owner.heldMicros'))
            .else(PRICE_IN_QUERY)
            .end(),
        )
        .as('setAsideMicros'),
    ])
    .execute();
  const due = new Map<CalendarDay, number>();
  for (const group of groups) {
    const prices = {
      monthlyMicros: Number(group.monthlyMicros),
      nextMonthlyMicros: group.nextMonthlyDay === null ? null : Number(group.nextMonthlyMicros),
      nextMonthlyDay: group.nextMonthlyDay,
    };
    let paidMicros = Number(group.setAsideMicros);
    for (let day = group.rentDay; day <= untilDay; day = nextRentDay(day, group.anchorDay)) {
      due.set(day, (due.get(day) ?? 0) + pricedOn(prices, day).monthlyMicros - paidMicros);
      paidMicros = 0;
    }
  }
  return [...due]
    .filter(([, amountMicros]) => amountMicros > 0)
    .map(([day, amountMicros]) => ({ day, amountMicros: micros(amountMicros) }))
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
}
