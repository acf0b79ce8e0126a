/** The tables as Kysely sees them: columns in camelCase (its CamelCasePlugin writes snake_case), tables named as in SQL. */
import type { LedgerTables } from './ledger-rows.ts';
import type { Tables } from './rows.ts';

/** Written by Store.claim alone. */
export interface ClaimRow {
  readonly name: string;
  readonly holder: string;
  /** By the store's clock. */
  readonly untilMs: number;
}

export interface Database extends Tables, LedgerTables {
  readonly claim: ClaimRow;
}
