/** No table changes: an extend can name its minimum, and PostgreSQL's functions are written anew after a migration. */
import type { Migration } from './migration.ts';

export const extendInFull: Migration = {
  name: 'extend in full',
  sqlite: 'SELECT 1;',
  postgres: 'SELECT 1;',
};
