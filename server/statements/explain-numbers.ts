/** Numbers that were bought, and their rent: the reference is the number itself. */
import { micros, negateMicros } from '../../src/protocol/money.ts';
import type { StatementPart } from '../../src/protocol/statement.ts';
import type { NumberPurchaseRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { EntryExplainer, EntryFacts } from './entry-explainer.ts';

export const numberExplainer: EntryExplainer = {
  explains: (entryKind) => entryKind === 'number_purchase' || entryKind === 'number_renewal',
  factsOf: async (store, entries) => {
    const purchases = await purchasesOf(store, {
      accountId: entries[0]?.accountId ?? '',
      operationIds: entries.map(({ operationId }) => operationId),
    });
    const bought = new Map(purchases.map((purchase) => [purchase.operationId, factsOf(purchase)]));
    // Nobody in particular pays rent: it falls due by itself.
    return new Map(
      entries.map(({ operationId, reference }) => [operationId, bought.get(operationId) ?? { numberUsed: reference }]),
    );
  },
  explain: async () => null,
};

async function purchasesOf(
  { db }: Pick<Store, 'db'>,
  { accountId, operationIds }: { readonly accountId: string; readonly operationIds: readonly string[] },
): Promise<readonly NumberPurchaseRow[]> {
  return await db
    .selectFrom('number_purchase')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('operationId', 'in', operationIds)
    .execute();
}

function factsOf(purchase: NumberPurchaseRow): EntryFacts {
  const { officeId, personId, personName, number, setupMicros, firstMonthMicros, days } = purchase;
  const parts: StatementPart[] = [
    { kind: 'setup', quantity: null, unit: null, amountMicros: negateMicros(micros(setupMicros)) },
    { kind: 'month', quantity: days, unit: 'day', amountMicros: negateMicros(micros(firstMonthMicros)) },
  ];
  return {
    officeId,
    personId,
    personName,
    numberUsed: number,
    parts: parts.filter(({ amountMicros }) => amountMicros !== 0),
  };
}
