/** When the call of a vector begins. Vectors without a date mean any day, without a zone the tariff's own. */
import { zoneOffsetMs } from '../../../src/protocol/tariff-clock.ts';
import { Unsupported } from './vector.ts';

/** A Monday. */
const ANY_DAY = '2024-01-01';

/** "2012-02-02T17:30:00Z", "2010-10-01T23:00:00", "2015-03-29 03:26:00", "21:57:13", "01:00 local"; any moment when absent. */
export function startedAtMs(start: string | undefined, timeZone: string): number {
  const match =
    /^(\d{4}-\d{2}-\d{2})?[T ]?(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?(?:\s*local)?$/.exec(
      start?.trim() ?? '',
    );
  if (!match) throw new Unsupported(`the start "${start}" is no date or time`);
  const [, day = ANY_DAY, time = '12:00:00', zone] = match;
  const moment = Date.parse(`${day}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(moment)) throw new Unsupported(`the start "${start}" is no date or time`);
  return zone === undefined ? fromLocal(moment, timeZone) : moment;
}

/** Local time written as if it were UTC -> the moment; the second look is for starts next to a change of the offset. */
function fromLocal(localMs: number, timeZone: string): number {
  const guess = localMs - zoneOffsetMs(timeZone, localMs);
  return localMs - zoneOffsetMs(timeZone, guess);
}
