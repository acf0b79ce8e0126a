import type { BillingTermsRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

/** How the account pays; null: by card, which need not be confirmed. */
export async function readTerms(
  store: Pick<Store, 'db'>,
  { accountId }: { readonly accountId: string },
): Promise<BillingTermsRow | null> {
  const row = await store.db
    .selectFrom('billing_terms')
    .selectAll()
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return row ?? null;
}
