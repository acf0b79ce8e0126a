/** Who of the same account is behind a short number or one of the account's own numbers: such calls never leave the house (D-01). */
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import type { PersonRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface ColleagueQuery {
  readonly accountId: string;
  readonly number: DialableNumber;
  /** The caller: a call to oneself is no call. */
  readonly callerId: string;
}

export async function findColleague(store: Store, query: ColleagueQuery): Promise<PersonRow | null> {
  return query.number.startsWith('+') ? await behindOwnNumber(store, query) : await behindExtension(store, query);
}

async function behindExtension(store: Store, query: ColleagueQuery): Promise<PersonRow | null> {
  const person = await store.db
    .selectFrom('person')
    .selectAll()
    .where('accountId', '=', query.accountId)
    .where('extension', '=', query.number)
    .where('personId', '!=', query.callerId)
    .executeTakeFirst();
  return person ?? null;
}

/** It rings whom it is assigned to; a number that is everybody's rings whoever of its office was seen last. */
async function behindOwnNumber(store: Store, query: ColleagueQuery): Promise<PersonRow | null> {
  const person = await store.db
    .selectFrom('number_owner')
    .innerJoin('person', (join) =>
      join
        .onRef('person.accountId', '=', 'number_owner.accountId')
        .onRef('person.officeId', '=', 'number_owner.officeId'),
    )
    .selectAll('person')
    .where('number_owner.accountId', '=', query.accountId)
    .where('number_owner.number', '=', query.number)
    .where('number_owner.state', 'in', ['active', 'late'])
    .where((is) =>
      is.or([is('number_owner.personId', 'is', null), is('number_owner.personId', '=', is.ref('person.personId'))]),
    )
    .where('person.personId', '!=', query.callerId)
    .orderBy('person.seenAtMs', 'desc')
    .executeTakeFirst();
  return person ?? null;
}

/** What a colleague sees as the number of a caller in the house: the extension to call back. */
export async function extensionOf(
  store: Store,
  person: { readonly accountId: string; readonly personId: string },
): Promise<string | null> {
  const known = await store.db
    .selectFrom('person')
    .select('extension')
    .where('accountId', '=', person.accountId)
    .where('personId', '=', person.personId)
    .executeTakeFirst();
  return known?.extension ?? null;
}
