/** Alerts that still hold, and their end. */
import { type Alert, alertFactsSchema } from '../../src/protocol/alert.ts';
import type { AlertRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export function alertOf(row: AlertRow): Alert {
  const { alertId, officeId, atMs, isOver, version } = row;
  return { alertId, officeId, atMs, facts: alertFactsSchema.parse(JSON.parse(row.facts)), isOver, version };
}

export interface AlertAddress {
  readonly accountId: string;
  readonly alertId: string;
}

export async function readAlert(
  store: Pick<Store, 'db'>,
  { accountId, alertId }: AlertAddress,
): Promise<AlertRow | null> {
  const row = await store.db
    .selectFrom('alert')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('alertId', '=', alertId)
    .executeTakeFirst();
  return row ?? null;
}

/** Takes it off the screens. Empty when it is over already, or was put away with old rows. */
export async function overWrites(
  store: Pick<Store, 'db'>,
  { atMs, ...address }: AlertAddress & { readonly atMs: number },
): Promise<readonly RowWrite[]> {
  const row = await readAlert(store, address);
  if (row === null || row.isOver) return [];
  return [
    {
      table: 'alert',
      mode: 'next_version',
      row: { ...row, isOver: true, shownDueAtMs: atMs, version: row.version + 1 },
    },
  ];
}
