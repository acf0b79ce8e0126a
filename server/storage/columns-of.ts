/**
 * The columns of row types at run time, for stores that write rows by hand-made statements. The compiler holds them complete: a column
 * added to a row type and forgotten there does not compile.
 *
 * 'key': part of the primary key. 'owner': whose row it is, where the key alone is unique over all owners; never changes.
 */
export type ColumnsOf<Tables> = {
  readonly [Name in keyof Tables]: { readonly [Column in keyof Tables[Name]]-?: 'key' | 'owner' | 'value' };
};
