import type { Migration } from './migration.ts';

/** Laid ahead, so that several rooms can be built at the same time in one order of migrations. */
export const numberRent: Migration = { name: 'number rent', sqlite: '', postgres: '' };
