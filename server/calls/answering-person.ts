/** Whose phone rings when a number of the account is called, and whether it may: the edge names somebody, the assignment decides. */
import { type DialableNumber, dialableNumber } from '../../src/protocol/phone-number.ts';
import { type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { NumberOwnerRow, PersonRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { findColleague } from './find-colleague.ts';

export interface CalledLine {
  /** As the edge has it. */
  readonly person: PersonRow;
  /** Null for a call to an extension. */
  readonly calledNumber: string | null;
}

/** A number that is not one of the account's rings whom the edge named; so does one that is everybody's of that person's office. */
export async function answeringPerson(store: Store, { person, calledNumber }: CalledLine): Promise<Outcome<PersonRow>> {
  const called = calledNumber === null ? null : dialableNumber(calledNumber);
  if (called === null) return { ok: true, value: person };
  const owner = await readOwner(store, { accountId: person.accountId, number: called });
  if (owner === null || owner.state === 'returned') return { ok: true, value: person };
  if (owner.state === 'returning') return refused(refusal('number_unknown'));
  if (owner.state === 'held') return refused(refusal('number_on_hold'));
  const isRight = owner.personId === null ? owner.officeId === person.officeId : owner.personId === person.personId;
  if (isRight) return { ok: true, value: person };
  const { accountId } = person;
  return { ok: true, value: (await findColleague(store, { accountId, number: called, callerId: '' })) ?? person };
}

async function readOwner(
  store: Store,
  { accountId, number }: { readonly accountId: string; readonly number: DialableNumber },
): Promise<Pick<NumberOwnerRow, 'state' | 'officeId' | 'personId'> | null> {
  const owner = await store.db
    .selectFrom('number_owner')
    .select(['state', 'officeId', 'personId'])
    .where('number', '=', number)
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return owner ?? null;
}
