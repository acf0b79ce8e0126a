/** An owned number as people see it. */
import { type Micros, micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { NUMBER_TYPES } from '../../src/protocol/number.ts';
import { OWN_NUMBER_STATES, type OwnNumber } from '../../src/protocol/owned-number.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { pricedOn, priceOf } from './decide-rent.ts';
import { addDays, dayAt, daysBetween, laterDay, nextRentDay } from './rent-calendar.ts';
import type { RentedNumber } from './rented-number.ts';

/** What is not in the row itself. */
export interface NumberFacts {
  readonly country: string;
  readonly type: string;
  readonly region: string;
  readonly officeName: string;
  readonly personName: string | null;
  readonly isCovered: boolean;
}

export function ownNumberOf(rented: RentedNumber, facts: NumberFacts): OwnNumber {
  const { row } = rented;
  const rentDay = isPaidFor(row) && row.rentDay !== '' ? row.rentDay : null;
  return {
    number: row.number,
    country: facts.country,
    type: NUMBER_TYPES.find((type) => type === facts.type) ?? 'local',
    region: facts.region,
    office: { officeId: row.officeId, name: facts.officeName },
    person: row.personId === null ? null : { personId: row.personId, name: facts.personName ?? row.personId },
    state: stateOf(row),
    currency: row.currency,
    monthlyMicros: micros(row.monthlyMicros),
    newPrice:
      row.nextMonthlyMicros === null || row.nextMonthlyDay === null
        ? null
        : { monthlyMicros: micros(row.nextMonthlyMicros), fromDay: row.nextMonthlyDay },
    nextRentDay: rentDay,
    rentInDays: rentDay === null ? null : daysBetween(rented.today, rentDay),
    setAsideMicros: micros(row.heldMicros),
    isCovered: facts.isCovered,
    ...ladderOf(rented),
    dueMicros: dueMicros(rented),
    givenBackOn: row.releasedAtMs === null ? null : dayAt(row.releasedAtMs, rented.timeZone),
  };
}

/** late: the rents of all months that have begun. held: the month that brings it back. */
export function dueMicros({ row, today }: Pick<RentedNumber, 'row' | 'today'>): Micros {
  if (row.state === 'held') return micros(pricedOn(row, today).monthlyMicros);
  if (row.state !== 'late') return ZERO_MICROS;
  let due = 0;
  for (let day = row.rentDay; day <= today; day = nextRentDay(day, row.anchorDay)) {
    due += priceOf({ ...row, rentDay: day });
  }
  return micros(due);
}

/** Without any more credit: it works so long, and is kept so long. */
function ladderOf({ row, policy, today }: RentedNumber): Pick<OwnNumber, 'worksUntil' | 'keptUntil'> {
  const none = { worksUntil: null, keptUntil: null };
  switch (row.state) {
    case 'active': {
      if (row.rentDay === '' || priceOf(row) === 0) return none;
      // What is set aside pays one more month.
      const unpaidDay = row.heldMicros > 0 ? nextRentDay(row.rentDay, row.anchorDay) : row.rentDay;
      const worksUntil = addDays(laterDay(unpaidDay, today), policy.lateDays);
      return { worksUntil, keptUntil: addDays(worksUntil, policy.holdDays) };
    }
    case 'late':
      return { worksUntil: row.stepDay, keptUntil: row.stepDay && addDays(row.stepDay, policy.holdDays) };
    case 'held':
      return { worksUntil: null, keptUntil: row.stepDay };
    default:
      return none;
  }
}

function isPaidFor(row: NumberOwnerRow): boolean {
  return row.state === 'active' || row.state === 'late';
}

function stateOf(row: NumberOwnerRow): OwnNumber['state'] {
  const state = OWN_NUMBER_STATES.find((known) => known === row.state);
  if (state === undefined) throw new Error(`The store holds a number in the state "${row.state}"`);
  return state;
}
