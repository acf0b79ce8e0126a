/** By whose rules an account goes. Servers on the store follow within a second (office-directory.ts). */
import type { Profile } from '../policy/profile.ts';
import type { Store } from '../storage/store.ts';

/** False when there is no such account. */
export async function changeProfile(
  store: Pick<Store, 'db' | 'writeRows'>,
  { accountId, profile }: { readonly accountId: string; readonly profile: Profile },
): Promise<boolean> {
  const account = await store.db
    .selectFrom('account')
    .selectAll()
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  if (!account) return false;
  const { applied } = await store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, profile } }]);
  return applied;
}
