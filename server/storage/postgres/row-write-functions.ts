/**
 * Database functions that write rows of rows.ts, made from TABLE_COLUMNS. They are functions so that a group of writes, or the rows
 * that come along with operations, take one round trip, and all or none of them are written. Written anew after every migration.
 *
 *   write_row('call', 'insert', '{"call_id": ...}')              true when written, false for a conflict
 *   write_rows('[["call", "insert", {...}], ...]')               all or none; the table of the first conflict, or null
 *   write_row_groups('[[["call", "insert", {...}]], [...]]')     write_rows for each group; a JSON array of its answers
 */
import type { RowWrite, Tables } from '../rows.ts';
import { sqlName, TABLE_COLUMNS } from '../table-columns.ts';

/** SQLSTATE with which write_rows undoes what it has begun; never leaves it. */
const CONFLICT = 'CPROW';

export const ROW_WRITE_FUNCTIONS: readonly string[] = [writeRow(), writeRows(), writeRowGroups()];

/** What the functions take: one group of writes that belong together. */
export function rowWritesJson(writes: readonly RowWrite[]): string {
  return `[${writes.map((write) => `["${write.table}","${write.mode}",${fieldsJson(write)}]`).join(',')}]`;
}

function fieldsJson({ table, row }: RowWrite): string {
  // The row is one of Tables[table], whose names are exactly those of TABLE_COLUMNS[table].
  const fields = row as unknown as Readonly<Record<string, string | number | boolean | null>>;
  const named = Object.keys(TABLE_COLUMNS[table]).map((name) => {
    const value = fields[name];
    if (value === undefined) throw new TypeError('A row lacks a column');
    return [sqlName(name), typeof value === 'string' ? postgresText(value) : value] as const;
  });
  return JSON.stringify(Object.fromEntries(named));
}

/** PostgreSQL has no U+0000 in a text, and UTF-8 has no half of a surrogate pair: both become U+FFFD, as browsers do it. */
export function postgresText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function writeRow(): string {
  const tables = Object.keys(TABLE_COLUMNS) as (keyof Tables)[];
  const branches = tables.flatMap((table) => [
    `WHEN '${table} insert' THEN ${insertSql(table)} ON CONFLICT DO NOTHING;`,
    ...(hasValues(table) ? [`WHEN '${table} upsert' THEN ${withoutViolation(upsertSql(table))}`] : []),
    ...('version' in TABLE_COLUMNS[table] ? [`WHEN '${table} next_version' THEN ${nextVersionSql(table)};`] : []),
  ]);
  return `
CREATE OR REPLACE FUNCTION write_row(row_table text, row_mode text, row_fields jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  CASE row_table || ' ' || row_mode
  ${branches.join('\n  ')}
  END CASE;
  RETURN FOUND;
END $$`;
}

function writeRows(): string {
  return `
CREATE OR REPLACE FUNCTION write_rows(writes jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  one jsonb;
BEGIN
  -- One row that was not written needs nothing undone, and is the hot path: no subtransaction.
  IF jsonb_array_length(writes) = 1 THEN
    RETURN CASE WHEN write_row(writes->0->>0, writes->0->>1, writes->0->2) THEN NULL ELSE writes->0->>0 END;
  END IF;
  BEGIN
    FOR one IN SELECT value FROM jsonb_array_elements(writes) LOOP
      IF NOT write_row(one->>0, one->>1, one->2) THEN RAISE EXCEPTION USING ERRCODE = '${CONFLICT}'; END IF;
    END LOOP;
    RETURN NULL;
  EXCEPTION WHEN SQLSTATE '${CONFLICT}' THEN
    RETURN one->>0;
  END;
END $$`;
}

function writeRowGroups(): string {
  return `
CREATE OR REPLACE FUNCTION write_row_groups(write_groups jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  one jsonb;
  conflicts jsonb := '[]';
BEGIN
  FOR one IN SELECT value FROM jsonb_array_elements(write_groups) LOOP
    conflicts := conflicts || jsonb_build_array(write_rows(one));
  END LOOP;
  RETURN conflicts;
END $$`;
}

interface Column {
  readonly sql: string;
  readonly part: 'key' | 'owner' | 'value';
}

function columnsOf(table: keyof Tables): readonly Column[] {
  return Object.entries(TABLE_COLUMNS[table]).map(([name, part]) => ({ sql: sqlName(name), part }));
}

/** Rows that are all key are only ever inserted. */
function hasValues(table: keyof Tables): boolean {
  return columnsOf(table).some(({ part }) => part === 'value');
}

function insertSql(table: keyof Tables): string {
  const names = columnsOf(table)
    .map(({ sql }) => sql)
    .join(', ');
  return `INSERT INTO ${table}(${names}) SELECT ${names} FROM jsonb_populate_record(NULL::${table}, row_fields)`;
}

/**
 * Another unique index in the way is a conflict, too. The second try is for a row of the same key that somebody else was inserting:
 * it is there by then, and is updated.
 */
function withoutViolation(upsert: string): string {
  return `
    FOR tries IN 1..2 LOOP
      BEGIN
        ${upsert};
        RETURN FOUND;
      EXCEPTION WHEN unique_violation THEN
        NULL;
      END;
    END LOOP;
    RETURN false;`;
}

/** Not an update, so a conflict: the row is another owner's. */
function upsertSql(table: keyof Tables): string {
  const columns = columnsOf(table);
  const keys = columns.filter(({ part }) => part === 'key').map(({ sql }) => sql);
  const sets = columns.filter(({ part }) => part === 'value').map(({ sql }) => `${sql} = excluded.${sql}`);
  const owners = columns.filter(({ part }) => part === 'owner').map(({ sql }) => `${table}.${sql} = excluded.${sql}`);
  return (
    `${insertSql(table)} ON CONFLICT(${keys.join(', ')}) DO UPDATE SET ${sets.join(', ')}` +
    (owners.length === 0 ? '' : ` WHERE ${owners.join(' AND ')}`)
  );
}

function nextVersionSql(table: keyof Tables): string {
  const columns = columnsOf(table);
  const sets = columns.filter(({ part }) => part === 'value').map(({ sql }) => `${sql} = next.${sql}`);
  const same = columns.filter(({ part }) => part !== 'value').map(({ sql }) => `${table}.${sql} = next.${sql}`);
  return (
    `UPDATE ${table} SET ${sets.join(', ')} FROM jsonb_populate_record(NULL::${table}, row_fields) AS next ` +
    `WHERE ${same.join(' AND ')} AND ${table}.version = next.version - 1`
  );
}
