/** Credit that was paid for, and what went back of it: who paid, and by which card. */
import * as z from 'zod/mini';
import type { Store } from '../storage/store.ts';
import { type EntryExplainer, factsByReference, referencesOf } from './entry-explainer.ts';

const PAYMENT_KINDS: ReadonlySet<string> = new Set([
  'top_up',
  'auto_recharge',
  'payment_refund',
  'payment_dispute',
  'payment_return',
]);
const cardSchema = z.object({ brand: z.string(), last4: z.string() });

export const paymentExplainer: EntryExplainer = {
  explains: (entryKind) => PAYMENT_KINDS.has(entryKind),
  factsOf: async (store, entries) =>
    factsByReference(entries, {
      rows: await paymentsOf(store, entries[0]?.accountId ?? '', referencesOf(entries)),
      referenceOf: ({ paymentId }) => paymentId,
      factsOf: ({ officeId, personId, personName }) => ({ officeId, personId, personName }),
    }),
  explain: async (store, { accountId, reference }) => {
    const [payment] = await paymentsOf(store, accountId, [reference]);
    if (payment === undefined) return null;
    const card = payment.card === null ? null : cardSchema.parse(JSON.parse(payment.card));
    return { type: 'payment', paymentId: payment.paymentId, card: card && `${card.brand} ${card.last4}` };
  },
};

async function paymentsOf({ db }: Pick<Store, 'db'>, accountId: string, paymentIds: readonly string[]) {
  return await db
    .selectFrom('payment')
    .select(['paymentId', 'officeId', 'personId', 'personName', 'card'])
    .where('accountId', '=', accountId)
    .where('paymentId', 'in', paymentIds)
    .execute();
}
