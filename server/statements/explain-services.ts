/** Metered services: messages, faxes, transcription, extras of calls, and whatever kinds the policy adds. */
import { micros, negateMicros } from '../../src/protocol/money.ts';
import type { Store } from '../storage/store.ts';
import { type EntryExplainer, factsByReference, referencesOf } from './entry-explainer.ts';

export const serviceExplainer: EntryExplainer = {
  // Their kinds are the policy's: what no other room explains may be one of theirs.
  explains: () => true,
  factsOf: async (store, entries) =>
    factsByReference(entries, {
      rows: await chargesOf(store, entries[0]?.accountId ?? '', referencesOf(entries)),
      referenceOf: ({ chargeId }) => chargeId,
      factsOf: ({ officeId, personId, personName, number, destination, unit, units }) => ({
        officeId,
        personId,
        personName,
        otherNumber: number,
        destination,
        durationSeconds: secondsOf(unit, units),
      }),
    }),
  explain: async (store, { accountId, reference }) => {
    const [charge] = await chargesOf(store, accountId, [reference]);
    if (charge === undefined) return null;
    const { kind, unit, units, costMicros } = charge;
    return {
      type: 'parts',
      parts: [{ kind, quantity: units, unit, amountMicros: negateMicros(micros(costMicros)) }],
    };
  },
};

async function chargesOf({ db }: Pick<Store, 'db'>, accountId: string, chargeIds: readonly string[]) {
  return await db
    .selectFrom('service_charge')
    .select([
      'chargeId',
      'officeId',
      'personId',
      'personName',
      'number',
      'destination',
      'kind',
      'unit',
      'units',
      'costMicros',
    ])
    .where('accountId', '=', accountId)
    .where('chargeId', 'in', chargeIds)
    .execute();
}

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60 };

function secondsOf(unit: string, units: number): number {
  return units * (SECONDS[unit] ?? 0);
}
