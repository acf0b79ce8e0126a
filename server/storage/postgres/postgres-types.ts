import pg, { type CustomTypesConfig } from 'pg';

/** Money and times are bigint in PostgreSQL and numbers here. For our connections only: others in this process may think otherwise. */
export const POSTGRES_TYPES: CustomTypesConfig = {
  // The signature is the driver's own.
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? readBigint
      : pg.types.getTypeParser(oid, format as 'text')) as CustomTypesConfig['getTypeParser'],
};

/** Throws RangeError rather than to round money. */
function readBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers that are exact here`);
  return value;
}
