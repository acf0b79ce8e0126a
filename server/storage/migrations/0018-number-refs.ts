import type { Migration } from './migration.ts';

/**
 * The carrier's own id of a number that is ours there, so that what is given back is that very number and not the same digits, bought again
 * since. Numbers from before have none: it is looked up and written before they are given back.
 */
export const numberRefs: Migration = {
  name: 'number refs',
  sqlite: `
ALTER TABLE number_owner ADD COLUMN number_ref TEXT;
ALTER TABLE number_order ADD COLUMN number_ref TEXT;
`,
  postgres: `
ALTER TABLE number_owner ADD COLUMN number_ref text COLLATE "C";
ALTER TABLE number_order ADD COLUMN number_ref text COLLATE "C";
`,
};
