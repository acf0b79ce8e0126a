import type { Identity } from '../services.ts';
import type { Store } from '../storage/store.ts';
import { contactOf } from './recipients.ts';

/** Keeps the address that an admin's token carries, for mail about money. Written when it is news only. */
export async function keepContact(store: Pick<Store, 'db' | 'writeRows'>, identity: Identity): Promise<void> {
  const row = contactOf(identity, identity.email ?? null);
  if (row === null) return;
  const known = await store.db
    .selectFrom('billing_contact')
    .selectAll()
    .where('accountId', '=', row.accountId)
    .where('contactId', '=', row.contactId)
    .executeTakeFirst();
  if (known?.email === row.email && known.officeId === row.officeId) return;
  await store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
}
