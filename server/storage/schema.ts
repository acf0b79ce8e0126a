/** The tables as Kysely sees them (camelCase here, snake_case in SQL by its CamelCasePlugin). */
import type { Tables } from './rows.ts';

export interface Database extends Tables {}
