/** The tables as Kysely sees them: columns in camelCase (its CamelCasePlugin writes snake_case), tables named as in SQL. */
import type { LedgerTables } from './ledger-rows.ts';
import type { Tables } from './rows.ts';

export interface Database extends Tables, LedgerTables {}
