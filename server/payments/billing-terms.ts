import type { BillingTermsRow, RowWrite } from '../storage/rows.ts';
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

/** Of an account that nobody has set terms for. */
export function termsByCard(accountId: string): BillingTermsRow {
  const none = { isInvoiced: false, ceilingMicros: 0, openMicros: 0, isConfirmationNeeded: false };
  return { accountId, ...none, buyerLines: '[]', version: 0 };
}

/** So much more is open; written along with what it is owed for. */
export function openedTermsWrite(
  terms: BillingTermsRow | null,
  { accountId, amountMicros }: { readonly accountId: string; readonly amountMicros: number },
): RowWrite {
  const before = terms ?? termsByCard(accountId);
  const row = { ...before, openMicros: before.openMicros + amountMicros, version: before.version + 1 };
  return { table: 'billing_terms', mode: terms === null ? 'insert' : 'next_version', row };
}
