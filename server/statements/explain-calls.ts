/** Calls, in and out: rated by the rate that was agreed when they began (F-05, complaint 30). */
import { micros } from '../../src/protocol/money.ts';
import { priceCall } from '../../src/protocol/price.ts';
import { type Rate, rateSchema } from '../../src/protocol/rate.ts';
import type { StatementExplanation } from '../../src/protocol/statement.ts';
import { tariffCharges } from '../../src/protocol/tariff-charges.ts';
import { callingCodeOf } from '../read-number.ts';
import type { CallRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type EntryExplainer, factsByReference, referencesOf } from './entry-explainer.ts';
import { extrasOf } from './explain-services.ts';
import { FOREIGN_MOBILE } from './group-title.ts';

export const callExplainer: EntryExplainer = {
  explains: (entryKind) => entryKind === 'outbound_call' || entryKind === 'inbound_call',
  factsOf: async ({ db }, entries) => {
    const rows = await db
      .selectFrom('call')
      .select([
        'callId',
        'officeId',
        'personId',
        'personName',
        'callerNumber',
        'number',
        'destination',
        'kind',
        'durationSeconds',
      ])
      .where('accountId', '=', entries[0]?.accountId ?? '')
      .where('callId', 'in', referencesOf(entries))
      .execute();
    const countries = await countriesOf(db, entries[0]?.accountId ?? '');
    return factsByReference(entries, {
      rows,
      referenceOf: ({ callId }) => callId,
      factsOf: ({ callerNumber, number, kind, ...row }) => ({
        ...row,
        subKind: isForeignMobile({ kind, number, country: countries.get(row.officeId) }) ? FOREIGN_MOBILE : kind,
        // In the row of an inbound call the caller is `number`, and the own number that was called `callerNumber`.
        numberUsed: callerNumber,
        otherNumber: number,
      }),
    });
  },
  related: (store, { accountId, reference }) => extrasOf(store, { accountId, callId: reference }),
  explain: async (store, line) => {
    const row = await readCall(store, line);
    return row?.answeredAtMs == null ? null : explanationOf(row, row.answeredAtMs);
  },
};

/** Of each office. */
async function countriesOf(db: Store['db'], accountId: string): Promise<ReadonlyMap<string, string>> {
  const offices = await db
    .selectFrom('office')
    .select(['officeId', 'country'])
    .where('accountId', '=', accountId)
    .execute();
  return new Map(offices.map(({ officeId, country }) => [officeId, country]));
}

/** A deck has one word for a destination, but a mobile phone abroad is both: D-25 counts it among the international calls. */
function isForeignMobile(call: {
  readonly kind: string;
  readonly number: string;
  readonly country: string | undefined;
}): boolean {
  const code = call.country === undefined ? null : callingCodeOf(call.country);
  return call.kind === 'mobile' && code !== null && call.number.startsWith('+') && !call.number.startsWith(`+${code}`);
}

async function readCall(
  { db }: Pick<Store, 'db'>,
  { accountId, reference }: { readonly accountId: string; readonly reference: string },
): Promise<CallRow | undefined> {
  return await db
    .selectFrom('call')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('callId', '=', reference)
    .executeTakeFirst();
}

function explanationOf(row: CallRow, answeredAtMs: number): StatementExplanation {
  const rate: Rate = rateSchema.parse(JSON.parse(row.rate));
  const call = { startedAtMs: answeredAtMs, durationSeconds: row.durationSeconds };
  const { connectionFeeMicros, charges } = tariffCharges(rate, call);
  return {
    type: 'call',
    direction: rate.direction,
    rateKind: rate.kind,
    destination: row.destination,
    answeredAtMs,
    durationSeconds: row.durationSeconds,
    billedSeconds: row.billedSeconds,
    connectionFeeMicros: micros(connectionFeeMicros),
    steps: charges.map(({ step, atSecond, increments }) => ({ ...step, atSecond, increments })),
    rounding: rate.rounding,
    priceMicros: priceCall(rate, call),
    chargedMicros: micros(row.costMicros),
  };
}
