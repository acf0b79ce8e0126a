/** What must be true of metered services and added credit after any kill, once nothing is under way. */
import type { ServiceChargeRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import type { Acknowledged } from './killed-load.ts';

export async function serviceFaults({ db }: Pick<Store, 'db'>, acknowledged: Acknowledged): Promise<readonly string[]> {
  const rows = await db.selectFrom('service_charge').selectAll().execute();
  const entries = await db
    .selectFrom('entry')
    .select(['entryKind', 'reference', 'amountMicros'])
    .where('ledgerAccount', '=', 'wallet')
    .where('amountMicros', '!=', 0)
    .execute();
  const charges = amountsOf(entries.filter(({ entryKind }) => entryKind.startsWith('service_')));
  const credits = amountsOf(entries.filter(({ entryKind }) => entryKind === 'play_credit'));
  const byId = new Map(rows.map((row) => [row.chargeId, row]));
  return [
    ...rows.flatMap((row) => rowFaults(row, charges.get(row.chargeId) ?? [])),
    ...[...charges.keys()]
      .filter((chargeId) => !byId.has(chargeId))
      .map((chargeId) => `${chargeId} is only in the book`),
    ...acknowledgedFaults(byId, acknowledged),
    ...[...acknowledged.credits]
      .filter(([creditId, { amountMicros }]) => String(credits.get(creditId)) !== String(amountMicros))
      .map(([creditId]) => `the credit ${creditId} stands in the book as [${credits.get(creditId)}]`),
  ];
}

type Amounts = ReadonlyMap<string, readonly number[]>;

function amountsOf(entries: readonly { readonly reference: string; readonly amountMicros: number }[]): Amounts {
  const amounts = new Map<string, number[]>();
  for (const { reference, amountMicros } of entries) {
    amounts.set(reference, [...(amounts.get(reference) ?? []), amountMicros]);
  }
  return amounts;
}

function rowFaults(row: ServiceChargeRow, charged: readonly number[]): readonly string[] {
  const { chargeId, status, costMicros } = row;
  if (status === 'authorized') return [`${chargeId} still holds credit`];
  const expected = status === 'settled' && costMicros > 0 ? [-costMicros] : [];
  return String(charged) === String(expected) ? [] : [`${chargeId} is ${status} and was charged [${charged}]`];
}

/** What the host was told holds: units and cost, to the micro. */
function acknowledgedFaults(
  rows: ReadonlyMap<string, ServiceChargeRow>,
  { settled, givenBack }: Acknowledged,
): readonly string[] {
  const changed = [...settled].flatMap(([chargeId, told]) => {
    const row = rows.get(chargeId);
    const isSame = row?.status === 'settled' && row.units === told.units && row.costMicros === told.costMicros;
    return isSame ? [] : [`${chargeId} was settled at ${told.costMicros} and is ${row?.status} at ${row?.costMicros}`];
  });
  const kept = [...givenBack].filter((chargeId) => !['released', 'expired'].includes(rows.get(chargeId)?.status ?? ''));
  return [...changed, ...kept.map((chargeId) => `${chargeId} was given back and is ${rows.get(chargeId)?.status}`)];
}
