/** What of an extra is counted, and the id of its charge: one of each kind a call. */
import { SECONDS_PER_MINUTE } from '../../src/protocol/duration.ts';
import { MAX_SERVICE_UNITS } from '../../src/protocol/service.ts';
import type { CallExtra } from '../calls/call-extras.ts';
import type { CallRow } from '../storage/rows.ts';

/** No host can make such an id. */
export function extraId({ callId }: Pick<CallRow, 'callId'>, kind: string): string {
  return `${callId}.${kind}`;
}

/** All of one kind, each rounded by itself. */
export function unitsInAll(extras: readonly CallExtra[], counted: { readonly unit: string }): number {
  const units = extras.reduce((sum, extra) => sum + unitsOf(extra, counted), 0);
  return Math.min(MAX_SERVICE_UNITS, units);
}

/** Seconds become begun minutes where minutes are counted; what is counted by events happened once. */
function unitsOf(extra: CallExtra, { unit }: { readonly unit: string }): number {
  if ('units' in extra) return extra.units;
  if (unit === 'second') return extra.durationSeconds;
  return unit === 'minute' ? Math.ceil(extra.durationSeconds / SECONDS_PER_MINUTE) : 1;
}
