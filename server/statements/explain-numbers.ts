/**
 * Numbers that were bought, and their rent: the reference is the number itself. Rent falls due by itself; whose item it is (L-21) is who
 * bought the number, which never changes. To whom it is assigned does, and a statement must say the same whenever it is made again.
 */
import { micros, negateMicros } from '../../src/protocol/money.ts';
import type { StatementPart } from '../../src/protocol/statement.ts';
import type { NumberPurchaseRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import type { EntryExplainer, EntryFacts } from './entry-explainer.ts';
import type { WalletEntry } from './wallet-entries.ts';

export const numberExplainer: EntryExplainer = {
  explains: (entryKind) => entryKind === 'number_purchase' || entryKind === 'number_renewal',
  factsOf: async (store, entries) => {
    const purchases = await purchasesOf(store, {
      accountId: entries[0]?.accountId ?? '',
      operationIds: [...new Set(entries.flatMap(purchaseOperations))],
    });
    const bought = new Map(purchases.map((purchase) => [purchase.operationId, purchase]));
    return new Map(
      entries.map((entry) => {
        const purchase = purchaseOperations(entry).flatMap((operationId) => bought.get(operationId) ?? [])[0];
        return [entry.operationId, purchase ? factsOf(purchase, entry) : { numberUsed: entry.reference }];
      }),
    );
  },
  explain: async () => null,
};

/** "rent:<number>:<purchase>:<day>" and "restore:<number>:<purchase>:<change>" (server/rent/collect-rent.ts). */
const RENT_OPERATION = /^(?:rent|restore):[^:]+:(.+):[^:]+$/;

/** As which the purchase was written down: of our own numbers, or of a carrier's (server/numbers/order-rows.ts). */
function purchaseOperations({ operationId }: WalletEntry): readonly string[] {
  const purchaseId = RENT_OPERATION.exec(operationId)?.[1];
  return purchaseId === undefined ? [operationId] : [`purchase:${purchaseId}`, `purchase:${purchaseId}:bought`];
}

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

function factsOf(purchase: NumberPurchaseRow, { operationId, reference }: WalletEntry): EntryFacts {
  const { officeId, personId, personName, number, setupMicros, firstMonthMicros, days } = purchase;
  // Of rent only who: the number may be another office's by now, which is that of the wallet that pays.
  if (purchase.operationId !== operationId) return { personId, personName, numberUsed: reference };
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
