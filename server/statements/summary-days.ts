/** Day after day: what was spent on what, and the balance at its end. */
import { micros } from '../../src/protocol/money.ts';
import type { StatementDayRow } from '../../src/protocol/statement.ts';

export interface DaySum {
  readonly day: string;
  /** total | group */
  readonly dimension: string;
  /** Of a group: "usage:outbound_call.international". */
  readonly value: string;
  readonly spentMicros: number;
  readonly addedMicros: number;
  readonly usageMicros: number;
}

/** `sums` in the order of days. */
export function summaryDays(sums: readonly DaySum[], openingMicros: number): StatementDayRow[] {
  let balance = openingMicros;
  return [...Map.groupBy(sums, ({ day }) => day)].map(([day, ofDay]) => {
    const total = ofDay.find(({ dimension }) => dimension === 'total');
    const [spent, added] = [total?.spentMicros ?? 0, total?.addedMicros ?? 0];
    balance += added - spent;
    return {
      day,
      usage: ofDay
        .filter(({ usageMicros, dimension }) => dimension === 'group' && usageMicros > 0)
        .map(usageOf)
        .toSorted((a, b) => b.spentMicros - a.spentMicros),
      spentMicros: micros(spent),
      addedMicros: micros(added),
      balanceMicros: micros(balance),
    };
  });
}

function usageOf({ value, usageMicros }: DaySum): StatementDayRow['usage'][number] {
  return { groupKey: value.slice(value.indexOf(':') + 1), spentMicros: micros(usageMicros) };
}
