/** Which offices somebody may choose in the Credit tab (REQUIREMENTS D-13). */
import type { OfficeList } from '../../src/protocol/office.ts';
import { granted, type Outcome } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { Store } from '../storage/store.ts';

/** More offices than anybody can choose from in one list. */
const MAX_OFFICES = 500;

export async function listOffices(
  { store }: { readonly store: Pick<Store, 'db'> },
  { accountId, officeId, role }: Identity,
): Promise<Outcome<OfficeList>> {
  const ofAccount = store.db.selectFrom('office').select(['officeId', 'name']).where('accountId', '=', accountId);
  const visible = role === 'company' ? ofAccount : ofAccount.where('officeId', '=', officeId);
  return granted({ offices: await visible.orderBy('name').orderBy('officeId').limit(MAX_OFFICES).execute() });
}
