/** Departments by name (D-25). */
import type { Store } from '../storage/store.ts';
import type { StatementView } from './statement-view.ts';

export type OfficeNames = ReadonlyMap<string, string>;

export async function readOfficeNames({ db }: Pick<Store, 'db'>, { mark }: StatementView): Promise<OfficeNames> {
  const offices = await db
    .selectFrom('office')
    .select(['officeId', 'name'])
    .where('accountId', '=', mark.accountId)
    .execute();
  return new Map(offices.map(({ officeId, name }) => [officeId, name]));
}
