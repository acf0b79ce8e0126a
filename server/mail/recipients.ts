/** Who hears about an office's money: its billing people, the company's, and whom the operator named (REQUIREMENTS F-24). */
import { mayManageCredit } from '../../src/protocol/account.ts';
import type { Identity } from '../services.ts';
import type { BillingContactRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** More get no mail: somebody is testing, or the host signs nonsense. */
const MAX_RECIPIENTS = 50;
const PERSON = 'person:';

export interface OfficeOfMail {
  readonly accountId: string;
  readonly officeId: string;
}

/** Addresses without repeats, in the order of their contacts' ids. An admin who became an agent gets no more. */
export async function recipientsOf(store: Pick<Store, 'db'>, office: OfficeOfMail): Promise<readonly string[]> {
  const contacts = await store.db
    .selectFrom('billing_contact')
    .selectAll()
    .where('accountId', '=', office.accountId)
    .where((is) => is.or([is('officeId', 'is', null), is('officeId', '=', office.officeId)]))
    .orderBy('contactId')
    .execute();
  const people = await store.db
    .selectFrom('person')
    .select(['personId', 'role'])
    .where('accountId', '=', office.accountId)
    .where('role', '!=', 'agent')
    .execute();
  const admins = new Set(people.map(({ personId }) => PERSON + personId));
  const reached = contacts.filter(({ contactId }) => !contactId.startsWith(PERSON) || admins.has(contactId));
  return [...new Map(reached.map(({ email }) => [email.toLowerCase(), email])).values()].slice(0, MAX_RECIPIENTS);
}

/** Null when nothing is to be kept of the token: no address in it, or not an admin's. */
export function contactOf(identity: Identity, email: string | null): BillingContactRow | null {
  if (email === null || !mayManageCredit(identity.role)) return null;
  const { accountId, personId, officeId, role } = identity;
  return { accountId, contactId: PERSON + personId, officeId: role === 'company' ? null : officeId, email };
}

export function operatorContact(contact: {
  readonly accountId: string;
  readonly officeId: string | null;
  readonly email: string;
}): BillingContactRow {
  return { ...contact, contactId: `operator:${contact.email.toLowerCase()}` };
}
