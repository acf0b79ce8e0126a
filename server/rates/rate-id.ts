import type { Rate } from '../../src/protocol/rate.ts';

/** The id says what the rate is for, so that it stays the same from import to import and is unique in a deck. */
export function rateIdOf(
  prefix: string,
  terms: Pick<Rate, 'service' | 'direction' | 'licence' | 'effectiveFromMs'>,
): string {
  const licence = terms.licence === null ? '' : `/${terms.licence}`;
  const since = terms.effectiveFromMs === null ? '' : `@${terms.effectiveFromMs}`;
  return `${terms.service ?? terms.direction}/${prefix}${licence}${since}`;
}
