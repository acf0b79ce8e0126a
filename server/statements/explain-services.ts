/** Metered services: messages, faxes, transcription, extras of calls, and whatever kinds the policy adds. */
import { micros, negateMicros } from '../../src/protocol/money.ts';
import { priceCall } from '../../src/protocol/price.ts';
import { tariffSchema } from '../../src/protocol/rate.ts';
import { tariffCharges } from '../../src/protocol/tariff-charges.ts';
import type { Store } from '../storage/store.ts';
import { type EntryExplainer, factsByReference, referencesOf } from './entry-explainer.ts';

/** Far more than a call has. */
const MAX_EXTRAS = 50;

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
  related: async (store, { accountId, reference }) => {
    const [charge] = await chargesOf(store, accountId, [reference]);
    if (charge === undefined || charge.callId === null) return [];
    return [charge.callId, ...(await extrasOf(store, { accountId, callId: charge.callId }))];
  },
  explain: async (store, { accountId, reference }) => {
    const [charge] = await chargesOf(store, accountId, [reference]);
    if (charge === undefined) return null;
    const { kind, unit, units, costMicros } = charge;
    const part = { kind, quantity: units, unit, amountMicros: negateMicros(micros(costMicros)) };
    return { type: 'parts', parts: [part], price: priceOf(charge) };
  },
};

/** What the units cost by the rate that was agreed; its seconds are units, and it has no times of day. */
function priceOf({ rate, units }: { readonly rate: string; readonly units: number }) {
  const tariff = tariffSchema.parse(JSON.parse(rate));
  const priced = { startedAtMs: 0, durationSeconds: units };
  const { connectionFeeMicros, charges } = tariffCharges(tariff, priced);
  return {
    connectionFeeMicros: micros(connectionFeeMicros),
    steps: charges.map(({ step, atSecond, increments }) => ({ ...step, atSecond, increments })),
    rounding: tariff.rounding,
    priceMicros: priceCall(tariff, priced),
  };
}

/** Ids of the extras of a call, by which their entries are referred to. */
export async function extrasOf(
  { db }: Pick<Store, 'db'>,
  { accountId, callId }: { readonly accountId: string; readonly callId: string },
): Promise<readonly string[]> {
  const charges = await db
    .selectFrom('service_charge')
    .select('chargeId')
    .where('accountId', '=', accountId)
    .where('callId', '=', callId)
    .limit(MAX_EXTRAS)
    .execute();
  return charges.map(({ chargeId }) => chargeId);
}

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
      'callId',
      'rate',
    ])
    .where('accountId', '=', accountId)
    .where('chargeId', 'in', chargeIds)
    .execute();
}

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60 };

function secondsOf(unit: string, units: number): number {
  return units * (SECONDS[unit] ?? 0);
}
