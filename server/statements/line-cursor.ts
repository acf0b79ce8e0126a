import type { LinePosition } from './line-query.ts';

const CURSOR = /^(-?\d{1,16})\.(\d{1,15})$/;

/** Where a page ended: what it is sorted by, and the sequence of its last line. */
export function lineCursor({ key, sequence }: LinePosition): string {
  return `${key}.${sequence}`;
}

/** A cursor that is none of ours begins at the first page. */
export function readLineCursor(cursor: string): LinePosition | null {
  const [, key, sequence] = CURSOR.exec(cursor) ?? [];
  return key === undefined || sequence === undefined ? null : { key: Number(key), sequence: Number(sequence) };
}
