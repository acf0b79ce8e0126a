import { type RawBuilder, sql } from 'kysely';

/** `priceOf` of decide-rent.ts for a query over number_owner, so that an announced price is reckoned with there, too. */
export const PRICE_IN_QUERY: RawBuilder<number> = sql<number>`case
  when ${sql.ref('number_owner.rentDay')} >= ${sql.ref('number_owner.nextMonthlyDay')} then ${sql.ref('number_owner.nextMonthlyMicros')}
  else ${sql.ref('number_owner.monthlyMicros')}
end`;
