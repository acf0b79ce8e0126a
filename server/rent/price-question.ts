/** Whose rents an announcement is about, and their rows. */
import type { Micros } from '../../src/protocol/money.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface PriceQuestion {
  /** Null: of all accounts. */
  readonly accountId: string | null;
  /** ISO 4217: numbers that are rented in another currency are not meant. */
  readonly currency: string;
  /** By the inventory; null: all. */
  readonly country: string | null;
  readonly type: string | null;
  /** E.164 begins so; null: all. */
  readonly prefix: string | null;
  /** One price for all of them, or for each number its own: the others are not meant then. */
  readonly monthlyMicros: Micros | ReadonlyMap<string, Micros>;
}

export interface PricedOffice {
  readonly accountId: string;
  readonly officeId: string;
  /** The account's. */
  readonly timeZone: string;
  readonly profile: string;
}

const RENTED_STATES = ['active', 'late', 'held'];
/** The character after all that a number is made of. */
const AFTER_DIGITS = ':';

export async function officesAsked(
  store: Pick<Store, 'db'>,
  question: PriceQuestion,
): Promise<readonly PricedOffice[]> {
  return await asked(store, question)
    .innerJoin('account', 'account.accountId', 'number_owner.accountId')
    .select(['number_owner.accountId', 'number_owner.officeId', 'account.timeZone', 'account.profile'])
    .distinct()
    .orderBy('number_owner.accountId')
    .orderBy('number_owner.officeId')
    .execute();
}

export async function rowsOfOffice(
  store: Pick<Store, 'db'>,
  { question, office }: { readonly question: PriceQuestion; readonly office: PricedOffice },
): Promise<readonly NumberOwnerRow[]> {
  return await asked(store, question)
    .selectAll('number_owner')
    .where('number_owner.accountId', '=', office.accountId)
    .where('number_owner.officeId', '=', office.officeId)
    .orderBy('number_owner.number')
    .execute();
}

export function priceAsked({ monthlyMicros }: PriceQuestion, number: string): Micros {
  if (typeof monthlyMicros === 'number') return monthlyMicros;
  const price = monthlyMicros.get(number);
  if (price === undefined) throw new Error(`Nobody asked for a price of ${number}`);
  return price;
}

function asked({ db }: Pick<Store, 'db'>, question: PriceQuestion) {
  const { accountId, currency, country, type, prefix, monthlyMicros } = question;
  let query = db
    .selectFrom('number_owner')
    .leftJoin('number', (join) =>
      join.onRef('number.accountId', '=', 'number_owner.accountId').onRef('number.number', '=', 'number_owner.number'),
    )
    .where('number_owner.state', 'in', RENTED_STATES)
    .where('number_owner.currency', '=', currency);
  if (accountId !== null) query = query.where('number_owner.accountId', '=', accountId);
  if (country !== null) query = query.where('number.country', '=', country);
  if (type !== null) query = query.where('number.type', '=', type);
  if (prefix !== null) {
    query = query
      .where('number_owner.number', '>=', prefix)
      .where('number_owner.number', '<', `${prefix}${AFTER_DIGITS}`);
  }
  if (typeof monthlyMicros !== 'number') query = query.where('number_owner.number', 'in', [...monthlyMicros.keys()]);
  return query;
}
