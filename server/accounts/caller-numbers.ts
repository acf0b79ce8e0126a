/** Which numbers somebody may show when calling: those of the office that are assigned to nobody else. */
import type { Office } from './office-directory.ts';

/** One's own first, then the office's, each in the order in which they were bought. */
export function callerNumbersOf({ ownNumbers }: Pick<Office, 'ownNumbers'>, personId: string): readonly string[] {
  const own = ownNumbers.filter((number) => number.personId === personId);
  const ofOffice = ownNumbers.filter((number) => number.personId === null);
  return [...own, ...ofOffice].map(({ number }) => number);
}
